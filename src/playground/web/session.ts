import { call } from "./http";
import { parseSession, type Session } from "./wire";

/** Who can be played. */
export async function loadSession(): Promise<Session> {
  return parseSession(await (await call("api/session")).json());
}
