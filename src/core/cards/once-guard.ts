import type { OnceScope } from "../contract/bot";
import type { ClickRefusal } from "../contract/click-refusal";
import { RecordConflictError } from "../contract/errors";
import type { ActionEvent } from "../contract/event";
import { escapeMarkdown } from "../contract/markdown";
import type { PendingWrites } from "../state/pending-writes";
import type { ButtonKeys } from "./button-keys";
import { cardOf, claimFrom, claimToJson, keptUntil, type OnceClaim } from "./card-records";

/** Which button works once. */
export interface OnceRule {
  readonly once: OnceScope;
  /** Buttons of a card with the same one have one use together. */
  readonly group: string;
}

/** A claim whose event is not tried again within this time lapses, in milliseconds. Longer than the longest wait for a retry, and than any handler may take. */
const LAPSE_MS = 3_600_000;

/**
 * Sees to it that a button works once: of all clicks, on all machines, one gets to the handler.
 *
 * The use is claimed before the handler runs, by a record that must not exist. To note it only when the handler has
 * ended would keep a second click from being settled, and not from doing what the first one does. So:
 * - The claim carries the key of its event: another attempt at the same click, here or elsewhere, finds it is its own
 *   and goes on. A process that dies in between loses nothing, since the event is handed out again.
 * - It becomes final in the transaction that settles the event as handled.
 * - It is given back in the transaction that makes the event a dead letter, or that settles it after the bot's `catch`
 *   has answered: then what the button does has not been done.
 * - An event that is given up before it comes here again (its account is gone, say) has nobody who would give it back;
 *   and so a claim that is not final lapses. Should its event be replayed later, it claims anew, or finds somebody else.
 */
export class OnceGuard {
  readonly #desk: ButtonKeys;
  readonly #changes: PendingWrites;
  /** What this attempt has claimed. */
  readonly #claimed: { readonly key: string; readonly claim: OnceClaim; readonly keepUntil: number }[] = [];

  constructor(desk: ButtonKeys, changes: PendingWrites) {
    this.#desk = desk;
    this.#changes = changes;
  }

  /**
   * Claims the use of the button that was clicked.
   * @param at when the click arrived, in milliseconds since 1970
   * @returns who was first, when it was somebody else
   * @throws InboxError
   */
  async claim(event: ActionEvent, rule: OnceRule, at: number): Promise<ClickRefusal | undefined> {
    const key = this.#keyOf(event, rule);
    const { id: personId, displayName } = event.person;
    const claim = { event: event.notice.key, personId, displayName, at, isDone: false };
    const { records, now } = this.#desk;
    for (;;) {
      const record = await records.read(key);
      const holder = claimFrom(record);
      // Its own and final: the platform delivers again what was settled so long ago that the inbox has forgotten it.
      if (holder !== undefined && (holder.isDone || holder.event !== claim.event))
        return toRefusal(holder, event.person.id, now());
      try {
        await records.write([
          {
            key,
            value: claimToJson(claim),
            ifVersion: record?.version ?? 0,
            expiresAt: now() + LAPSE_MS,
          },
        ]);
        break;
      } catch (error) {
        // Somebody was faster: now there is something to be read.
        if (!(error instanceof RecordConflictError)) throw error;
      }
    }
    this.#claimed.push({ key, claim, keepUntil: keptUntil(event, now()) });
    this.#changes.add("given-up", { key });
    return undefined;
  }

  /** Who used the button, if somebody has. */
  async usedBy(event: ActionEvent, rule: OnceRule): Promise<ClickRefusal | undefined> {
    const holder = claimFrom(await this.#desk.records.read(this.#keyOf(event, rule)));
    return holder && holder.event !== event.notice.key
      ? toRefusal(holder, event.person.id, this.#desk.now())
      : undefined;
  }

  /** The handler has ended. @param isDone whether it did what the button is for */
  ended(isDone: boolean): void {
    for (const { key, claim, keepUntil } of this.#claimed.splice(0))
      this.#changes.add(
        "handled",
        isDone ? { key, value: claimToJson({ ...claim, isDone: true }), expiresAt: keepUntil } : { key },
      );
  }

  #keyOf(event: ActionEvent, { once, group }: OnceRule): string {
    return this.#desk.keys.once(cardOf(event), group, once === "per-person" ? event.person.id : undefined);
  }
}

function toRefusal(holder: OnceClaim, clickerId: string, now: number): ClickRefusal {
  const { personId: id, displayName, at, isDone } = holder;
  const name = id === clickerId ? "You" : escapeMarkdown(displayName ?? "Somebody");
  const markdown = isDone
    ? `${name} did this already, ${ago(now - at)}.`
    : `${name} clicked this ${ago(now - at)}; it is being handled.`;
  return { reason: isDone ? "done" : "under-way", markdown, by: { id, displayName, at: new Date(at) } };
}

/** How long ago, in words: the same in every time zone. */
function ago(ms: number): string {
  const units = [
    [86_400_000, "day"],
    [3_600_000, "hour"],
    [60_000, "minute"],
  ] as const;
  for (const [unitMs, unit] of units) {
    const count = Math.floor(ms / unitMs);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}
