import { JsonObject } from "../json";

interface EntryBase {
  /** ISO 8601. */
  readonly at: string;
  /** Ids of what it is about: a message, a click. */
  readonly about: readonly string[];
}

/** A webhook delivery that was answered or has failed. */
export interface Delivery extends EntryBase {
  readonly kind: "delivery";
  readonly id: string;
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
export interface ApiCall extends EntryBase {
  readonly kind: "call";
  readonly trackingId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly by: string;
  /** The bodies, shortened where they are long; absent where there is none. */
  readonly request: string | undefined;
  readonly response: string | undefined;
}

/** One try of the bots' program at an event. */
export interface Attempt extends EntryBase {
  readonly kind: "attempt";
  readonly event: string;
  readonly attempt: number;
  readonly outcome: string;
  readonly reason: string | undefined;
  readonly againInMs: number | undefined;
  /** Of the error that the attempt failed with. */
  readonly stack: string | undefined;
  readonly ms: number;
  readonly steps: readonly Step[];
}

/** A step of an attempt, with whatever else is known of it. */
export interface Step {
  /** In milliseconds since the attempt began. */
  readonly afterMs: number;
  readonly name: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** Something short: that no bot was told, that a delivery was had before, a fault that happened, a websocket. */
export interface Note extends EntryBase {
  readonly kind: "unheard" | "duplicate" | "fault" | "socket";
  readonly title: string;
  readonly text: string;
}

export type TimelineEntry = Delivery | ApiCall | Attempt | Note;

/** @returns `undefined` for what the timeline does not show */
export function toEntry(name: string, value: unknown): TimelineEntry | undefined {
  const read = READERS[name];
  return read?.(new JsonObject(name, value));
}

const READERS: Readonly<Record<string, (event: JsonObject) => TimelineEntry | undefined>> = {
  delivery: readDelivery,
  call: readCall,
  attempt: readAttempt,
  unheard: (note) => ({
    kind: "unheard",
    at: note.string("at"),
    about: [note.string("dataId")],
    title: `${note.string("resource")}.${note.string("event")}`,
    text: `No bot was told: ${note.string("reason")}.`,
  }),
  intake: (note) =>
    note.string("outcome") === "duplicate"
      ? {
          kind: "duplicate",
          at: note.string("at"),
          about: idsIn(note.string("key")),
          title: "delivered before",
          text: "The program had it already, and does nothing.",
        }
      : undefined,
  fault: (note) => ({
    kind: "fault",
    at: note.string("at"),
    about: [],
    title: `fault: ${note.string("what")}`,
    text: `As you asked: ${note.string("about")}.`,
  }),
  socket: (note) => ({
    kind: "socket",
    at: note.string("at"),
    about: [],
    title: "websocket",
    text: `${note.string("by")} ${note.string("what")}.`,
  }),
};

function readDelivery(delivery: JsonObject): Delivery {
  return {
    kind: "delivery",
    id: delivery.string("id"),
    at: delivery.string("at"),
    about: [delivery.string("dataId")],
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

function readCall(call: JsonObject): ApiCall {
  const path = call.string("path");
  const [request, response] = [call.optionalString("request"), call.optionalString("response")];
  return {
    kind: "call",
    at: call.string("at"),
    about: [...idsIn(path), ...idOf(response)],
    trackingId: call.string("id"),
    method: call.string("method"),
    path,
    status: call.optionalNumber("status") ?? 0,
    ms: call.optionalNumber("ms") ?? 0,
    by: call.string("by"),
    ...{ request, response },
  };
}

function readAttempt(note: JsonObject): Attempt {
  const steps = note.list("steps", (step) => new JsonObject("step", step));
  const begun = steps[0]?.optionalNumber("at") ?? 0;
  return {
    kind: "attempt",
    at: note.string("at"),
    about: [...idsIn(note.string("key")), ...steps.flatMap((step) => step.optionalString("message") ?? [])],
    event: note.string("event"),
    attempt: note.number("attempt"),
    outcome: note.string("outcome"),
    reason: note.optionalString("reason"),
    againInMs: note.optionalNumber("againInMs"),
    stack: note.optionalString("stack"),
    ms: note.number("ms"),
    steps: steps.map((step) => ({
      afterMs: (step.optionalNumber("at") ?? begun) - begun,
      name: step.string("step"),
      facts: step
        .entries()
        .filter(([name, value]) => name !== "at" && name !== "step" && value !== undefined && value !== null)
        .map(([name, value]) => [name, String(value)] as const),
    })),
  };
}

/** Everything in a path or a key that may be an id. */
function idsIn(text: string): readonly string[] {
  return text.split(/[|/?&=]/).filter((part) => /\d/.test(part));
}

/** Of what a call has made. */
function idOf(body: string | undefined): readonly string[] {
  const id = /"id": ?"?([\w-]{1,200})/.exec(body ?? "")?.[1];
  return id === undefined ? [] : [id];
}
