import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort, type Program, startProgram, untilReady } from "../../program";
import { idOf } from "./handler-log";
import type { Clock, Death, Kill, Ledger, Moment, Pause } from "./ledger";

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
  /** Resolves once it is stopped by SIGSTOP, as it was started to be or at once. */
  paused(): Promise<void>;
  /** SIGCONT. */
  resume(): void;
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
  /** When it is stopped by SIGSTOP; without `forMs` until `resume`. @default as the kill says */
  readonly pause?: (Moment & Partial<Pause>) | undefined;
  readonly clock?: Clock | undefined;
}

const TEST_DIR = join(__dirname, "..");
const PRELOAD = join(__dirname, "fault-preload.cjs");
/** With PostgreSQL a room whose lease died with a program rests for 25 s; a point that is not reached then never is. */
const POINT_MS = 30_000;

/** Handlers may take 20 s to finish, as docs/deploy.md says; then there is the inbox to close. */
const STOP_MS = 25_000;

/** What the program writes where it stops itself at a fault point. */
const PAUSED_LINE = "crash: paused";

export async function startCrashProgram(options: CrashProgramOptions): Promise<CrashProgram> {
  const { ledger, kill, pause = kill?.pause, clock = kill?.clock } = options;
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
    ...(pause !== undefined && "point" in pause
      ? { CRASH_PAUSE_POINT: pause.point, CRASH_PAUSE_NTH: `${pause.nth}` }
      : {}),
    ...(clock === undefined ? {} : { CRASH_CLOCK: JSON.stringify(clock) }),
    ...options.env,
  });
  const pid = program.child.pid ?? -1;
  ledger.write({ is: "started", pid });
  let onPaused: () => void = () => undefined;
  const pausedAtPoint = new Promise<void>((resolve) => {
    onPaused = resolve;
  });
  readOutput(program, (line) => {
    if (line === PAUSED_LINE) onPaused();
    else noteSettlement(line, pid, ledger);
  });

  function stopNow(): void {
    if (!program.child.kill("SIGSTOP")) return;
    ledger.write({ is: "paused", pid });
    onPaused();
  }

  function resume(): void {
    // Written before, so that nothing that it does then is older than this line.
    ledger.write({ is: "resumed", pid });
    program.child.kill("SIGCONT");
  }

  /** Stops it as planned, unless it ends before. */
  async function untilPaused(): Promise<void> {
    if (pause === undefined || "point" in pause) return pausedAtPoint;
    await untilReady(program, url);
    await wait(pause.afterMs);
    stopNow();
  }

  async function goThroughPause(forMs: number): Promise<void> {
    await untilPaused();
    await wait(forMs);
    resume();
  }

  if (pause?.forMs !== undefined) goThroughPause(pause.forMs).catch(() => undefined);

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
    async paused() {
      const late = setTimeout(stopNow, POINT_MS);
      await (pause === undefined ? stopNow() : untilPaused());
      clearTimeout(late);
    },
    resume,
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

function readOutput(program: Program, onLine: (line: string) => void): void {
  let rest = "";
  program.child.stdout?.on("data", (chunk) => {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
}

/** From its log: what it says to be settled is on disk. */
function noteSettlement(line: string, pid: number, ledger: Ledger): void {
  if (!line.includes('"event handled"')) return;
  const { key } = JSON.parse(line) as { key: string }; // as the worker logs it
  ledger.write({ is: "settled", pid, id: idOf(key) });
}
