import { ApiError } from "../../core/contract/errors";
import type { JsonObject } from "../../core/contract/notice";
import type { EventHistory } from "../../core/contract/platform";
import type { WebexClient } from "./client";
import { isSameId } from "./ids";
import { type NoticeSource, toNotice } from "./parse";
import type { WebexMessage } from "./resources/messages";
import type { WebexRoom } from "./resources/rooms";

export interface MissedParts {
  readonly client: WebexClient;
  readonly source: NoticeSource;
  /** The bot's own person id. */
  readonly ownId: () => string;
}

/** How many messages of one room are looked at: what is older than that is no conversation any more. */
const MOST_MESSAGES = 200;
const ROOMS_A_PAGE = 200;
const MEMBERSHIPS_A_PAGE = 1_000;
/** All that Webex gives in one answer where mentions are asked for. */
const MESSAGES_A_PAGE = 100;

/**
 * What Webex tells of what happened meanwhile: messages, and that the bot was added to rooms. Clicks on cards and who
 * else came and went is told once, by deliveries, and by nothing afterwards.
 */
export function createMissed({ client, source, ownId }: MissedParts): EventHistory {
  /** Of rooms that were listed, whether the bot reads all that is written there. */
  const kinds = new Map<string, string | undefined>();
  let lastJoins:
    | { readonly since: number; readonly joins: Promise<ReadonlyMap<string, JsonObject>> }
    | undefined;

  /** By room, what a delivery would have told of the bot being added; asked for once a round. */
  function joinsSince(since: number, signal: AbortSignal): Promise<ReadonlyMap<string, JsonObject>> {
    if (lastJoins?.since !== since) {
      const joins = listJoins(client, since, signal);
      lastJoins = { since, joins };
      joins.catch(() => {
        lastJoins = undefined;
      });
    }
    return lastJoins.joins;
  }

  return {
    async *rooms(since, signal) {
      for await (const { id, type } of listActiveRooms(client, since, signal)) {
        kinds.set(id, type);
        yield id;
      }
    },
    async notices(roomId, since, signal) {
      try {
        const type = kinds.get(roomId) ?? (await client.rooms.get(roomId, { signal })).type;
        const written = await listWritten(client, { id: roomId, type }, ownId(), since, signal);
        const joined = (await joinsSince(since, signal)).get(roomId);
        return [
          // Who added the bot is not told any more; it was not the bot.
          ...(joined === undefined ? [] : [{ ...toNotice(joined, source), person: undefined }]),
          ...written.map((envelope) => toNotice(envelope, source)),
        ];
      } catch (error) {
        // The bot was removed meanwhile, or the room is gone.
        if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return [];
        throw error;
      }
    },
  };
}

/** Rooms in which something happened since then, the latest activity first. @param since in milliseconds since 1970 */
export async function* listActiveRooms(
  client: WebexClient,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<Pick<WebexRoom, "id" | "type" | "title">> {
  for await (const room of client.rooms.list({ sortBy: "lastactivity", max: ROOMS_A_PAGE }, { signal })) {
    // Nothing says in which order rooms without an activity come.
    if (room.lastActivity === undefined) continue;
    if (Date.parse(room.lastActivity) < since) return;
    yield room;
  }
}

/**
 * What others have written in a room since then and the bot may read, as deliveries would have told it, oldest first.
 * @param since in milliseconds since 1970
 */
export async function listWritten(
  client: WebexClient,
  { id: roomId, type }: Pick<WebexRoom, "id" | "type">,
  ownId: string,
  since: number,
  signal: AbortSignal,
): Promise<JsonObject[]> {
  // In group rooms a bot may read only what mentions it.
  const query = type === "direct" ? { roomId } : { roomId, mentionedPeople: "me" as const };
  const found: WebexMessage[] = [];
  for await (const message of client.messages.list({ ...query, max: MESSAGES_A_PAGE }, { signal })) {
    if (found.length === MOST_MESSAGES || Date.parse(message.created ?? "") < since) break;
    found.push(message);
  }
  return found
    .reverse()
    .filter(({ personId }) => !isSameId(personId, ownId))
    .map(toEnvelope);
}

async function listJoins(
  client: WebexClient,
  since: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, JsonObject>> {
  const joins = new Map<string, JsonObject>();
  for await (const { raw, roomId, created } of client.memberships.list(
    { max: MEMBERSHIPS_A_PAGE },
    { signal },
  ))
    if (Date.parse(created ?? "") >= since)
      joins.set(roomId, { resource: "memberships", event: "created", data: raw });
  return joins;
}

/** As a delivery would have put it: without what somebody wrote. */
function toEnvelope({ raw }: WebexMessage): JsonObject {
  const { id, roomId, roomType, personId, personEmail, created, parentId } = raw;
  return {
    resource: "messages",
    event: "created",
    actorId: personId,
    data: { id, roomId, roomType, personId, personEmail, created, parentId },
  };
}
