import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readCardFile } from "../../cards/card-file";
import { expandPlainly } from "../../cards/engine";
import { toSent } from "../../cards/fill-card";
import { hasErrors, sentence } from "../../cards/finding";
import { type ComposedTemplate, composeTemplate } from "../../cards/include";
import { type JsonSource, JsonSourceError, parseJsonSource } from "../../cards/json-source";
import { isObject } from "../../cards/json-values";
import { mergeData } from "../../cards/merge-data";
import { examine } from "../../cards/validate-all";
import { readCardsDir } from "../../config";
import { CardError, describeError } from "../../core/contract/errors";
import { shownPath } from "../../core/contract/load-error";
import type { JsonValue } from "../../core/contract/notice";
import { EXIT, NotFoundError } from "../output";
import type { Terminal } from "../terminal";
import { rootOf } from "./root-of";
import { toJson, toLine } from "./show";

export interface ExpandFlags {
  readonly host?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/**
 * `bellhop cards expand`: what the templating library makes of a template and data, on standard output, and what we find in
 * it beside that. When strict: what would be sent, or nothing.
 */
export function expand(
  terminal: Terminal,
  templatePath: string,
  dataPath: string,
  { host, strict = false, json = false }: ExpandFlags,
): void {
  const file = resolve(templatePath);
  const template = readLoosely(templatePath);
  const data = readLoosely(dataPath).value;
  const hostData = host === undefined ? undefined : readLoosely(host).value;
  const root = rootOf(file, readCardsDir(terminal.env));
  const card = readCardFile(file, root);
  const { findings, filled } = examine(card, { data: isObject(data) ? data : {}, host: hostData });
  for (const finding of findings)
    terminal.writeErrorLine(json ? JSON.stringify(toJson(finding)) : toLine(finding));
  if (strict && (hasErrors(findings) || filled === undefined)) {
    terminal.exitCode = EXIT.failed;
    return;
  }
  const content =
    strict && filled !== undefined
      ? toSent(filled.content)
      : expandWithParts(
          composeTemplate(file, template, root),
          shownPath(file),
          isObject(data) ? mergeData(card.defaults, data) : data,
          hostData,
        );
  terminal.writeLine(JSON.stringify(content ?? null, undefined, json ? undefined : 2));
}

/** What the library makes of it, once the parts are in their places. @throws CardError */
function expandWithParts(
  composed: ComposedTemplate,
  file: string,
  data: JsonValue,
  host: JsonValue | undefined,
): unknown {
  const [missing] = composed.findings;
  if (missing !== undefined)
    throw new CardError("card-invalid", `${file} cannot be expanded: ${sentence(missing)}`);
  try {
    return expandPlainly(composed.content, data, host);
  } catch (error) {
    throw new CardError(
      "card-invalid",
      `${file} cannot be expanded, the templating library says: ${describeError(error)}`,
      error,
    );
  }
}

/** JSON as JSON.parse reads it, so also with a key twice, which is told as a finding. @throws CardError, NotFoundError */
function readLoosely(path: string): JsonSource {
  const file = resolve(path);
  if (!existsSync(file)) throw new NotFoundError(`there is no file "${path}"`);
  const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  try {
    return parseJsonSource(text);
  } catch (error) {
    if (!(error instanceof JsonSourceError)) throw error;
    try {
      return { value: JSON.parse(text) as JsonValue, lineOf: () => 1 }; // what JSON.parse makes is JSON
    } catch {
      throw new CardError("card-invalid", `${path}:${error.line}: ${error.message}`, error);
    }
  }
}
