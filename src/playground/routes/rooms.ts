import { Router } from "express";
import {
  createRoom,
  deleteRoom,
  listRooms,
  presentRoom,
  requireMembership,
  updateRoom,
} from "../webex/rooms";
import type { Webex } from "../webex/webex";
import { answer, noContent } from "./call";
import { methodNotAllowed } from "./method-not-allowed";
import { page } from "./paging";

/** `/rooms` */
export function roomRoutes(webex: Webex): Router {
  const router = Router();
  router
    .route("/")
    .get(
      answer(webex, (call) => {
        const shown = page(call, listRooms(webex, call.caller, call.query));
        return { items: shown.items.map((room) => presentRoom(webex, room, call.caller.id)) };
      }),
    )
    .post(answer(webex, (call) => createRoom(webex, call.caller, call.body())))
    .all(methodNotAllowed);
  router
    .route("/:id")
    .get(
      answer(webex, (call) => {
        const { room } = requireMembership(webex, call.caller, call.id);
        return presentRoom(webex, room, call.caller.id);
      }),
    )
    .put(answer(webex, (call) => updateRoom(webex, call.caller, call.id, call.body())))
    .delete(
      answer(webex, (call) => {
        deleteRoom(webex, call.caller, call.id);
        return noContent;
      }),
    )
    .all(methodNotAllowed);
  return router;
}
