import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");
const main = join(root, "dist/cli/main.js");
const page = join(root, "dist/playground/web/main.js");
const startMs = 20_000;

/** The built program, as `npm start` runs it. */
export interface Program {
  /** The playground's page, with a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the program as somebody without any account does, and waits until it says where it serves.
 *
 * @param port 0, the default, takes a free one.
 */
export async function startProgram(port = 0): Promise<Program> {
  for (const built of [main, page])
    if (!existsSync(built)) throw new Error(`There is no ${built}: run \`npm run build\` first.`);
  const home = await mkdtemp(join(tmpdir(), "bellhop-page-"));
  const child = spawn(process.execPath, [main, "start"], {
    // Not the repository: a developer's own .env would connect the test to their real bot.
    cwd: home,
    env: { ...strangersEnvironment(), PORT: String(port), DATA_DIR: join(home, "data") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    return { url: await addressOf(child), stop: () => stop(child, home) };
  } catch (error) {
    await stop(child, home);
    throw error;
  }
}

function strangersEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => name !== "HOST" && !name.startsWith("WEBEX_"));
  return { BOTS_DIR: join(root, "bots"), CARDS_DIR: join(root, "cards"), ...Object.fromEntries(own) };
}

async function addressOf(child: ChildProcess): Promise<string> {
  let output = "";
  return await new Promise((found, failed) => {
    const fail = (why: string): void => failed(new Error(`The program ${why}. It wrote:\n${output}`));
    const timer = setTimeout(() => fail(`did not serve within ${startMs} ms`), startMs);
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const url = /http:\/\/[^\s"]+\/playground\/(?=\s)/.exec(output)?.[0];
      if (url === undefined) return;
      clearTimeout(timer);
      found(url);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    });
  });
}

async function stop(child: ChildProcess, home: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }
  await rm(home, { recursive: true, force: true });
}
