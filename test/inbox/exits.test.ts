import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { openEmbedded } from "../../src/inbox/embedded";
import { tempDir } from "./temp-dir";

// The built one: a program of a few lines then starts in a moment.
const BUILT = join(__dirname, "../../dist/inbox/embedded/index.js");

/** Adds events without a pause, four at a time, and runs `end` in the middle of it. */
const PROGRAM = `
const { openEmbedded } = require(process.argv[1]);
const end = { exit: () => process.exit(Number(process.argv[3])), throw: () => { throw new Error("not caught"); } };
const notice = (key) => ({ platform: "webex", account: "default", name: "messages.created", key, conversation: key, data: { text: "x".repeat(5000) } });
openEmbedded({ dataDir: process.argv[2] }).then((inbox) => {
  let added = 0;
  const more = async (lane) => {
    for (let n = 0; ; n++) {
      await inbox.add(notice(lane + " " + n));
      process.stdout.write(++added + "\\n");
    }
  };
  for (const lane of ["a", "b", "c", "d"]) more(lane);
  setTimeout(end[process.argv[4]], 60 + Math.random() * 20);
});`;

async function run(
  status: number,
  end: "exit" | "throw",
): Promise<{ code: number | null; signal: string | null; added: number; waiting: number }> {
  const dataDir = tempDir();
  const child = spawn(process.execPath, ["-e", PROGRAM, BUILT, dataDir, String(status), end], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  const [code, signal] = await once(child, "close");
  const inbox = await openEmbedded({ dataDir });
  const { waiting } = await inbox.counts();
  await inbox.close();
  return { code, signal, added: output.trim().split("\n").length, waiting };
}

describe("a process that ends in the middle of adding", () => {
  it.each([
    ["process.exit(0)", 0, "exit", 0],
    ["process.exit(7)", 7, "exit", 7],
    ["an error that is not caught", 0, "throw", 1],
  ] as const)(
    "by %s ends with that status, and has kept what it acknowledged",
    async (_, given, end, status) => {
      for (let time = 0; time < 5; time++) {
        const { code, signal, added, waiting } = await run(given, end);
        expect([code, signal]).toEqual([status, null]);
        expect(waiting).toBeGreaterThanOrEqual(added);
      }
    },
  );
});
