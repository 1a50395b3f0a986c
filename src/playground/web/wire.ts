import { JsonObject } from "./json";

/** Somebody in the playground, the bot included. */
export interface Participant {
  readonly id: string;
  readonly displayName: string;
  readonly email: string;
}

/** Somebody this page can be. */
export interface Persona extends Participant {
  readonly token: string;
}

/** Somebody whom this page can be without a token. */
export interface Played {
  readonly id: string;
  readonly name: string;
}

/** Who is there, and where the API is. */
export interface Session {
  /** Path without a slash at the end: `"/playground/webex/v1"`. */
  readonly apiBase: string;
  readonly bot: Participant;
  readonly people: readonly [Persona, ...Persona[]];
  readonly spika: { readonly people: readonly [Played, ...Played[]] };
  readonly intercom: {
    readonly people: readonly [Played, ...Played[]];
    /** Id of the admin that the bot answers as. */
    readonly adminId: string;
    /** Teammates and teams. */
    readonly assignees: readonly Played[];
  };
  /** Whether there is a page that shows the bots' cards. */
  readonly hasCards: boolean;
}

export function parseSession(value: unknown): Session {
  const session = new JsonObject("session", value);
  const spika = new JsonObject("session in Spika", session.get("spika"));
  const intercom = new JsonObject("session in Intercom", session.get("intercom"));
  return {
    apiBase: session.string("apiBase"),
    bot: parseParticipant(session.get("bot")),
    people: atLeastOne(session.list("people", parsePersona)),
    spika: { people: atLeastOne(spika.list("people", parseSpikaPerson)) },
    intercom: {
      people: atLeastOne(intercom.list("people", parseContact)),
      adminId: intercom.string("adminId"),
      assignees: intercom.list("assignees", parseContact),
    },
    hasCards: session.get("hasCards") === true,
  };
}

function atLeastOne<Somebody>([first, ...others]: readonly Somebody[]): readonly [Somebody, ...Somebody[]] {
  if (first === undefined) throw new TypeError("The playground has no people to play.");
  return [first, ...others];
}

function parseSpikaPerson(value: unknown): Played {
  const person = new JsonObject("person", value);
  return { id: String(person.number("id")), name: person.string("displayName") };
}

function parseContact(value: unknown): Played {
  const contact = new JsonObject("contact", value);
  return { id: contact.string("id"), name: contact.string("name") };
}

function parseParticipant(value: unknown): Participant {
  const person = new JsonObject("person", value);
  return {
    id: person.string("id"),
    displayName: person.string("displayName"),
    email: person.string("email"),
  };
}

function parsePersona(value: unknown): Persona {
  return { ...parseParticipant(value), token: new JsonObject("person", value).string("token") };
}
