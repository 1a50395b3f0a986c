import { existsSync, watch } from "node:fs";
import { writeMenu } from "../core/cards/text/text-card";
import { shownPath } from "../core/contract/load-error";
import type { JsonObject } from "../core/contract/notice";
import { markdownToText } from "../text/markdown-to-text";
import type { PlacedFinding } from "./card-file";
import { toSent, wordsOf } from "./fill-card";
import { sentence } from "./finding";
import { readCards } from "./load";
import { withPlainTexts } from "./plain-texts";
import { type ExaminedCard, examine } from "./validate-all";

/** A card to be looked at while it is being written. */
export interface CardPreview {
  readonly name: string;
  /** As seen from the working directory. */
  readonly file: string;
  /** Filled with its sample data; absent where it cannot be filled. */
  readonly content?: JsonObject | undefined;
  /** The text of notifications. */
  readonly fallbackText?: string | undefined;
  /** The message that platforms get which draw no cards. */
  readonly asText?: string | undefined;
  readonly findings: readonly CardPreviewFinding[];
}

export interface CardPreviewFinding {
  readonly severity: "error" | "warning";
  /** File and line. */
  readonly place: string;
  readonly text: string;
}

/** An editor that saves a file touches it several times. In milliseconds. */
const SETTLE_MS = 50;

/**
 * The cards of a folder as they are whenever one asks, sorted by name; what the running bots send is what was there when
 * they were started.
 * @param dir absolute
 */
export function previewCards(dir: string): {
  list(): Promise<readonly CardPreview[]>;
  watch(changed: () => void): () => void;
} {
  return {
    async list() {
      const { cards, orphans } = readCards(dir);
      const previews = await Promise.all(cards.map((card) => toPreview(examine(card))));
      return [...previews, ...orphans.map(toOrphan)];
    },
    watch(changed) {
      if (!existsSync(dir)) return () => {};
      let timer: NodeJS.Timeout | undefined;
      const watcher = watch(dir, { recursive: true, persistent: false }, () => {
        clearTimeout(timer);
        timer = setTimeout(changed, SETTLE_MS);
      });
      // A folder that is deleted has nothing to tell any more.
      watcher.on("error", () => watcher.close());
      return () => {
        clearTimeout(timer);
        watcher.close();
      };
    },
  };
}

async function toPreview({ card: { name, file }, findings, filled }: ExaminedCard): Promise<CardPreview> {
  const common = { name, file: shownPath(file), findings: findings.map(toShown) };
  if (filled === undefined) return common;
  const card = { content: toSent(filled.content), fallbackText: wordsOf(filled.content, name) };
  const { markdown } = writeMenu(card, { withPlainTexts });
  return { ...common, ...card, asText: await markdownToText(markdown) };
}

function toOrphan(finding: PlacedFinding): CardPreview {
  const file = shownPath(finding.file);
  return { name: file, file, findings: [toShown(finding)] };
}

function toShown(finding: PlacedFinding): CardPreviewFinding {
  const line = finding.line === undefined ? "" : `:${finding.line}`;
  return { severity: finding.severity, place: `${shownPath(finding.file)}${line}`, text: sentence(finding) };
}
