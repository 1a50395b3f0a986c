import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkOptions, optionNames } from "../core/contract/check-options";
import type { Observer } from "../core/contract/observer";
import type { Playground } from "../playground";
import { listenPlayground } from "../playground/listen";
import { BOT_WAIT_MS } from "../playground/signal";
import { createClock, type MovableClock } from "./clock";
import { createTestIntercom, logIntercom, type TestIntercom } from "./intercom";
import { type Program, SERVE_OPTIONS, type ServeOptions, startProgram } from "./program";
import { Progress } from "./progress";
import { SentLog } from "./sent-log";
import { createTestSpika, logSpika, type TestSpika } from "./spika";
import type { TurnParts } from "./turn";
import { createPerson, logWebex, type Member, type Person, type Room } from "./webex";

/** How patient a test is. */
export interface TestPlaygroundOptions {
  /** How long bots may take to be done with something, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /** A bot in another process is taken to be done when it has written nothing for so long, in milliseconds. @default 1_000 */
  readonly quietMs?: number | undefined;
  /**
   * Whether the clock is moved ahead whenever an event waits for its next attempt, so that no test waits with it.
   * @default true
   */
  readonly skipsWaits?: boolean | undefined;
}

const OPTIONS = optionNames<TestPlaygroundOptions>({ timeoutMs: true, quietMs: true, skipsWaits: true });

/** Webex, Spika and Intercom on a free port of this computer, for one test file. */
export interface TestPlayground {
  /** The chat page, to look at what a test has done while it stands still. */
  readonly url: string;
  /** The time for the playground, the inbox, buttons and catching up. */
  readonly clock: MovableClock;
  /** The bot that is written to. */
  readonly bot: Member;
  /** The room that is there at the start, with the bot in it. */
  readonly lobby: Room;
  /**
   * Serves bots in this process.
   * @throws LoadError as `createBellhop`
   */
  serve(options?: ServeOptions): Promise<Program>;
  /**
   * Somebody new, whom nobody else writes as: tests that each have their own people do not touch each other.
   * @param email for bots that look at it. @default made of the name
   */
  person(displayName?: string, email?: string): Person;
  readonly spika: TestSpika;
  readonly intercom: TestIntercom;
  /**
   * Lets bots in another process receive what happens here.
   * @param programUrl where it listens, without a slash at the end
   * @returns the variables of the environment that it is to be started with
   */
  connect(programUrl: string): Readonly<Record<string, string>>;
  /** What is to go wrong: `faults.add({ on: "call", do: { kind: "status", status: 503 }, times: 2 })`. */
  readonly faults: Playground["faults"];
  /** What is underneath, for whatever has no word here. */
  readonly playground: Playground;
  close(): Promise<void>;
}

/** The page's timeline shows the bots' side in tests, too. */
function both(one: Observer, other: Observer): Observer {
  return {
    accepted(...told) {
      one.accepted?.(...told);
      other.accepted?.(...told);
    },
    began(...told) {
      one.began?.(...told);
      other.began?.(...told);
    },
    settled(...told) {
      one.settled?.(...told);
      other.settled?.(...told);
    },
  };
}

/** Starts a playground of one's own. Close it, or the test's process does not end. */
export async function createPlayground(options: TestPlaygroundOptions = {}): Promise<TestPlayground> {
  checkOptions("createPlayground", options, OPTIONS);
  const { timeoutMs = BOT_WAIT_MS, quietMs = 1_000, skipsWaits = true } = options;
  const clock = createClock();
  const playground = await listenPlayground({ now: clock.now });
  const folder = await mkdtemp(join(tmpdir(), "bellhop-testing-"));
  const sent = new SentLog();
  const progress = new Progress(
    () => sent.position,
    (afterMs) => {
      if (skipsWaits) clock.advance(afterMs);
    },
  );
  logWebex(playground, sent);
  logSpika(playground, sent);
  logIntercom(playground, sent);
  const programs: Program[] = [];
  const turns: TurnParts = {
    ...{ sent, progress, timeoutMs, quietMs },
    areBotsHere: () => programs.length > 0,
    lately: () => playground.lately(),
  };
  let people = 0;

  return {
    url: playground.url,
    clock,
    bot: playground.webex.bot,
    lobby: { id: playground.webex.lobbyId, title: "Lobby" },
    async serve(serveOptions = {}) {
      checkOptions("serve", serveOptions, SERVE_OPTIONS);
      const program = await startProgram(
        {
          ...{ playground, now: clock.now },
          observer: both(progress.observer, playground.observer),
          folder: join(folder, String(programs.length)),
        },
        serveOptions,
      );
      programs.push(program);
      return program;
    },
    person(displayName = `Person ${++people}`, email) {
      return createPerson(playground, playground.addPerson(displayName, email), turns);
    },
    spika: createTestSpika(playground, turns),
    intercom: createTestIntercom(playground, turns),
    connect: playground.connect,
    faults: playground.faults,
    playground,
    async close() {
      await Promise.all(programs.map((program) => program.stop()));
      await playground.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
