import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbedded } from "../../src/inbox/embedded";
import { freePort, type Program, untilReady } from "../program";

const ROOT = join(__dirname, "../..");

/** `npm start` as it is written in package.json, without the build before it: that has been done for these tests. */
function startWithNpm(env: Readonly<Record<string, string>>): Program {
  const child = spawn("npm", ["--ignore-scripts", "--no-update-notifier", "start"], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that nothing stays behind when the test fails.
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const ended = new Promise<Awaited<Program["ended"]>>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  return { child, output: () => output, ended };
}

function endGroup({ child }: Program): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // All of them have ended.
  }
}

describe("npm start", () => {
  let folder: string;
  let program: Program | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bellhop-npm-start-"));
  });
  // Also when the program does not end, and the test gives up.
  afterEach(() => {
    if (program !== undefined) endGroup(program);
    program = undefined;
    rmSync(folder, { recursive: true });
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "passes %s on to the program, ends with 0, and leaves port and inbox free",
    async (signal) => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      program = startWithNpm({ PORT: String(port), DATA_DIR: folder, LOG_LEVEL: "info" });
      await untilReady(program, url);
      program.child.kill(signal);
      expect(await program.ended).toEqual({ code: 0, signal: null });
      expect(program.output()).toContain("stopping");
      await expect(fetch(`${url}/healthz`)).rejects.toThrow("fetch failed");
      await (await openEmbedded({ dataDir: folder })).close();
    },
    45_000,
  );
});
