import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ListeningPlayground } from "../../src/playground/listen";
import { freePort, startProgram, untilReady } from "../program";

const root = resolve(__dirname, "../..");

/** The built program as somebody without any account runs it, with the bots of this repository. */
export interface ServedPlayground {
  /** The page, with a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** A built playground without a bot, so that a test can say what a bot says. */
export async function servePlaygroundAlone(): Promise<ListeningPlayground> {
  // Only the built one has the page's script beside it.
  const built: typeof import("../../src/playground/listen") = require(`${root}/dist/playground/listen.js`);
  return await built.listenPlayground();
}

/**
 * @param port Where it serves. @default a free one
 * @param env What else is set.
 */
export async function servePlayground(
  port?: number,
  env: Readonly<Record<string, string>> = {},
): Promise<ServedPlayground> {
  const home = await mkdtemp(join(tmpdir(), "bellhop-page-"));
  const served = port ?? (await freePort());
  const program = startProgram(
    {
      PORT: String(served),
      DATA_DIR: join(home, "data"),
      BOTS_DIR: join(root, "bots"),
      CARDS_DIR: join(root, "cards"),
      ...env,
    },
    // Not the repository: a developer's own .env would connect the test to their real bot.
    home,
  );
  const close = async (): Promise<void> => {
    program.child.kill("SIGTERM");
    await program.ended;
    await rm(home, { recursive: true, force: true });
  };
  const origin = `http://127.0.0.1:${served}`;
  try {
    await untilReady(program, origin);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `${origin}/playground/`, close };
}
