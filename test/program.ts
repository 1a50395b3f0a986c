import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { runCommand as run } from "../src/cli/run-command";
import { type Output, Terminal } from "../src/cli/terminal";

/** The built program, running as its own process. */
export interface Program {
  readonly child: ChildProcess;
  /** What it has written so far, both outputs together. */
  output(): string;
  /** Resolves once it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts `bellhop start` with nothing in its environment but what is given. Jest has built it before the tests. */
export function startProgram(env: Readonly<Record<string, string>>, cwd = join(__dirname, "..")): Program {
  const main = join(__dirname, "../dist/cli/main.js");
  const child = spawn(process.execPath, [main, "start"], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const ended = new Promise<Awaited<Program["ended"]>>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  return { child, output: () => output, ended };
}

/** What a command came to. */
export interface CommandResult {
  readonly code: number | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = join(__dirname, "..");

/** Runs `bellhop …` in this process, with nothing in its environment but what is given. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = ROOT,
): Promise<CommandResult> {
  const written = { stdout: "", stderr: "" };
  const streamTo = (name: keyof typeof written): Output => ({ write: (text) => (written[name] += text) });
  if (running > 0 && process.cwd() !== cwd)
    throw new Error(`a command runs in ${process.cwd()} at this time`);
  running++;
  process.chdir(cwd);
  try {
    const code = await run(args, new Terminal({ ...env }, streamTo("stdout"), streamTo("stderr")));
    return { code, ...written };
  } finally {
    running--;
    if (running === 0) process.chdir(ROOT);
  }
}

/** Commands that run in this process at this time: they share its working directory. */
let running = 0;

/** Runs `bellhop …` as a process of its own, for what only a process shows. */
export async function runProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = ROOT,
): Promise<CommandResult> {
  const main = join(ROOT, "dist/cli/main.js");
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (chunk) => (written[name] += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...written };
}

/** Shorter than a test may take, so that the test says what the program wrote. */
const READY_MS = 100_000;

/** Waits until the program handles events. @throws Error with its output when it ends, or hangs */
export async function untilReady(program: Program, url: string): Promise<void> {
  let over = false;
  void program.ended.then(() => {
    over = true;
  });
  const deadline = Date.now() + READY_MS;
  while (!over && Date.now() < deadline) {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    if (response?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the program is not ready; it wrote:\n${program.output()}`);
}

/**
 * A port that is free now. Below those that the system gives to outgoing connections, so that none of them takes it before
 * the program listens.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(12_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error("found no free port in 100 tries");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
