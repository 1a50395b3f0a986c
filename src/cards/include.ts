import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import type { JsonObject, JsonValue } from "../core/contract/notice";
import { meantOr } from "../core/util/suggest-name";
import type { Finding } from "./finding";
import { formatPath, type JsonPath, type JsonSource } from "./json-source";
import { isList, isObject, members, shown } from "./json-values";
import { readJsonFile } from "./read-json-file";

/** Where something stands: the file, the path in it, and the line, counted from 1. */
export interface FilePlace {
  readonly file: string;
  readonly path: JsonPath;
  readonly line: number;
}

/** A template with its parts in their places. */
export interface ComposedTemplate {
  readonly content: JsonValue;
  /** Includes that cannot be followed; `content` has the object that asked for them. */
  readonly findings: readonly Finding[];
  /** All files it is made of, the template's own first. */
  readonly files: readonly string[];
  /** Where a place in `content` was written. */
  locate(path: JsonPath): FilePlace;
}

const INCLUDE = "$include";
/** A card of a hundred parts is no card; and parts that include each other twice would grow without end. */
const MOST_INCLUDES = 100;

/** Content from `at` on was written in `file` from `from` on. */
interface Mount {
  readonly at: JsonPath;
  readonly file: string;
  readonly source: JsonSource;
  readonly from: JsonPath;
}

/** What is being read: the file, and those that led to it. */
interface Reading {
  readonly file: string;
  readonly source: JsonSource;
  readonly chain: readonly string[];
}

/**
 * Puts the parts of a template into their places: `{ "$include": "_header.json" }` becomes what the file says, its other
 * keys replace those of the part, and in a list a part that is a list gives all its items.
 * @param root folder that parts may come from, absolute; a path begins at the file that has it
 */
export function composeTemplate(file: string, source: JsonSource, root: string): ComposedTemplate {
  const findings: Finding[] = [];
  const mounts: Mount[] = [{ at: [], file, source, from: [] }];
  let count = 0;
  const content = put(source.value, { file, source, chain: [file] }, [], []);
  return {
    content,
    findings,
    files: [...new Set(mounts.map((mount) => mount.file))],
    locate: (path) => locate(mounts, path),
  };

  function put(value: JsonValue, reading: Reading, from: JsonPath, at: JsonPath): JsonValue {
    if (isList(value)) return putList(value, reading, from, at);
    if (!isObject(value)) return value;
    if (INCLUDE in value) return putPart(value, readPart(value, reading, at), reading, from, at);
    return Object.fromEntries(
      members(value).map(([key, child]) => [key, put(child, reading, [...from, key], [...at, key])]),
    );
  }

  function putList(list: readonly JsonValue[], reading: Reading, from: JsonPath, at: JsonPath): JsonValue[] {
    const items: JsonValue[] = [];
    for (const [index, item] of list.entries()) {
      const here = [...at, items.length];
      if (items.length !== index) mounts.push({ at: here, ...reading, from: [...from, index] });
      if (!isObject(item) || !(INCLUDE in item)) {
        items.push(put(item, reading, [...from, index], here));
        continue;
      }
      const part = readPart(item, reading, here);
      if (part === undefined || !isList(part.source.value) || Object.keys(item).length > 1) {
        items.push(putPart(item, part, reading, [...from, index], here));
        continue;
      }
      for (const [inner, one] of part.source.value.entries()) {
        const where = [...at, items.length];
        mounts.push({ at: where, ...part, from: [inner] });
        items.push(put(one, part, [inner], where));
      }
    }
    return items;
  }

  function putPart(
    object: JsonObject,
    part: Reading | undefined,
    reading: Reading,
    from: JsonPath,
    at: JsonPath,
  ): JsonValue {
    if (part === undefined) return object;
    const { [INCLUDE]: _, ...others } = object;
    const isBare = Object.keys(others).length === 0;
    if (!isBare && !isObject(part.source.value)) {
      const named = Object.keys(others).join('", "');
      fault(
        at,
        `"${named}" cannot be added to ${shown(part.source.value)}`,
        "remove it, or include an object",
      );
      return object;
    }
    mounts.push({ at, ...part, from: [] });
    const content = put(part.source.value, part, [], at);
    if (isBare || !isObject(content)) return content;
    const own = members(others).map(([key, child]): [string, JsonValue] => {
      const here = [...at, key];
      mounts.push({ at: here, ...reading, from: [...from, key] });
      return [key, put(child, reading, [...from, key], here)];
    });
    return { ...content, ...Object.fromEntries(own) };
  }

  function readPart(object: JsonObject, reading: Reading, at: JsonPath): Reading | undefined {
    const wanted = object[INCLUDE];
    const here = [...at, INCLUDE];
    if (typeof wanted !== "string" || wanted.includes("${"))
      return fault(
        here,
        `is ${shown(wanted ?? null)}`,
        'name a file, such as "_header.json"; it cannot depend on data',
      );
    const path = resolve(dirname(reading.file), wanted);
    if (isAbsolute(wanted) || !isBelow(root, path))
      return fault(
        here,
        `"${wanted}" is outside the folder of the cards`,
        "include files of that folder only",
      );
    if (!existsSync(path)) return missing(here, wanted, path);
    // A link inside the folder may lead out of it.
    if (!isBelow(realpathSync(root), realpathSync(path)))
      return fault(
        here,
        `"${wanted}" leads outside the folder of the cards`,
        "include files of that folder only",
      );
    if (reading.chain.includes(path)) {
      const round = [...reading.chain.slice(reading.chain.indexOf(path)), path].map((one) =>
        relative(root, one),
      );
      return fault(here, `${round.join(" includes ")}, and so on without end`, "remove one of them");
    }
    count++;
    if (count > MOST_INCLUDES)
      return fault(here, `there are more than ${MOST_INCLUDES} parts`, "make it of fewer");
    const read = readJsonFile(path);
    if (read.kind === "read") return { file: path, source: read.source, chain: [...reading.chain, path] };
    const line = read.line === undefined ? "" : `:${read.line}`;
    return fault(here, `${relative(root, path)}${line}: ${read.problem}`, "mend that file");
  }

  function missing(at: JsonPath, wanted: string, path: string): undefined {
    const folder = dirname(path);
    const near = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
    fault(at, `there is no file "${wanted}"`, meantOr("write it, or name another", wanted, near));
  }

  function fault(path: JsonPath, message: string, remedy: string): undefined {
    const known = findings.some(
      (one) => one.message === message && formatPath(one.path) === formatPath(path),
    );
    if (!known) findings.push({ code: "bad-include", severity: "error", path, message, remedy });
  }
}

function locate(mounts: readonly Mount[], path: JsonPath): FilePlace {
  const isAbove = ({ at }: Mount): boolean => at.every((step, index) => step === path[index]);
  // The longest, and of those the one that was added last: a part replaces what asked for it.
  let nearest: Mount | undefined;
  for (const mount of mounts)
    if (isAbove(mount) && (nearest === undefined || mount.at.length >= nearest.at.length)) nearest = mount;
  if (nearest === undefined) throw new Error("a template has a mount at its top");
  const inFile = [...nearest.from, ...path.slice(nearest.at.length)];
  return { file: nearest.file, path: inFile, line: nearest.source.lineOf(inFile) };
}

function isBelow(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}
