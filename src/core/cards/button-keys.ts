import { optionNames } from "../contract/check-options";
import type { Logger } from "../contract/logger";
import type { JsonObject } from "../contract/notice";
import type { MessageRef, Platform } from "../contract/platform";
import type { Records } from "../contract/records";
import type { AccountStore } from "../state/account-store";
import { createRecordKeys } from "../state/record-keys";
import { fingerprint } from "./button-token";
import { createKeyring, type Keyring, type SigningKey } from "./keyring";

export interface ButtonSigningOptions {
  /**
   * What buttons are signed with, newest first: the first signs, and cards signed with the others stay in use. The same in
   * every process. @default keys made of the secrets that the platform's deliveries are verified with
   */
  readonly secrets?: readonly string[] | undefined;
  /** How long the buttons of a card work, in milliseconds from the event that it answers. @default 2_592_000_000, 30 days */
  readonly expiresAfterMs?: number | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

export const BUTTON_OPTIONS = optionNames<ButtonSigningOptions>({
  secrets: true,
  expiresAfterMs: true,
  now: true,
});

/** What the buttons of one account are signed and checked with. */
export interface ButtonKeys extends AccountStore {
  /** `undefined` where there is no secret: nothing is signed then, and no click is taken for signed. */
  readonly keyring: Keyring | undefined;
  readonly log: Logger;
  /** In milliseconds. */
  readonly expiresAfterMs: number;
  /** A room as a token names it; without one, the room that a person has with the bot, whose id is not known yet. */
  roomPrint(key: SigningKey, roomId: string | undefined): string;
  /** A person as a token names them. @param who id or e-mail address */
  personPrint(key: SigningKey, who: string): string;
  /** As the platform's; `undefined` also where cards are not drawn. */
  cardOf(message: MessageRef, signal: AbortSignal): Promise<JsonObject | undefined>;
}

const DEFAULT_EXPIRES_AFTER_MS = 30 * 86_400_000;

/** @throws TypeError for a secret that is empty */
export function createButtonKeys(
  platform: Pick<Platform, "name" | "account" | "deriveKeys" | "identify" | "cardOf">,
  records: Records,
  log: Logger,
  options: ButtonSigningOptions = {},
): ButtonKeys {
  const { name, account } = platform;
  const { secrets: given = [] } = options;
  const secrets = given.length > 0 ? given : (platform.deriveKeys?.("buttons") ?? []);
  const keyring = createKeyring(secrets);
  if (keyring === undefined)
    log.warn(
      "there is no secret that buttons could be signed with: only handlers with unsigned: true get clicks",
      {
        platform: name,
        account,
      },
    );
  return {
    platform: name,
    keyring,
    log,
    records,
    keys: createRecordKeys(platform),
    expiresAfterMs: options.expiresAfterMs ?? DEFAULT_EXPIRES_AFTER_MS,
    now: options.now ?? Date.now,
    cardOf: async (message, signal) => platform.cardOf?.(message, signal),
    roomPrint: (key, roomId) =>
      fingerprint(key, "room", name, account, ...(roomId === undefined ? [] : [roomId])),
    personPrint: (key, who) => fingerprint(key, "person", name, who.includes("@") ? who.toLowerCase() : who),
  };
}
