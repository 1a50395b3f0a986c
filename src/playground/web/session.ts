import { getJson } from "./http";
import { parseSession, type Session } from "./wire";

/** Who can be played. */
export async function loadSession(): Promise<Session> {
  return parseSession(await getJson("api/session"));
}
