import { ApiError } from "../../core/contract/errors";
import type { Person } from "../../core/contract/event";
import type { Platform } from "../../core/contract/platform";
import { createKept } from "../api/ttl-cache";
import type { IntercomClient } from "./client";
import { isContact } from "./item";

const HOUR_MS = 3_600_000;

/** Creates the look-up of authors. An id belongs to a type: a teammate and a contact may have the same. */
export function createPeople(client: IntercomClient, now: () => number): Platform["person"] {
  const kept = createKept<Person>({ maxEntries: 5_000, forMs: HOUR_MS, now });
  return async (id, signal, type = "") => {
    const known = kept.get(`${type}|${id}`);
    if (known !== undefined) return known;
    const found = await lookUp(client, id, type, signal);
    kept.set(`${type}|${id}`, found);
    return found;
  };
}

async function lookUp(
  client: IntercomClient,
  id: string,
  type: string,
  signal: AbortSignal,
): Promise<Person> {
  switch (type) {
    case "admin":
      return teammate(client, id, signal);
    case "team":
      return { id, type, displayName: (await client.teams.get(id, { signal })).name };
    // The API has no call that describes a bot.
    case "bot":
      return { id, type, isBot: true };
    default:
      return isContact({ type }) ? contact(client, id, signal, type) : unknownAuthor(client, id, signal);
  }
}

/** Contacts have long ids, and teammates numbers. */
async function unknownAuthor(client: IntercomClient, id: string, signal: AbortSignal): Promise<Person> {
  const [first, second] = /^\d{1,12}$/.test(id) ? [teammate, contact] : [contact, teammate];
  try {
    return await first(client, id, signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return second(client, id, signal);
    throw error;
  }
}

async function teammate(client: IntercomClient, id: string, signal: AbortSignal): Promise<Person> {
  const { name, email } = await client.admins.get(id, { signal });
  return { id, type: "admin", displayName: name, email };
}

async function contact(
  client: IntercomClient,
  id: string,
  signal: AbortSignal,
  type?: string,
): Promise<Person> {
  const { name, email, raw } = await client.contacts.get(id, { signal });
  const role = typeof raw.role === "string" ? raw.role : undefined;
  return { id, type: type ?? role ?? "contact", displayName: name, email, isBot: false };
}
