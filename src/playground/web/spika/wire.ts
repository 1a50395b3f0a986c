import { JsonObject } from "../json";

/** Somebody in a room, a bot too. */
export interface SpikaUser {
  readonly id: number;
  readonly name: string;
  readonly isBot: boolean;
}

export interface SpikaRoom {
  readonly id: number;
  /** Empty in private rooms. */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly members: readonly SpikaUser[];
}

export interface SpikaFile {
  readonly id: number;
  readonly name: string;
  readonly type: string;
}

export interface SpikaMessage {
  readonly id: number;
  readonly roomId: number;
  readonly fromUserId: number;
  /** `"text"`, `"image"`, …: an open list. */
  readonly type: string;
  readonly text: string;
  readonly file: SpikaFile | undefined;
  /** The message that is quoted. */
  readonly quoted: { readonly fromUserId: number; readonly text: string } | undefined;
  /** In milliseconds since 1970. */
  readonly createdAt: number;
}

export function parseRoom(value: unknown): SpikaRoom {
  const room = new JsonObject("Spika room", value);
  return {
    id: room.number("id"),
    name: room.string("name"),
    isPrivate: room.string("type") === "private",
    members: room.list("members", (item) => {
      const user = new JsonObject("Spika user", item);
      return { id: user.number("id"), name: user.string("displayName"), isBot: user.get("isBot") === true };
    }),
  };
}

export function parseMessage(value: unknown): SpikaMessage {
  const message = new JsonObject("Spika message", value);
  const body = new JsonObject("Spika message's body", message.get("body"));
  return {
    id: message.number("id"),
    roomId: message.number("roomId"),
    fromUserId: message.number("fromUserId"),
    type: message.string("type"),
    text: body.optionalString("text") ?? "",
    file: body.get("file") === undefined ? undefined : parseFile(body.get("file")),
    quoted:
      body.get("referenceMessage") === undefined ? undefined : parseQuoted(body.get("referenceMessage")),
    createdAt: message.number("createdAt"),
  };
}

export function parseFile(value: unknown): SpikaFile {
  const file = new JsonObject("Spika file", value);
  return { id: file.number("id"), name: file.string("fileName"), type: file.string("mimeType") };
}

function parseQuoted(value: unknown): SpikaMessage["quoted"] {
  const quoted = new JsonObject("quoted Spika message", value);
  const body = new JsonObject("quoted Spika message's body", quoted.get("body"));
  return { fromUserId: quoted.number("fromUserId"), text: body.optionalString("text") ?? "" };
}
