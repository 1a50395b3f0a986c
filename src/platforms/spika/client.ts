import { checkOptions, optionNames } from "../../core/contract/check-options";
import { type Logger, silentLogger } from "../../core/contract/logger";
import { createCaller } from "../api/api-client";
import type { Clock } from "../api/clock";
import { number, object, optional } from "../api/wire";
import { ask, type SpikaCallOptions } from "./requests";
import { createFiles, type SpikaFiles } from "./resources/files";
import { createMessages, type SpikaMessages } from "./resources/messages";

export type { SpikaCallOptions } from "./requests";
export type { NewSpikaFile, SpikaFile, SpikaFiles } from "./resources/files";
export type { NewSpikaMessage, SpikaMessage, SpikaMessages } from "./resources/messages";

export interface SpikaClientOptions {
  /** Where the server is, without `/api`: `https://chat.example.com`. */
  readonly baseUrl: string;
  /** The token of a room's API key. */
  readonly apiKey: string;
  /** Told of calls that are made again. @default says nothing */
  readonly log?: Logger | undefined;
  /** Longest wait within one call for Spika to take it, in milliseconds; a longer one is thrown. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
  /** @default the computer's */
  readonly clock?: Clock | undefined;
}

const OPTIONS = optionNames<SpikaClientOptions>({
  baseUrl: true,
  apiKey: true,
  log: true,
  maxWaitMs: true,
  clock: true,
});

/** The user that an API key posts as. */
export interface SpikaBotUser {
  readonly id: number;
  readonly displayName: string | undefined;
}

/**
 * What a room's API key can do at a Spika server: post, and say who it is. Files need no key.
 *
 * Every call rejects with an ApiError when Spika refuses, and with a NetworkError when there is no answer, or none that
 * makes sense. Calls are made again where that is safe; a post never is.
 */
export interface SpikaClient {
  readonly messages: SpikaMessages;
  readonly files: SpikaFiles;
  me(options?: SpikaCallOptions): Promise<SpikaBotUser>;
  /** Ends the connections; calls still under way fail. */
  close(): Promise<void>;
}

/** Makes a client; it connects with the first call. */
export function createSpikaClient(options: SpikaClientOptions): SpikaClient {
  checkOptions("createSpikaClient", options, OPTIONS);
  const { baseUrl, apiKey, log = silentLogger, maxWaitMs, clock } = options;
  const credentials = { accesstoken: apiKey };
  const caller = createCaller({ platform: "spika", baseUrl, credentials, log, maxWaitMs, clock });
  return {
    messages: createMessages(caller),
    files: createFiles(caller),
    me: (callOptions) =>
      ask(
        caller,
        { method: "GET", path: "/api/messaging/test/auth" },
        ({ user }) => {
          const raw = object(user);
          return { id: number(raw, "id"), displayName: optional(raw, "displayName") };
        },
        callOptions,
      ),
    close: () => caller.close(),
  };
}
