import { badRequest } from "../webex/api-error";
import type { CallFault, DeliveryFault, Fault, FaultTiming, PlatformName } from "./fault";

type Fields = Readonly<Record<string, unknown>>;

/** Reads a fault that somebody has sent. @throws ApiError 400 that says what is expected */
export function readFault(body: unknown): Fault {
  const fields = object(body, "the body");
  refuseUnknown(fields, ["on", "do", "match", "times", "probability", "seed"], "the body");
  const timing: FaultTiming = {
    times: number(fields, "times", 1, 1_000_000),
    probability: number(fields, "probability", 0, 1),
    seed: number(fields, "seed", 0, 4_294_967_295),
  };
  const what = object(fields.do, "'do'");
  const { on } = fields;
  if (on === "call")
    return {
      on,
      do: readCallFault(what),
      match: readMatch(fields.match, ["platform", "method", "path", "by"]),
      ...timing,
    };
  if (on === "delivery" || on === "socket")
    return {
      on,
      do: readDeliveryFault(what),
      match: readMatch(fields.match, ["platform", "resource", "event"]),
      ...timing,
    };
  throw badRequest("'on' is expected to be call, delivery or socket");
}

function readCallFault(what: Fields): CallFault {
  switch (what.kind) {
    case "status":
      return {
        kind: "status",
        status: required(what, "status", 400, 599),
        retryAfterS: number(what, "retryAfterS", 0, 86_400),
      };
    case "html":
      return { kind: "html", status: number(what, "status", 200, 599), when: readWhen(what) };
    case "reset":
      return { kind: "reset", when: readWhen(what) };
    case "cut":
    case "hang":
      return { kind: what.kind };
    case "delay":
      return { kind: "delay", ms: required(what, "ms", 1, 600_000) };
    default:
      throw badRequest("'do.kind' of a call is expected to be status, html, reset, cut, hang or delay");
  }
}

function readWhen({ when = "before" }: Fields): "before" | "after" {
  if (when !== "before" && when !== "after") throw badRequest("'when' is expected to be before or after");
  return when;
}

function readDeliveryFault(what: Fields): DeliveryFault {
  switch (what.kind) {
    case "lost":
    case "disorder":
    case "cut":
    case "deactivate":
      return { kind: what.kind };
    case "duplicate":
      return { kind: "duplicate", copies: number(what, "copies", 1, 100) };
    case "delay":
      return { kind: "delay", ms: required(what, "ms", 1, 600_000) };
    default:
      throw badRequest(
        "'do.kind' of a delivery is expected to be lost, duplicate, delay, disorder, cut or deactivate",
      );
  }
}

function readMatch(match: unknown, names: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (match === undefined) return undefined;
  const fields = object(match, "'match'");
  refuseUnknown(fields, names, "'match'");
  for (const [name, value] of Object.entries(fields))
    if (typeof value !== "string") throw badRequest(`'match.${name}' is expected to be a text`);
  const { platform } = fields;
  if (platform !== undefined && !PLATFORMS.has(String(platform)))
    throw badRequest(`'match.platform' is expected to be ${[...PLATFORMS].join(", ")}`);
  return fields as Readonly<Record<string, string>>; // each was looked at
}

const PLATFORMS: ReadonlySet<string> = new Set<PlatformName>(["webex", "spika", "intercom"]);

function refuseUnknown(fields: Fields, known: readonly string[], where: string): void {
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) throw badRequest(`${where} has '${unknown}'; there are ${known.join(", ")}`);
}

function required(fields: Fields, name: string, min: number, max: number): number {
  const value = number(fields, name, min, max);
  if (value === undefined) throw badRequest(`'${name}' is missing`);
  return value;
}

function number(fields: Fields, name: string, min: number, max: number): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw badRequest(`'${name}' is expected to be a number from ${min} to ${max}`);
}

function object(value: unknown, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw badRequest(`${what} is expected to be an object`);
}
