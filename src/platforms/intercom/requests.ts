import { NetworkError } from "../../core/contract/errors";
import type { ApiRequest, Caller } from "../api/api-client";
import { WireError } from "../api/wire";

/** How one call is made. */
export interface IntercomCallOptions {
  /** Ends the call, waits included. @default nothing does */
  readonly signal?: AbortSignal | undefined;
  /** For each try, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /** Asked in the event-loop turn in which the request is written; `false`: it is not written. @default it is written */
  readonly mayBegin?: (() => boolean) | undefined;
}

/** Makes a call and understands its answer. @throws ApiError, NetworkError */
export async function ask<Value>(
  caller: Caller,
  request: Omit<ApiRequest, "signal" | "timeoutMs">,
  parse: (body: unknown) => Value,
  options: IntercomCallOptions = {},
): Promise<Value> {
  const { call, body } = await caller.call({ ...request, ...options });
  try {
    return parse(body);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new NetworkError(call, `the answer is not understood, ${error.message}`, {
      mayHaveSucceeded: true,
      isDone: true,
    });
  }
}
