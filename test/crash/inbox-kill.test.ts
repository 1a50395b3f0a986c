import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openEmbedded } from "../../src/inbox/embedded";
import { numbered } from "./numbered";

const KILLS = 12;
const WRITER = resolve(__dirname, "inbox-writer.ts");

const dir = mkdtempSync(join(tmpdir(), "bellhop-crash-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** What a writer had said when it was killed, by the first word of each line. */
type Said = Record<"added" | "settling" | "settled", number[]>;

/** Lets a writer work for `ms` after its first word, kills it and reads what it said. */
async function killed(file: string, from: number, ms: number): Promise<Said> {
  const writer = spawn(process.execPath, ["--import", "jiti/register", WRITER, file, `${from}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  writer.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    if (text === "") setTimeout(() => writer.kill("SIGKILL"), ms);
    text += chunk;
  });
  const [, signal] = await once(writer, "close");
  expect(signal).toBe("SIGKILL");
  const said: Said = { added: [], settling: [], settled: [] };
  for (const line of text.split("\n").slice(0, -1)) {
    const [word, number] = line.split(" ");
    // Asserted: the writer says these three words only; another one fails here.
    said[word as keyof Said].push(Number(number));
  }
  return said;
}

/** Handles everything that is left. @returns the numbers, in the order in which they were handed out */
async function drain(file: string): Promise<number[]> {
  const inbox = await openEmbedded({ file });
  const numbers: number[] = [];
  while ((await inbox.counts()).waiting > 0) {
    for (const lease of await inbox.take(50, new AbortController().signal)) {
      expect(lease.notice).toEqual(numbered(Number(lease.notice.data.number)));
      numbers.push(Number(lease.notice.data.number));
      await lease.settle({ kind: "handled" });
    }
  }
  await inbox.close();
  return numbers;
}

it("loses, repeats and reorders nothing that was confirmed, whenever it is killed", async () => {
  const file = join(dir, "inbox.db");
  const added = new Set<number>();
  const begun = new Set<number>();
  const settled: number[] = [];

  for (let kill = 0; kill < KILLS; kill++) {
    const said = await killed(file, kill * 1_000_000, Math.random() * 150);
    for (const number of said.added) added.add(number);
    for (const number of said.settling) {
      expect(settled).not.toContain(number);
      begun.add(number);
    }
    settled.push(...said.settled);
    // Every other time the next writer finds what this one left.
    if (kill % 2 === 1) {
      const left = await drain(file);
      const before = new Set(settled);
      expect(left.filter((number) => before.has(number))).toEqual([]);
      settled.push(...left);
    }
  }

  const done = new Set(settled);
  expect(done.size).toBe(settled.length);
  // What was being settled when the process was killed may have been, without a word.
  expect([...added].filter((number) => !done.has(number) && !begun.has(number))).toEqual([]);
  const last = new Map<string, number>();
  for (const number of settled) {
    const { conversation } = numbered(number);
    expect(number).toBeGreaterThan(last.get(conversation) ?? -1);
    last.set(conversation, number);
  }

  const inbox = await openEmbedded({ file });
  const again = await Promise.all([...added].map((number) => inbox.add(numbered(number))));
  expect(new Set(again)).toEqual(new Set(["duplicate"]));
  await inbox.close();
  expect(added.size).toBeGreaterThan(KILLS * 10);
});
