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
  /** `adminId`: as whom the bot answers. */
  readonly intercom: { readonly people: readonly [Played, ...Played[]]; readonly adminId: string };
  /** Whether there is a page that shows the bots' cards. */
  readonly hasCards: boolean;
}

/** A webhook delivery that was answered or has failed. */
export interface Delivery {
  readonly kind: "delivery";
  readonly at: string;
  readonly webhookName: string;
  readonly resource: string;
  readonly event: string;
  readonly targetUrl: string;
  /** `undefined` when nobody answered; `error` says why. */
  readonly status: number | undefined;
  readonly ms: number;
  readonly error: string | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** A call of the API that was not this page's. */
export interface ApiCall {
  readonly kind: "call";
  readonly at: string;
  readonly trackingId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly by: string;
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

export function parseDelivery(value: unknown): Delivery {
  const delivery = new JsonObject("delivery", value);
  return {
    kind: "delivery",
    at: delivery.string("at"),
    webhookName: delivery.string("webhookName"),
    resource: delivery.string("resource"),
    event: delivery.string("event"),
    targetUrl: delivery.string("targetUrl"),
    status: delivery.optionalNumber("status"),
    ms: delivery.optionalNumber("ms") ?? 0,
    error: delivery.optionalString("error"),
    headers: Object.entries(delivery.get("headers") ?? {}).map(([name, text]) => [name, String(text)]),
    body: delivery.optionalString("body") ?? "",
  };
}

export function parseApiCall(value: unknown): ApiCall {
  const call = new JsonObject("call", value);
  return {
    kind: "call",
    at: call.string("at"),
    trackingId: call.string("id"),
    method: call.string("method"),
    path: call.string("path"),
    status: call.optionalNumber("status") ?? 0,
    ms: call.optionalNumber("ms") ?? 0,
    by: call.string("by"),
  };
}
