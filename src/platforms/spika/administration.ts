import { checkOptions, optionNames } from "../../core/contract/check-options";
import { type Logger, silentLogger } from "../../core/contract/logger";
import type { JsonObject } from "../../core/contract/notice";
import { createCaller } from "../api/api-client";
import { number, object, optional, string, WireError } from "../api/wire";
import { ask, type SpikaCallOptions } from "./requests";

export interface SpikaAdministrationOptions {
  /** Where the server is, without `/api`: `https://chat.example.com`. */
  readonly baseUrl: string;
  /** Of a person who administers the room, or is in it when it is private; a room's API key may not. */
  readonly userToken: string;
  /** @default says nothing */
  readonly log?: Logger | undefined;
}

const OPTIONS = optionNames<SpikaAdministrationOptions>({ baseUrl: true, userToken: true, log: true });

/** Where a room's messages are sent. Of several only the oldest is called. */
export interface SpikaWebhook {
  readonly id: number;
  readonly roomId: number;
  readonly url: string;
  /** What deliveries carry; drawn once. To change it, delete the webhook and make another one. */
  readonly verifySignature: string;
}

/** What a bot posts with in one room. */
export interface SpikaApiKey {
  readonly id: number;
  readonly roomId: number;
  readonly token: string;
  /** Absent in answers that do not tell it. */
  readonly displayName: string | undefined;
}

/** Webhooks and API keys of rooms. Every call rejects with an ApiError or a NetworkError. */
export interface SpikaAdministration {
  readonly webhooks: {
    list(roomId: number, options?: SpikaCallOptions): Promise<readonly SpikaWebhook[]>;
    create(roomId: number, url: string, options?: SpikaCallOptions): Promise<SpikaWebhook>;
    /** The signature stays. */
    update(id: number, url: string, options?: SpikaCallOptions): Promise<SpikaWebhook>;
    delete(id: number, options?: SpikaCallOptions): Promise<void>;
  };
  readonly apiKeys: {
    list(roomId: number, options?: SpikaCallOptions): Promise<readonly SpikaApiKey[]>;
    /** Makes a bot with this name, too. */
    create(roomId: number, displayName: string, options?: SpikaCallOptions): Promise<SpikaApiKey>;
    rename(id: number, displayName: string, options?: SpikaCallOptions): Promise<SpikaApiKey>;
    delete(id: number, options?: SpikaCallOptions): Promise<void>;
  };
  close(): Promise<void>;
}

const WEBHOOKS = "/api/messenger/webhooks";
const API_KEYS = "/api/messenger/api-keys";

/** Makes a client for who administers rooms; it connects with the first call. */
export function createSpikaAdministration(options: SpikaAdministrationOptions): SpikaAdministration {
  checkOptions("createSpikaAdministration", options, OPTIONS);
  const { baseUrl, userToken, log = silentLogger } = options;
  const caller = createCaller({ platform: "spika", baseUrl, credentials: { accesstoken: userToken }, log });
  const remove = (path: string, callOptions?: SpikaCallOptions): Promise<void> =>
    caller.call({ method: "DELETE", path, ...callOptions }).then(() => undefined);
  return {
    webhooks: {
      list: (roomId, callOptions) =>
        ask(
          caller,
          { method: "GET", path: `${WEBHOOKS}/roomId/${roomId}` },
          (data) => items(data.webhooks, parseWebhook),
          callOptions,
        ),
      create: (roomId, url, callOptions) =>
        ask(
          caller,
          { method: "POST", path: `${WEBHOOKS}/roomId/${roomId}`, json: { url } },
          (data) => parseWebhook(data.webhook),
          callOptions,
        ),
      update: (id, url, callOptions) =>
        ask(
          caller,
          { method: "PUT", path: `${WEBHOOKS}/${id}`, json: { url } },
          (data) => parseWebhook(data.webhook),
          callOptions,
        ),
      delete: (id, callOptions) => remove(`${WEBHOOKS}/${id}`, callOptions),
    },
    apiKeys: {
      list: (roomId, callOptions) =>
        ask(
          caller,
          { method: "GET", path: `${API_KEYS}/roomId/${roomId}` },
          (data) => items(data.apiKeys, parseApiKey),
          callOptions,
        ),
      create: (roomId, displayName, callOptions) =>
        ask(
          caller,
          { method: "POST", path: `${API_KEYS}/roomId/${roomId}`, json: { displayName } },
          (data) => parseApiKey(data.apiKey),
          callOptions,
        ),
      rename: (id, displayName, callOptions) =>
        ask(
          caller,
          { method: "PUT", path: `${API_KEYS}/${id}`, json: { displayName } },
          (data) => parseApiKey(data.apiKey),
          callOptions,
        ),
      delete: (id, callOptions) => remove(`${API_KEYS}/${id}`, callOptions),
    },
    close: () => caller.close(),
  };
}

function items<Value>(list: JsonObject[string], parse: (value: unknown) => Value): readonly Value[] {
  if (!Array.isArray(list)) throw new WireError("there is no list");
  return list.map(parse);
}

function parseWebhook(value: unknown): SpikaWebhook {
  const raw = object(value);
  return {
    id: number(raw, "id"),
    roomId: number(raw, "roomId"),
    url: string(raw, "url"),
    verifySignature: string(raw, "verifySignature"),
  };
}

function parseApiKey(value: unknown): SpikaApiKey {
  const raw = object(value);
  return {
    id: number(raw, "id"),
    roomId: number(raw, "roomId"),
    token: string(raw, "token"),
    displayName: optional(raw, "displayName"),
  };
}
