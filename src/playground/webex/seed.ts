import { uuidFor } from "./ids";
import { join } from "./membership-changes";
import { addPerson } from "./people";
import type { Person, Room } from "./records";
import { newId, timestamp, type Webex } from "./webex";

/** Who is there from the start, and stays; their ids are the same in every playground. */
export interface Cast {
  readonly people: readonly Person[];
  readonly bot: Person;
  /** The group room that everybody is in, unless somebody has deleted it. */
  readonly lobbyId: string;
}

/** Tokens that somebody else decides; the others are random. */
export interface GivenTokens {
  readonly bot?: string | undefined;
  /** Ada's. */
  readonly user?: string | undefined;
}

/** Three people and a bot; a direct room of the first of them and the bot; a group room with everybody. */
export function seed(webex: Webex, tokens: GivenTokens): void {
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
}

/** Finds the cast, after a restart too. @throws Error when somebody is missing */
export function castOf(webex: Webex): Cast {
  const find = (email: string): Person => {
    const person = webex.store.personByEmail(email);
    if (person === undefined) throw new Error(`playground: ${email} is not there`);
    return person;
  };
  return {
    people: ["ada@example.com", "grace@example.com", "alan@example.com"].map(find),
    bot: find("bellhop@webex.bot"),
    lobbyId: roomIdOf(webex, "group", "Lobby"),
  };
}

/** Tokens that are given count, whatever they were before. */
export function giveTokens(webex: Webex, { people: [ada], bot }: Cast, tokens: GivenTokens): void {
  if (tokens.bot !== undefined) webex.store.addPerson(bot, tokens.bot);
  if (tokens.user !== undefined && ada !== undefined) webex.store.addPerson(ada, tokens.user);
}

/** The same at every start. */
function roomIdOf(webex: Webex, type: Room["type"], title: string): string {
  return newId(webex, "ROOM", uuidFor(`${type} ${title}`));
}

function seedRoom(webex: Webex, creator: Person, type: Room["type"], title: string): Room {
  const created = timestamp(webex);
  return {
    id: roomIdOf(webex, type, title),
    title,
    type,
    isLocked: false,
    lastActivity: created,
    creatorId: creator.id,
    created,
    ownerId: webex.orgId,
  };
}
