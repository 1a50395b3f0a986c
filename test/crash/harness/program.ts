import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort, type Program, startProgram, untilReady } from "../../program";
import { idOf } from "./handler-log";
import type { Death, Kill, Ledger } from "./ledger";

/** The built program at work for the harness. */
export interface CrashProgram {
  readonly url: string;
  readonly pid: number;
  /** Resolves once it answers anything: before that it is loading. */
  listens(): Promise<void>;
  /** Resolves once it handles events. @throws Error with what it wrote, when it ends or takes too long */
  ready(): Promise<void>;
  /** Resolves once it was killed as asked. @throws Error with what it wrote, when it ended by itself */
  killed(kill: Kill): Promise<void>;
  /** SIGTERM. Resolves once it has ended, by itself or, when it takes too long, by SIGKILL; the ledger tells how. */
  stop(): Promise<void>;
  /** Ends it at once, if it still runs, and notes nothing: the harness is done with it. */
  discard(): Promise<void>;
}

export interface CrashProgramOptions {
  readonly ledger: Ledger;
  /** Environment: token, addresses, where the inbox is. */
  readonly env: Readonly<Record<string, string>>;
  readonly kill?: Kill | undefined;
}

const TEST_DIR = join(__dirname, "..");
const PRELOAD = join(__dirname, "fault-preload.cjs");
/** With PostgreSQL a room whose lease died with a program rests for 25 s; a point that is not reached then never is. */
const POINT_MS = 30_000;

/** Handlers may take 20 s to finish, as docs/deploy.md says; then there is the inbox to close. */
const STOP_MS = 25_000;

export async function startCrashProgram({ ledger, env, kill }: CrashProgramOptions): Promise<CrashProgram> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = startProgram({
    PORT: String(port),
    BOTS_DIR: join(TEST_DIR, "bots"),
    CARDS_DIR: join(TEST_DIR, "cards"),
    LOG_LEVEL: "info",
    LOG_FORMAT: "json",
    NODE_OPTIONS: `--require ${PRELOAD}`,
    CRASH_LEDGER: ledger.file,
    ...(kill !== undefined && "point" in kill ? { CRASH_POINT: kill.point, CRASH_NTH: `${kill.nth}` } : {}),
    ...env,
  });
  const pid = program.child.pid ?? -1;
  ledger.write({ is: "started", pid });
  noteSettlements(program, pid, ledger);

  return {
    url,
    pid,
    async listens() {
      while ((await fetch(url).catch(() => undefined)) === undefined) await wait(20);
    },
    ready: () => untilReady(program, url),
    async killed(asked) {
      const isTimed = !("point" in asked);
      let wasTimed = false;
      const timer = setTimeout(
        () => {
          wasTimed = true;
          program.child.kill("SIGKILL");
        },
        isTimed ? asked.afterMs : POINT_MS,
      );
      const { code, signal } = await program.ended;
      clearTimeout(timer);
      if (signal !== "SIGKILL")
        throw new Error(`the program ended by itself (${code}):\n${program.output()}`);
      const of: Death = { kind: "killed", by: asked, wasInTime: wasTimed === isTimed };
      ledger.write({ is: "died", pid, of });
    },
    async stop() {
      program.child.kill("SIGTERM");
      const timer = setTimeout(() => program.child.kill("SIGKILL"), STOP_MS);
      const ended = await program.ended;
      clearTimeout(timer);
      ledger.write({ is: "died", pid, of: { kind: "stopped", ...ended } });
    },
    async discard() {
      program.child.kill("SIGKILL");
      await program.ended;
    },
  };
}

/** From its log: what it says to be settled is on disk. */
function noteSettlements(program: Program, pid: number, ledger: Ledger): void {
  let rest = "";
  program.child.stdout?.on("data", (chunk) => {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.includes('"event handled"')) continue;
      const { key } = JSON.parse(line) as { key: string }; // as the worker logs it
      ledger.write({ is: "settled", pid, id: idOf(key) });
    }
  });
}
