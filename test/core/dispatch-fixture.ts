import type { ButtonSigningOptions } from "../../src/core/cards/button-keys";
import { type Bot, defineBot } from "../../src/core/contract/bot";
import type { CardSource } from "../../src/core/contract/card-source";
import type { Settlement } from "../../src/core/contract/inbox";
import { type Logger, silentLogger } from "../../src/core/contract/logger";
import type { JsonObject, Notice } from "../../src/core/contract/notice";
import type { TraceStep } from "../../src/core/contract/trace";
import { buildBot } from "../../src/core/handle/build-bot";
import { createDispatch, type Dispatch, type Verdict } from "../../src/core/handle/dispatch";
import { Journal } from "../../src/core/reply/journal";
import { PendingWrites } from "../../src/core/state/pending-writes";
import { cardOfJson } from "./card-of-json";
import { InMemoryPlatform } from "./in-memory-platform";
import { type LeaseInMemory, leaseInMemory } from "./lease-in-memory";
import { RecordsInMemory } from "./records-in-memory";

/** One try at an event, and how it ended. */
export interface Tried {
  readonly verdict: Verdict | undefined;
  readonly error: unknown;
  readonly trace: readonly TraceStep[];
}

export interface BenchOptions extends ButtonSigningOptions {
  readonly chat?: InMemoryPlatform;
  readonly log?: Logger;
}

/** Bots whose cards have buttons, with a platform, records and a clock of its own. */
export class ButtonBench {
  readonly chat: InMemoryPlatform;
  readonly records = new RecordsInMemory(() => this.time);
  /** Milliseconds since 1970. */
  time = Date.parse("2026-02-01T09:00:00Z");
  readonly #dispatch: Dispatch;

  /** @param setups of the bots "test", "second", … in the order of their names */
  constructor(setups: ((bot: Bot) => void) | readonly ((bot: Bot) => void)[], options: BenchOptions = {}) {
    this.chat = options.chat ?? new InMemoryPlatform();
    this.#dispatch = createDispatch({
      platforms: [this.chat],
      bots: [setups]
        .flat()
        .map((setup, index) => buildBot(["test", "second"][index] ?? "", defineBot(setup))),
      cards: CARDS,
      records: this.records,
      buttons: { now: () => this.time, ...options },
      log: options.log ?? silentLogger,
    });
  }

  /** Tries an event once and settles it: as handled or dropped, or as `failure` says when it fails. */
  async try(
    notice: Notice,
    {
      lease = leaseInMemory(notice),
      failure = "retry",
    }: { lease?: LeaseInMemory; failure?: "retry" | "dead" } = {},
  ): Promise<Tried> {
    lease.records = this.records;
    const trace: TraceStep[] = [];
    const changes = new PendingWrites();
    const journal = new Journal(lease, "at-least-once");
    let verdict: Verdict | undefined;
    let error: unknown;
    try {
      verdict = await this.#dispatch({
        lease: { notice, attempt: lease.attempt, receivedAt: this.time },
        isLast: false,
        journal,
        trace,
        changes,
        signal: new AbortController().signal,
        isOpen: () => true,
      });
    } catch (thrown) {
      error = thrown;
    }
    journal.end();
    await this.records.write(changes.for(verdict ?? failed(failure)));
    return { verdict, error, trace };
  }

  /** Tries an event, and dies before it is settled. */
  async tryAndDie(notice: Notice, lease = leaseInMemory(notice)): Promise<void> {
    lease.records = this.records;
    await this.#dispatch({
      lease: { notice, attempt: lease.attempt, receivedAt: this.time },
      isLast: false,
      journal: new Journal(lease, "at-least-once"),
      trace: [],
      changes: new PendingWrites(),
      signal: new AbortController().signal,
      isOpen: () => true,
    });
  }

  /** What the bot has written since it was asked last. */
  said(): readonly (string | undefined)[] {
    return this.chat.posts.filter(({ card }) => card === undefined).map(({ markdown }) => markdown);
  }
}

function failed(as: "retry" | "dead"): Settlement {
  const error = { code: "test", message: "it failed" };
  return as === "dead" ? { kind: "dead", error } : { kind: "retry", afterMs: 0, error };
}

/** A card whose buttons are what it is filled with: data by title. */
const CARDS: CardSource = {
  names: ["buttons"],
  fromJson: cardOfJson,
  render: (name, buttons) => ({
    kind: "card",
    name,
    content: {
      type: "AdaptiveCard",
      version: "1.3",
      body: [{ type: "Input.Text", id: "note", label: "Note" }],
      actions: Object.entries(buttons).map(([title, data]) => ({
        type: "Action.Submit",
        title,
        data: data as JsonObject, // as the tests fill it
      })),
    },
    fallbackText: name,
  }),
};
