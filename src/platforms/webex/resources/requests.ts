import { NetworkError } from "../../../core/contract/errors";
import type { JsonObject } from "../../../core/contract/notice";
import type { ApiAnswer } from "../../api/answer";
import type { ApiRequest, Caller } from "../../api/api-client";
import { WireError } from "../../api/wire";
import { parseItems } from "../wire";

/** How one call is made. */
export interface WebexCallOptions {
  /** Ends the call, waits included; it then rejects with a NetworkError. @default nothing does */
  readonly signal?: AbortSignal | undefined;
  /**
   * For each try, in milliseconds; where a file is sent or downloaded, how long may pass without a byte moving.
   * @default 15_000 for reading, 30_000 for writing and downloads, 75_000 for posting a card or a file
   */
  readonly timeoutMs?: number | undefined;
  /** Asked in the event-loop turn in which the request is written; `false`: it is not written. @default it is written */
  readonly mayBegin?: (() => boolean) | undefined;
}

type Parse<Value> = (body: unknown) => Value;
type Query = ApiRequest["query"];

/** Calls whose answers are understood. Each rejects with an ApiError or a NetworkError. */
export interface Requests {
  get<Value>(path: string, parse: Parse<Value>, options?: WebexCallOptions): Promise<Value>;
  /** All items of all pages, in order. A page is asked for when the one before it is used up. */
  list<Value>(
    path: string,
    query: Query,
    parse: Parse<Value>,
    options?: WebexCallOptions,
  ): AsyncIterable<Value>;
  send<Value>(
    request: Pick<ApiRequest, "json" | "form"> & { readonly method: "POST" | "PUT"; readonly path: string },
    parse: Parse<Value>,
    options?: WebexCallOptions,
  ): Promise<Value>;
  delete(path: string, options?: WebexCallOptions): Promise<void>;
}

const READ_TIMEOUT_MS = 15_000;

export function createRequests(caller: Caller): Requests {
  return {
    async get(path, parse, { signal, timeoutMs = READ_TIMEOUT_MS } = {}) {
      return understand(await caller.call({ method: "GET", path, signal, timeoutMs }), parse);
    },
    async *list(path, query, parse, { signal, timeoutMs = READ_TIMEOUT_MS } = {}) {
      let request: ApiRequest = { method: "GET", path, query, signal, timeoutMs };
      let followed: string | undefined;
      // A page may be empty and still have a next one: only the missing link ends the list.
      for (;;) {
        const answer = await caller.call(request);
        yield* understand(answer, (page) => parseItems(page).map(parse));
        const { call, nextPath } = answer;
        if (nextPath === undefined) return;
        if (nextPath === followed)
          throw new NetworkError(call, "its next page is said to be itself", { mayHaveSucceeded: false });
        followed = nextPath;
        request = { method: "GET", path: nextPath, signal, timeoutMs };
      }
    },
    async send(request, parse, { signal, timeoutMs, mayBegin } = {}) {
      return understand(await caller.call({ ...request, signal, timeoutMs, mayBegin }), parse);
    },
    async delete(path, { signal, timeoutMs, mayBegin } = {}) {
      await caller.call({ method: "DELETE", path, signal, timeoutMs, mayBegin });
    },
  };
}

/** What most resources can, below one path. */
export interface WebexCollection<Value, New, Changes> {
  get(id: string, options?: WebexCallOptions): Promise<Value>;
  create(value: New, options?: WebexCallOptions): Promise<Value>;
  update(id: string, changes: Changes, options?: WebexCallOptions): Promise<Value>;
  delete(id: string, options?: WebexCallOptions): Promise<void>;
}

export function createCollection<Value, New extends object, Changes extends object>(
  requests: Requests,
  path: string,
  parse: Parse<Value>,
): WebexCollection<Value, New, Changes> {
  return {
    get: (id, options) => requests.get(below(path, id), parse, options),
    create: (value, options) => requests.send({ method: "POST", path, json: toJson(value) }, parse, options),
    update: (id, changes, options) =>
      requests.send({ method: "PUT", path: below(path, id), json: toJson(changes) }, parse, options),
    delete: (id, options) => requests.delete(below(path, id), options),
  };
}

/** The path of one of them. */
export function below(path: string, id: string): string {
  return `${path}/${encodeURIComponent(id)}`;
}

function toJson(value: object): JsonObject {
  return { ...value } as JsonObject; // the types of what can be sent hold strings, booleans and nothing else
}

function understand<Value>({ call, body }: ApiAnswer, parse: Parse<Value>): Value {
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
