import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { pinned } from "./machine.mjs";

/**
 * Starts one of our scripts in a process of its own and waits until it is ready.
 * @param {"program" | "webex"} role which decides on its core
 * @param {string} script below this folder
 * @param {object} settings given to the script as JSON
 * @param {string} [profileDir] where its CPU profile goes when it ends
 */
export async function startChild(role, script, settings, profileDir) {
  const profiling = profileDir === undefined ? [] : ["--cpu-prof", "--cpu-prof-dir", profileDir];
  const path = fileURLToPath(new URL(script, import.meta.url));
  const [command, ...args] = [
    ...pinned(role),
    process.execPath,
    ...profiling,
    path,
    JSON.stringify(settings),
  ];
  // What it logs is written, as anybody's program would, and read by nobody.
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });

  const exited = once(child, "exit").then(([code, signal]) => {
    throw new Error(`${script} ended by itself (${signal ?? code})`);
  });
  exited.catch(() => {});

  async function answer() {
    const [message] = await Promise.race([once(child, "message"), exited]);
    return message;
  }

  return {
    /** What it said when it was ready. */
    ready: await answer(),
    /** Asks one question at a time. */
    ask(name, question = {}) {
      child.send({ name, question });
      return answer();
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited.catch(() => {});
    },
  };
}

/**
 * The child's side: says that it is ready, answers, and ends when nobody is there to ask.
 * @param {object} ready
 * @param {Record<string, (question: any) => unknown>} answers by the question's name
 * @param {() => Promise<void> | void} [close]
 */
export function serveParent(ready, answers, close) {
  process.on("message", async ({ name, question }) => {
    process.send(await answers[name](question));
  });
  process.on("disconnect", async () => {
    await close?.();
    process.exit();
  });
  process.send(ready);
}

/** What the parent wants of this child. */
export function settings() {
  return JSON.parse(process.argv[2]);
}
