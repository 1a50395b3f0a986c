import { createHash, randomUUID } from "node:crypto";

/** What an id names. A team and its General room share one UUID under two types. */
export type IdType =
  | "PEOPLE"
  | "ROOM"
  | "MESSAGE"
  | "MEMBERSHIP"
  | "WEBHOOK"
  | "ORGANIZATION"
  | "APPLICATION"
  | "ATTACHMENT_ACTION"
  | "CONTENT"
  | "TEAM"
  | "TEAM_MEMBERSHIP"
  | "ROOM_TAB";

/** What is kept where its room is. */
export type ClusteredType = Exclude<IdType, "PEOPLE" | "ORGANIZATION" | "APPLICATION">;

/** Where somebody's data is kept is part of the ids; of people and organisations it is always this one. */
export const US = "us";

/** An id as Webex writes it: base64url, unpadded, of `ciscospark://<cluster>/<TYPE>/<key>`. */
export function toId(type: IdType, key: string = randomUUID(), cluster: string = US): string {
  return Buffer.from(`ciscospark://${cluster}/${type}/${key}`).toString("base64url");
}

/** The part of an id after its type: a UUID, or two of them for a membership. Empty when it is no such id. */
export function keyOf(id: string): string {
  const parts = Buffer.from(id, "base64url").toString("utf8").split("/");
  return parts[0] === "ciscospark:" ? parts.slice(4).join("/") : "";
}

/**
 * A UUID that is the same at every start, so that people keep their ids when the playground is restarted
 * while the bot's own data is kept.
 */
export function uuidFor(name: string): string {
  const hex = createHash("sha1").update(`bellhop playground ${name}`).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}
