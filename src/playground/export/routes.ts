import { Router } from "express";
import { exportTest, type Recording } from "./export";
import type { Project } from "./test-file";

/** `GET /export?roomId=…`: what happened in a room, as a test file to be saved. */
export function exportRoutes(recording: Recording, project: Project): Router {
  const router = Router();
  router.get("/export", ({ query }, response) => {
    const file = exportTest(recording, String(query.roomId), project);
    if (file === undefined) {
      response.status(404).json({ message: "There is no such room." });
      return;
    }
    response.attachment("conversation.test.ts").type("text/plain").send(file);
  });
  return router;
}
