import { Worker } from "node:worker_threads";
import { BoundedText, READ_CHARACTERS } from "../../../src/core/util/bounded-regexp";

/** Each needs more time for `HOSTILE` than the world will last. */
const SLOW = [/^(a+)+$/, /^(?:a|a)*$/, /^(\w+\s?)*$/, /^(?=(a+)+$)/, /^(a*)*\1$/];
const HOSTILE = `${"a".repeat(60)}!`;

describe("a search on a bounded text", () => {
  it.each(SLOW)("ends for the exponential expression %s", (slow) => {
    expect(new BoundedText(HOSTILE).search([slow])).toEqual({ kind: "out-of-time", index: 0 });
  });

  it("ends for a polynomial expression and a long text", () => {
    const text = new BoundedText("a".repeat(READ_CHARACTERS));
    expect(text.search([/a.*a.*a.*z/])).toEqual({ kind: "out-of-time", index: 0 });
  });

  it("finds the first expression that matches, with an ordinary match", () => {
    const result = new BoundedText("room 12").search([/floor/, /room (?<number>\d+)/d, /room/]);
    if (result?.kind !== "match") throw new Error(`expected a match, got ${result?.kind}`);
    const { index, match } = result;
    expect(index).toBe(1);
    expect(match).toBeInstanceOf(Array);
    expect(match).toEqual(/room (?<number>\d+)/d.exec("room 12"));
    expect(match.groups?.number).toBe("12");
    expect(match.indices?.[1]).toEqual([5, 7]);
  });

  it("goes on where the caller says", () => {
    const text = new BoundedText("ab");
    expect(text.search([/a/, /b/, /c/], 1)).toMatchObject({ kind: "match", index: 1 });
    expect(text.search([/a/, /b/, /c/], 2)).toBeUndefined();
    expect(text.search([/c/, /a/], 0, 1)).toBeUndefined();
  });

  it("does not heed where a global or sticky expression stopped", () => {
    const expressions = [/x/, /a/g, /a/y];
    for (const run of [1, 2, 3]) {
      const result = new BoundedText("aa").search(expressions, run === 3 ? 2 : 0);
      expect(result).toMatchObject({ kind: "match", index: run === 3 ? 2 : 1, match: { index: 0 } });
    }
  });

  it("blames the slow expression, and the others still match", () => {
    const text = new BoundedText(HOSTILE);
    const expressions = [/b/, /c/, /^(a+)+$/, /d/, /a!/];
    expect(text.search(expressions)).toEqual({ kind: "out-of-time", index: 2 });
    expect(text.search(expressions, 3)).toMatchObject({ kind: "match", index: 4 });
  });

  it("has a limit for all expressions together", () => {
    const expressions = Array.from({ length: 100 }, () => /^(a+)+$/);
    const text = new BoundedText(HOSTILE);
    const kinds = expressions.map((_, index) => text.search(expressions, index)?.kind);
    const timeOuts = kinds.filter((kind) => kind === "out-of-time").length;
    expect(timeOuts).toBeGreaterThan(0);
    expect(timeOuts).toBeLessThanOrEqual(20);
    expect(kinds.slice(timeOuts)).toEqual(Array.from({ length: 100 - timeOuts }, () => "skipped"));
  });

  it("reads the beginning of a long text", () => {
    const text = new BoundedText(`${"a".repeat(READ_CHARACTERS)}b`);
    expect(text.search([/b/, /^a+$/])).toMatchObject({ kind: "match", index: 1 });
  });

  it("takes an expression that is too large for the engine for one without a match", () => {
    const huge = new RegExp("[\\w.]+x".repeat(20_000));
    const text = new BoundedText("b");
    expect(text.search([huge, /b/])).toEqual({ kind: "out-of-time", index: 0 });
    expect(text.search([huge, /b/], 1)).toMatchObject({ kind: "match", index: 1 });
  });

  it("ends in a worker thread", async () => {
    const module = require.resolve("../../../src/core/util/bounded-regexp");
    const code = `
      require(${JSON.stringify(require.resolve("../../crash/typescript.cjs"))});
      const { BoundedText } = require(${JSON.stringify(module)});
      require("node:worker_threads").parentPort.postMessage(new BoundedText(${JSON.stringify(HOSTILE)}).search([/^(a+)+$/]));
    `;
    const worker = new Worker(code, { eval: true });
    const result = await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    expect(result).toEqual({ kind: "out-of-time", index: 0 });
    await worker.terminate();
  });
});
