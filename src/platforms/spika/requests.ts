import { NetworkError } from "../../core/contract/errors";
import type { JsonObject } from "../../core/contract/notice";
import type { ApiRequest, Caller } from "../api/api-client";
import { object, WireError } from "../api/wire";

/** How one call is made. */
export interface SpikaCallOptions {
  /** Ends the call, waits included. @default nothing does */
  readonly signal?: AbortSignal | undefined;
  /** For each try, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /** Asked in the event-loop turn in which the request is written; `false`: it is not written. @default it is written */
  readonly mayBegin?: (() => boolean) | undefined;
}

/**
 * Makes a call and takes out of its answer, `{"status": "success", "data": {…}}`, what it is about.
 * @throws ApiError, NetworkError
 */
export async function ask<Value>(
  caller: Caller,
  request: Omit<ApiRequest, "signal" | "timeoutMs">,
  parse: (data: JsonObject) => Value,
  options: SpikaCallOptions = {},
): Promise<Value> {
  const { call, body } = await caller.call({
    ...request,
    ...options,
    advice: { ...ADVICE, ...request.advice },
  });
  try {
    return parse(object(object(body).data));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new NetworkError(call, `the answer is not understood, ${error.message}`, {
      mayHaveSucceeded: true,
      isDone: true,
    });
  }
}

/** Spika answers these in one word, or with a page. */
const ADVICE: ApiRequest["advice"] = {
  401: "The token is unknown here: was the API key deleted?",
  404: "Is the address that of the Spika server, without /api, and its service switched on (USE_MESSAGING)?",
  500: "Spika answers so also when it cannot read the request or finds it too long",
};
