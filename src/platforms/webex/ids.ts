/**
 * The uuid within an id, which is base64 of `ciscospark://<cluster>/<TYPE>/<uuid>`. Ids of one object can differ in
 * cluster and encoding; this part cannot.
 * @returns the id itself when there is no uuid in it
 */
export function uuidOf(id: string): string {
  if (UUID.test(id)) return id.toLowerCase();
  // Node decodes both base64 alphabets, with padding or without.
  const decoded = Buffer.from(id, "base64").toString("latin1");
  const last = decoded.slice(decoded.lastIndexOf("/") + 1);
  return decoded.startsWith("ciscospark://") && UUID.test(last) ? last.toLowerCase() : id;
}

/** What ids are of. */
export type IdType = "PEOPLE" | "ROOM" | "MESSAGE" | "MEMBERSHIP" | "ATTACHMENT_ACTION";

/**
 * The id that the API has for a uuid.
 * @param cluster `us`, `urn:TEAM:us-west-2_r`; people are always of `us`
 * @param uuid of a membership `<person>:<room>`
 */
export function toId(cluster: string, type: IdType, uuid: string): string {
  return Buffer.from(`ciscospark://${cluster}/${type}/${uuid}`).toString("base64url");
}

/** The cluster within an id; `undefined` when it is no such id. */
export function clusterOf(id: string): string | undefined {
  return /^ciscospark:\/\/([^/]+)\//.exec(Buffer.from(id, "base64").toString("latin1"))?.[1];
}

/** Whether two ids are those of one person, room or message. */
export function isSameId(one: string, other: string): boolean {
  return one === other || uuidOf(one) === uuidOf(other);
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
