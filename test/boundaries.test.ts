import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, normalize, resolve } from "node:path";
import * as ts from "typescript";

/** What a file imports: a file of src by its path without ending, or a package by its name. */
interface Import {
  readonly from: string;
  readonly to: string;
  readonly kind: "file" | "package";
}

/** A part of src and what it may import, besides itself and Node: parts by path, packages by name. */
interface Rule {
  readonly part: string;
  readonly parts: readonly string[];
  readonly packages: readonly string[];
}

/** The first rule whose part a file is in holds for it. */
const RULES: readonly Rule[] = [
  { part: "core/util", parts: [], packages: [] },
  { part: "core/contract", parts: ["core/util"], packages: [] },
  { part: "core/state", parts: ["core/contract", "core/util"], packages: [] },
  { part: "core/cards", parts: ["core/contract", "core/state", "core/util"], packages: [] },
  { part: "core/reply", parts: ["core/contract", "core/cards", "core/state", "core/util"], packages: [] },
  { part: "core/receive", parts: ["core/contract", "core/util"], packages: [] },
  {
    part: "core/handle",
    parts: ["core/contract", "core/cards", "core/reply", "core/state", "core/util"],
    packages: [],
  },
  { part: "platforms/registry", parts: ["core", "platforms"], packages: [] },
  {
    part: "platforms/api",
    parts: ["core"],
    packages: ["axios", "undici", "content-disposition", "mime-types"],
  },
  { part: "platforms/*", parts: ["core", "platforms/api", "text"], packages: [] },
  { part: "text", parts: [], packages: ["htmlparser2", "markdown-it"] },
  { part: "inbox/embedded", parts: ["core"], packages: ["@photostructure/sqlite"] },
  { part: "inbox/postgres", parts: ["core"], packages: ["pg", "pg-boss"] },
  { part: "http", parts: ["core"], packages: ["express", "body-parser", "helmet", "prom-client"] },
  {
    part: "cards",
    parts: ["core", "text"],
    packages: ["adaptivecards-templating", "adaptive-expressions"],
  },
  { part: "load", parts: ["core"], packages: ["jiti"] },
  { part: "playground/web", parts: [], packages: ["adaptivecards", "dompurify", "markdown-it"] },
  {
    part: "playground",
    parts: ["core/contract/logger"],
    packages: ["express", "body-parser", "helmet", "ws", "markdown-it"],
  },
  {
    part: "config",
    parts: ["core", "platforms/registry", "platforms/webex/module"],
    packages: ["dotenv", "zod"],
  },
  { part: "logging", parts: ["core"], packages: ["pino"] },
  { part: "watchdog", parts: ["core", "logging"], packages: [] },
  // What a bot's module gets is no part of the program around it.
  {
    part: "for-bots",
    parts: [
      "core",
      "cards/builder",
      "platforms/intercom/client",
      "platforms/intercom/intercom-of",
      "platforms/spika/administration",
      "platforms/spika/client",
      "platforms/spika/spika-of",
      "platforms/webex/client",
      "platforms/webex/webex-of",
    ],
    packages: [],
  },
  { part: "accounts", parts: ["core", "config"], packages: [] },
  { part: "testing", parts: ["*"], packages: [] },
  { part: "cli", parts: ["*"], packages: ["commander"] },
  { part: "index", parts: ["*"], packages: [] },
  { part: "bellhop", parts: ["*"], packages: ["express"] },
];

/** Packages that more than one part may import, and why. */
const SHARED_PACKAGES: Readonly<Record<string, string>> = {
  express: "the receiver, the playground and the program are servers",
  "body-parser": "the receiver and the playground read bodies",
  "markdown-it": "platforms convert Markdown to text, and the playground and its page draw it",
  helmet: "the receiver and the playground answer browsers",
};

const SRC = resolve(__dirname, "../src");
const FILES = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .sort((a, b) => (a < b ? -1 : 1));
const IMPORTS = FILES.flatMap((file) => importsOf(file, readFileSync(join(SRC, file), "utf8")));

describe("the table of who may import whom", () => {
  it("has a rule for each file in src", () => {
    expect(FILES.filter((file) => ruleFor(withoutEnding(file)) === undefined)).toEqual([]);
  });

  it("holds in src", () => {
    expect(IMPORTS.flatMap((one) => violation(one) ?? [])).toEqual([]);
  });

  it("names no part that does not exist", () => {
    const unused = RULES.filter(({ part }) => !FILES.some((file) => isIn(withoutEnding(file), part)));
    expect(unused).toEqual([]);
  });
});

it("a package is imported in one part only, so that leaving it is one change", () => {
  const parts = new Map<string, Set<string>>();
  for (const { from, to } of IMPORTS.filter(({ kind }) => kind === "package"))
    parts.set(to, (parts.get(to) ?? new Set()).add(ruleFor(from)?.part ?? from));
  const spread = [...parts].filter(([name, where]) => where.size > 1 && !(name in SHARED_PACKAGES));
  expect(spread.map(([name, where]) => `${name}: ${[...where].join(", ")}`)).toEqual([]);
});

it("a program that answers at real platforms loads neither the playground nor the test kit", () => {
  const reached = new Set<string>();
  const follow = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    // What cli/start/site imports, it imports when there is no account.
    for (const { from, to, kind } of IMPORTS)
      if (from === file && kind === "file" && file !== "cli/start/site") follow(to);
  };
  for (const entry of ["index", "cli/main"]) follow(entry);
  expect([...reached].filter((file) => /^(?:playground|testing)\b/.test(file))).toEqual([]);
});

it("no file imports itself by way of others", () => {
  expect(findCycle(IMPORTS)).toBeUndefined();
});

// The guards are tried on imports that break each rule, so that a hole in the reading is noticed.
describe("the table forbids", () => {
  it.each([
    ["core/handle/worker.ts", `import { z } from "zod";`],
    ["core/handle/worker.ts", `import { loadBots } from "../../load/bots";`],
    ["core/handle/worker.ts", `export * from "../../logging";`],
    ["core/contract/event.ts", `import { createRouter } from "../handle/router";`],
    ["core/state/session.ts", `import { OnceGuard } from "../cards/once-guard";`],
    ["core/util/sleep.ts", `import { BellhopError } from "../contract/errors";`],
    ["core/receive/receive.ts", `import { createWorker } from "../handle/worker";`],
    ["core/handle/worker.ts", `const lazy = require("pino");`],
    ["core/handle/worker.ts", `const lazy = await import("pino/file");`],
    ["core/handle/worker.ts", `type T = import("axios").AxiosError;`],
    ["core/handle/worker.ts", `import "express";`],
    ["platforms/webex/client.ts", `import axios from "axios";`],
    ["platforms/webex/client.ts", `import { parse } from "../spika/parse";`],
    ["platforms/webex/client.ts", `import { openEmbedded } from "../../inbox/embedded";`],
    ["platforms/webex/html.ts", `import { Parser } from "htmlparser2";`],
    ["core/cards/text/card-to-text.ts", `import { markdownToText } from "../../../text/markdown-to-text";`],
    ["text/read-html.ts", `import { escapeMarkdown } from "../core/contract/markdown";`],
    ["playground/index.ts", `import { markdownToText } from "../text/markdown-to-text";`],
    ["platforms/api/transport.ts", `import { parse } from "../webex/parse";`],
    ["inbox/embedded/index.ts", `import { Pool } from "pg";`],
    ["inbox/embedded/index.ts", `import { receive } from "../../http/receiver";`],
    ["http/server.ts", `import { createWebex } from "../platforms/webex";`],
    ["http/server.ts", `import axios from "axios";`],
    ["load/bots.ts", `import { createBellhop } from "../bellhop";`],
    ["load/bots.ts", `import * as framework from "../index";`],
    ["playground/index.ts", `import { verify } from "../platforms/webex/verify";`],
    ["playground/index.ts", `import { createReceiver } from "../http/receiver";`],
    ["playground/index.ts", `import { parseJson } from "../core/contract/json";`],
    ["playground/index.ts", `import { pino } from "pino";`],
    ["playground/web/main.ts", `import { createStore } from "../store";`],
    ["config/index.ts", `import { createLogger } from "../logging";`],
    ["config/index.ts", `import { createWebex } from "../platforms/webex";`],
    ["logging.ts", `import { z } from "zod";`],
    ["load/bots.ts", `import { loadCards } from "../cards/load";`],
    ["cards/load.ts", `import { loadBots } from "../load/bots";`],
    ["cards/load.ts", `import express from "express";`],
    ["playground/index.ts", `import { loadCards } from "../cards/load";`],
    ["for-bots.ts", `export { createBellhop } from "./bellhop";`],
    ["for-bots.ts", `export { createWebex } from "./platforms/webex";`],
    ["for-bots.ts", `export { loadCards } from "./cards/load";`],
    ["index.ts", `export { z } from "zod";`],
  ])("in %s: %s", (file, source) => {
    expect(importsOf(file, source).flatMap((one) => violation(one) ?? [])).toHaveLength(1);
  });

  it("no import that it should allow", () => {
    const source = `
      import { readFile } from "node:fs";
      import type { Logger } from "../core/contract/logger"; // not from "../core/contract/errors"
      const text = 'taken from "axios"';
      import express, { type Express } from "express";
      import {
        Store,
      } from "./store";`;
    expect(importsOf("playground/index.ts", source).flatMap((one) => violation(one) ?? [])).toEqual([]);
  });

  it("a cycle, however long", () => {
    const chain = ["a", "b", "c", "a"].map(
      (to, index, all): Import => ({ from: all[index - 1] ?? "z", to, kind: "file" }),
    );
    expect(findCycle(chain)).toEqual(["a", "b", "c", "a"]);
    expect(findCycle(chain.slice(0, -1))).toBeUndefined();
  });
});

function violation({ from, to, kind }: Import): string | undefined {
  const rule = ruleFor(from);
  if (rule === undefined) return `${from} has no rule`;
  const isAllowed =
    kind === "package"
      ? rule.packages.includes(to)
      : isSamePart(rule, from, to) || rule.parts.some((part) => isIn(to, part));
  return isAllowed ? undefined : `${from} imports ${to}`;
}

// A platform may import its own folder, which the pattern alone does not say.
function isSamePart(rule: Rule, from: string, to: string): boolean {
  const depth = rule.part.split("/").length;
  return ruleFor(to) === rule && first(from, depth) === first(to, depth);
}

function first(path: string, count: number): string {
  return path.split("/").slice(0, count).join("/");
}

function ruleFor(file: string): Rule | undefined {
  return RULES.find(({ part }) => isIn(file, part));
}

function isIn(file: string, part: string): boolean {
  if (part === "*" || file === part) return true;
  return part.endsWith("/*") ? file.startsWith(part.slice(0, -1)) : file.startsWith(`${part}/`);
}

function importsOf(file: string, source: string): Import[] {
  return ts.preProcessFile(source, true, true).importedFiles.flatMap(({ fileName: specifier }): Import[] => {
    if (isBuiltin(specifier)) return [];
    const from = withoutEnding(file);
    if (!specifier.startsWith(".")) return [{ from, to: packageOf(specifier), kind: "package" }];
    return [{ from, to: toFile(join(dirname(file), specifier)), kind: "file" }];
  });
}

function packageOf(specifier: string): string {
  return first(specifier, specifier.startsWith("@") ? 2 : 1);
}

/** `./store` may be store.ts or store/index.ts. */
function toFile(path: string): string {
  const bare = normalize(path);
  return FILES.includes(`${bare}.ts`) || !FILES.includes(`${bare}/index.ts`) ? bare : `${bare}/index`;
}

function withoutEnding(file: string): string {
  return file.replace(/\.ts$/, "");
}

function findCycle(imports: readonly Import[]): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to, kind } of imports)
    if (kind === "file") next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(file);
    if (start !== -1) return [...path.slice(start), file];
    if (done.has(file)) return undefined;
    for (const other of next.get(file) ?? []) {
      const cycle = visit(other, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
