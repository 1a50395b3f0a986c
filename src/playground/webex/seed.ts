import { uuidFor } from "./ids";
import { join } from "./membership-changes";
import { addPerson } from "./people";
import type { Person, Room } from "./records";
import { newId, timestamp, type Webex } from "./webex";

/** Who is there at the start. */
export interface Cast {
  readonly people: readonly Person[];
  readonly bot: Person;
  /** The group room that everybody is in. */
  readonly lobby: Room;
}

/** Three people and a bot; a direct room of the first of them and the bot; a group room with everybody. */
export function seed(webex: Webex, tokens: { bot: string | undefined; user: string | undefined }): Cast {
  const ada = addPerson(webex, {
    email: "ada@example.com",
    displayName: "Ada Lovelace",
    type: "person",
    token: tokens.user,
  });
  const grace = addPerson(webex, { email: "grace@example.com", displayName: "Grace Hopper", type: "person" });
  const alan = addPerson(webex, { email: "alan@example.com", displayName: "Alan Turing", type: "person" });
  const bot = addPerson(webex, {
    email: "bellhop@webex.bot",
    displayName: "Bellhop",
    type: "bot",
    token: tokens.bot,
  });
  const direct = seedRoom(webex, ada, "direct", bot.displayName);
  webex.store.addDirectRoom(direct, ada.id, bot.id);
  const lobby = seedRoom(webex, ada, "group", "Lobby");
  webex.store.rooms.set(lobby.id, lobby);
  for (const person of [ada, bot]) join(webex, direct, person, { actorId: ada.id, isModerator: false });
  for (const person of [ada, grace, alan, bot])
    join(webex, lobby, person, { actorId: ada.id, isModerator: false });
  return { people: [ada, grace, alan], bot, lobby };
}

function seedRoom(webex: Webex, creator: Person, type: Room["type"], title: string): Room {
  const created = timestamp(webex);
  return {
    id: newId(webex, "ROOM", uuidFor(`${type} ${title}`)),
    title,
    type,
    isLocked: false,
    lastActivity: created,
    creatorId: creator.id,
    created,
    ownerId: webex.orgId,
  };
}
