import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBlockedTime } from "../../src/watchdog/blocked-time";

const PROGRAM = join(__dirname, "program.mjs");
const SPIN_LINE =
  readFileSync(PROGRAM, "utf8")
    .split("\n")
    .findIndex((line) => line.includes("LINE spin")) + 1;

/** What a program with a watchdog came to. */
interface Outcome {
  readonly signal: NodeJS.Signals | null;
  readonly log: readonly Record<string, unknown>[];
  readonly recorded: readonly { readonly event: number; readonly where: string }[];
  readonly output: string;
}

describe("the watchdog", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bellhop-watchdog-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs one of the program's scenarios. @param stopForMs how long it is left in peace once it has stopped itself */
  async function run(scenario: string, stopForMs?: number): Promise<Outcome> {
    const record = join(folder, scenario);
    const child = spawn(process.execPath, [PROGRAM, scenario, record], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    const ended = once(child, "close");
    if (stopForMs !== undefined) {
      while (!isStopped(child.pid)) await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, stopForMs));
      child.kill("SIGCONT");
    }
    const [, signal] = (await ended) as [number | null, NodeJS.Signals | null];
    return {
      signal,
      output,
      log: linesOf(output),
      recorded: existsSync(record) ? (linesOf(readFileSync(record, "utf8")) as never) : [],
    };
  }

  it.each([
    ["a loop", "loop", SPIN_LINE],
    ["an expression that backtracks", "expression", undefined],
    ["a loop after an await, beside another event", "after-await", SPIN_LINE],
    ["a loop in a function that the handler waits for", "in-helper", SPIN_LINE],
    ["a loop below five thousand calls", "deep-recursion", SPIN_LINE],
    ["Atomics.wait", "atomics-wait", undefined],
  ])("names the event and the line of %s", async (_, scenario, line) => {
    const { signal, log, recorded } = await run(scenario);
    expect(signal).toBe("SIGKILL");
    expect(log[0]).toMatchObject({ level: "error", event: 2, bot: "test", handler: "second" });
    expect(log[0]?.at).toMatch(new RegExp(`program\\.mjs:${line ?? "\\d+"}$`));
    expect(recorded).toEqual([{ event: 2, where: `second of bot "test", ${log[0]?.at}` }]);
    expect(log[1]).toMatchObject({ key: "key of 2", times: 1 });
  });

  it("names the event of a handler that calls native code before its first await", async () => {
    const { signal, recorded } = await run("sync-child");
    expect([signal, recorded]).toEqual(["SIGKILL", [{ event: 2, where: 'second of bot "test"' }]]);
  });

  it("names the event of a handler that went on when its time was up, and not the one after it", async () => {
    expect((await run("overrun")).recorded).toMatchObject([{ event: 1 }]);
  });

  it.each([
    ["native code after an await blocks", "sync-child-after-await"],
    ["two events wait for what blocks", "work-of-both"],
    ["a timer outside of handlers blocks", "timer"],
  ])("ends the process, logs the events under way and blames none when %s", async (_, scenario) => {
    const { signal, log, recorded } = await run(scenario);
    expect([signal, recorded]).toEqual(["SIGKILL", []]);
    const [line] = log;
    expect(line?.underWay).toContainEqual({ event: 1, bot: "test", handler: "first" });
    expect(line).not.toHaveProperty("event");
  });

  it.each([
    ["a handler that awaits for longer than the limit", "long-await", undefined],
    ["a process that was stopped for longer than the limit", "stopped", 1_500],
    ["a process that a debugger may hold", "debugged", undefined],
    ["blocks that are shorter than the limit, one after the other", "short-blocks", undefined],
  ])("leaves alone %s", async (_, scenario, stopForMs) => {
    expect(await run(scenario, stopForMs)).toMatchObject({ signal: null, log: [], recorded: [] });
  });
});

describe("the time that the event loop is blocked", () => {
  it("is counted in the watchdog's own turns, however late one of them comes", () => {
    const time = createBlockedTime(100);
    expect([0, 100, 200, 300, 60_000, 60_100].map((now) => time.look(now, 1))).toEqual([
      0, 100, 200, 300, 400, 500,
    ]);
  });

  it("begins anew when the event loop has turned", () => {
    const time = createBlockedTime(100);
    expect([1, 1, 1, 2, 2].map((beats, turn) => time.look(turn * 100, beats))).toEqual([0, 100, 200, 0, 100]);
  });
});

function isStopped(pid: number | undefined): boolean {
  // The state is the first field behind the name, which may hold any character.
  return /\) T /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** The lines that are JSON. */
function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
