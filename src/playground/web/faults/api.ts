import { call, getJson, postJson } from "../http";
import { JsonObject } from "../json";
import type { FaultKind } from "./kinds";

/** A fault that was asked for. */
export interface ActiveFault {
  readonly id: number;
  readonly on: string;
  readonly do: Readonly<Record<string, unknown>>;
  readonly match: Readonly<Record<string, unknown>>;
  readonly times: number | undefined;
  readonly probability: number | undefined;
  readonly happened: number;
}

/** What is asked for. */
export interface NewFault {
  readonly kind: FaultKind;
  /** Absent: all. */
  readonly platform: string | undefined;
  /** Only calls of this method, and whose path begins so. */
  readonly method: string | undefined;
  readonly path: string | undefined;
  /** Absent: until it is removed. */
  readonly times: number | undefined;
  /** 0 to 1. */
  readonly probability: number;
}

const PATH = "api/faults";

export async function listFaults(): Promise<readonly ActiveFault[]> {
  return new JsonObject("list of faults", await getJson(PATH)).list("items", parseFault);
}

/** @throws ApiError when it is refused */
export async function addFault({
  kind,
  platform,
  method,
  path,
  times,
  probability,
}: NewFault): Promise<void> {
  // This page's own calls are people's, and go well.
  const match = { platform, ...(kind.on === "call" ? { by: "bot", method, path } : {}) };
  // What is undefined, JSON leaves out.
  await postJson(PATH, { on: kind.on, do: kind.do, match, times, probability });
}

export async function removeFault(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: "DELETE" });
}

export async function removeAllFaults(): Promise<void> {
  await call(PATH, { method: "DELETE" });
}

function parseFault(value: unknown): ActiveFault {
  const fault = new JsonObject("fault", value);
  return {
    id: fault.number("id"),
    on: fault.string("on"),
    do: Object.fromEntries(new JsonObject("fault", fault.get("do")).entries()),
    match: Object.fromEntries(new JsonObject("fault", fault.get("match") ?? {}).entries()),
    times: fault.optionalNumber("times"),
    probability: fault.optionalNumber("probability"),
    happened: fault.number("happened"),
  };
}
