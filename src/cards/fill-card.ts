import { CardError } from "../core/contract/errors";
import { shownPath } from "../core/contract/load-error";
import type { JsonObject, JsonValue } from "../core/contract/notice";
import type { Card } from "../core/contract/platform";
import { type CardFile, type PlacedFinding, placeFinding, toSentence } from "./card-file";
import { checkCard } from "./check-card";
import { conform } from "./conform";
import { writeDates } from "./date-macros";
import { fallbackText } from "./fallback-text";
import { type Finding, hasErrors, sentence } from "./finding";
import { formatPath, type JsonPath } from "./json-source";
import { isList, isObject } from "./json-values";
import { toLeftOutFinding } from "./left-out";
import { mergeData } from "./merge-data";
import { languageOf } from "./plain-texts";
import { prepareTemplate, TemplateError } from "./template";

/** A filled card, or what keeps it from being sent. */
export type FilledCard =
  | {
      readonly kind: "filled";
      readonly content: JsonObject;
      /** Elements that the templating library left out; the places are those of the template. */
      readonly leftOut: readonly Finding[];
      /** What is wrong with the content; the places are those of the content. */
      readonly findings: readonly Finding[];
      /** The place in the template that a place in the content was made of. */
      originOf(path: JsonPath): JsonPath;
    }
  /** The places are those of the template. */
  | { readonly kind: "failed"; readonly findings: readonly Finding[]; readonly cause?: TemplateError };

/** The values that fill a card. */
export interface Filling {
  readonly data: JsonObject;
  /** The value of `$host` in the template. A card that is sent has no such value. */
  readonly host?: JsonValue | undefined;
  /** Whether findings may quote values: of sample data, not of what people wrote. @default false */
  readonly quotes?: boolean;
}

/** Fills a card and checks the result. */
export function fillCard(
  card: CardFile,
  template: JsonObject,
  { data, host, quotes = false }: Filling,
): FilledCard {
  try {
    card.fill ??= prepareTemplate(template);
    const { content: filled, leftOut, originOf } = card.fill(mergeData(card.defaults, data), host);
    if (isList(filled)) return { kind: "failed", findings: [SEVERAL_CARDS] };
    if (!isObject(filled)) return { kind: "failed", findings: [NOTHING_LEFT] };
    const content = conform(filled);
    return {
      kind: "filled",
      content,
      leftOut: leftOut.map((one) => toLeftOutFinding(one, quotes)),
      findings: checkCard(content, { isTemplate: false, quotes }),
      originOf,
    };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { kind: "failed", findings: toFindings(error), cause: error };
  }
}

/** Takes a warning about a card that is about to be sent: one sentence with file and line, without any data. */
export type WarnOfCard = (warning: string) => void;

/**
 * Creates a card that can be sent.
 * @param warn takes what the templating library left out, and what makes the card differ from what its author meant
 * @throws CardError
 */
export function toCard(card: CardFile, template: JsonObject, data: JsonObject, warn: WarnOfCard): Card {
  const filled = fillCard(card, template, { data });
  if (filled.kind === "failed") throw failure(card, filled.findings, filled.cause);
  if (hasErrors(filled.findings)) throw invalid(card, filled.findings);
  const { name } = card;
  for (const finding of placeFilled(card, filled)) if (isUnexpected(finding, card)) warn(toSentence(finding));
  return { kind: "card", name, content: toSent(filled.content), fallbackText: wordsOf(filled.content, name) };
}

/** The findings of a filled card, with the file and line in the template. */
export function placeFilled(
  card: CardFile,
  { leftOut, findings, originOf }: Extract<FilledCard, { readonly kind: "filled" }>,
): PlacedFinding[] {
  return [
    ...leftOut.map((finding) => placeFinding(card, finding)),
    ...findings.map((finding) => {
      const { file, line } = placeFinding(card, { ...finding, path: originOf(finding.path) });
      return { ...finding, file, line, message: `${finding.message}, once it is filled` };
    }),
  ];
}

/** An empty list is ordinary data; what the template itself says was a warning when it was loaded. */
function isUnexpected({ code, file, line }: PlacedFinding, { findings }: CardFile): boolean {
  if (code === "empty-list") return false;
  return !findings.some((known) => known.code === code && known.file === file && known.line === line);
}

/** A card as it is sent: what is shown where it is not drawn is no part of it, but the message's. */
export function toSent({ fallbackText: _, ...content }: JsonObject): JsonObject {
  return content;
}

/** What is shown where it is not drawn: its own "fallbackText", or what its texts say. */
export function wordsOf(content: JsonObject, name: string): string {
  const { fallbackText: own } = content;
  if (typeof own !== "string" || own.trim() === "") return fallbackText(content, name);
  return writeDates(own, languageOf(content));
}

function toFindings({ missing, broken }: TemplateError): Finding[] {
  const error = { severity: "error" } as const;
  const lacks = missing.map(({ field, path, meant }): Finding => {
    const remedy = `${meant === undefined ? "" : `did you mean "${meant}"? Otherwise `}pass it, or give it a default`;
    return { ...error, code: "missing-field", path, message: `the data has no "${field}"`, remedy };
  });
  const unread = broken.map(
    ({ path, problem }): Finding => ({
      ...error,
      code: "bad-expression",
      path,
      message: problem,
      remedy: "see https://learn.microsoft.com/adaptive-cards/templating/language",
    }),
  );
  return [...lacks, ...unread];
}

const SEVERAL_CARDS: Finding = {
  code: "bad-repeat",
  severity: "error",
  path: ["$data"],
  message: "repeats the whole card, and a message has one",
  remedy: "send a message for each, or repeat an element of the card",
};

const NOTHING_LEFT: Finding = {
  code: "not-a-card",
  severity: "error",
  path: ["$when"],
  message: 'its own "$when" leaves nothing of it',
  remedy: "decide in the handler whether to send it",
};

function failure(card: CardFile, findings: readonly Finding[], cause: TemplateError | undefined): CardError {
  const missing = cause?.missing ?? [];
  if (missing.length === 0) return invalid(card, findings, cause);
  const lacks = missing.map(({ field, path, meant }) => {
    const near = meant === undefined ? "" : ` (did you mean "${meant}"?)`;
    return `the data has no "${field}"${near}, which ${shownPlace(card, path)} shows`;
  });
  const others = findings.filter(({ code }) => code !== "missing-field").map(sentence);
  const remedy = `Pass it, give it a default, or allow for its absence: "$when": "\${exists(field)}", or \${if(exists(field), field, '')}`;
  return error(card, "card-incomplete", `${[...lacks, ...others].join("; ")}. ${remedy}`, cause);
}

function invalid(card: CardFile, findings: readonly Finding[], cause?: TemplateError): CardError {
  const errors = findings.filter(({ severity }) => severity === "error");
  return error(card, "card-invalid", errors.map(sentence).join("; "), cause);
}

function error(
  { name, file }: CardFile,
  code: "card-incomplete" | "card-invalid",
  problems: string,
  cause: TemplateError | undefined,
): CardError {
  return new CardError(code, `card "${name}" (${shownPath(file)}): ${problems}`, cause);
}

/** A place in the template; in a part, with its file. */
function shownPlace(card: CardFile, path: JsonPath): string {
  const place = card.locate(path);
  return place.file === card.file
    ? formatPath(path)
    : `${formatPath(place.path)} in ${shownPath(place.file)}`;
}
