import { existsSync } from "node:fs";
import { basename } from "node:path";
import { shownPath } from "../core/contract/load-error";
import type { JsonObject } from "../core/contract/notice";
import { checkCard } from "./check-card";
import { conditionRules } from "./condition-rules";
import { readCardData } from "./data-file";
import { type Finding, type FindingCode, sentence } from "./finding";
import { composeTemplate, type FilePlace } from "./include";
import type { JsonPath } from "./json-source";
import { isObject } from "./json-values";
import { readJsonFile } from "./read-json-file";
import type { FillTemplate } from "./template";

/** A finding and the file that it is in, which for a part is not the card's own. */
export interface PlacedFinding extends Finding {
  /** Absolute. */
  readonly file: string;
  /** Counted from 1; absent when it is the file as a whole. */
  readonly line?: number | undefined;
}

/** A card's template, its data and what was found in them. */
export interface CardFile {
  /** File name without `.json`. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** Absent for a file that is no JSON, or no object. */
  readonly content?: JsonObject | undefined;
  /** What `<name>.data.json` says of what the card looks like; absent when there is no such file. */
  readonly sample?: JsonObject | undefined;
  readonly defaults: JsonObject;
  readonly findings: readonly PlacedFinding[];
  locate(path: JsonPath): FilePlace;
  /** Made when the card is used first. */
  fill?: FillTemplate;
}

export const TEMPLATE_END = ".json";
export const DATA_END = ".data.json";

/**
 * Reads a card's template with its parts, and the data beside it.
 * @param file absolute
 * @param root folder that parts may come from, absolute
 */
export function readCardFile(file: string, root: string): CardFile {
  const name = basename(file, TEMPLATE_END);
  const dataFile = `${file.slice(0, -TEMPLATE_END.length)}${DATA_END}`;
  const data = existsSync(dataFile) ? readData(dataFile) : undefined;
  const common = { name, file, sample: data?.sample, defaults: data?.defaults ?? {} };
  const dataFindings = data?.findings ?? [];

  const read = readJsonFile(file);
  if (read.kind === "unusable")
    return {
      ...common,
      findings: [unusable(file, "bad-json", read), ...dataFindings],
      locate: (path) => ({ file, path, line: 1 }),
    };
  const { content, findings, locate } = composeTemplate(file, read.source, root);
  // What was asked for in vain would be found once more, as an element that is none.
  const checked =
    findings.length > 0
      ? findings
      : [...checkCard(content, { isTemplate: true }), ...conditionRules(content)];
  const placed = checked.map((finding) => placeFinding({ locate }, finding));
  return {
    ...common,
    content: isObject(content) ? content : undefined,
    findings: [...placed, ...dataFindings],
    locate,
  };
}

/** A finding with a place in the template, with the file and the line that it was written in. */
export function placeFinding({ locate }: Pick<CardFile, "locate">, finding: Finding): PlacedFinding {
  const { file, path, line } = locate(finding.path);
  return { ...finding, file, path, line };
}

/** `cards/expense.json:5: body[0].size: is "huge"; expected …` */
export function toSentence({ file, line, ...finding }: PlacedFinding): string {
  return `${shownPath(file)}:${line ?? 1}: ${sentence(finding)}`;
}

function readData(file: string): Pick<CardFile, "sample" | "defaults" | "findings"> {
  const read = readJsonFile(file);
  if (read.kind === "unusable")
    return { sample: undefined, defaults: {}, findings: [unusable(file, "bad-json", read)] };
  const { data, findings } = readCardData(read.source);
  const placed = findings.map((finding) => ({ ...finding, file, line: read.source.lineOf(finding.path) }));
  return { ...data, findings: placed };
}

function unusable(
  file: string,
  code: FindingCode,
  { line, problem }: { readonly line?: number | undefined; readonly problem: string },
): PlacedFinding {
  return { code, severity: "error", path: [], file, line, message: problem, remedy: "mend the file" };
}
