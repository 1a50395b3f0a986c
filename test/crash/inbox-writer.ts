/**
 * Adds events and handles them until it is killed, and says what it knows to be done: `added 7` once event 7 is
 * accepted, `settling 7` before it is settled, `settled 7` once that is on disk.
 */
import { writeSync } from "node:fs";
import { openEmbedded } from "../../src/inbox/embedded";
import { numbered } from "./numbered";

const ADDERS = 8;
const HANDLED_AT_ONCE = 4;

/** Straight to the pipe: what is said must not be lost in a buffer when the process is killed. */
const say = (word: string, number: unknown): void => void writeSync(1, `${word} ${number}\n`);

async function run(file: string, from: number): Promise<void> {
  const inbox = await openEmbedded({ file });
  let number = from;

  async function addForever(): Promise<void> {
    for (;;) {
      const mine = number++;
      await inbox.add(numbered(mine));
      say("added", mine);
    }
  }

  async function handleForever(): Promise<void> {
    const never = new AbortController().signal;
    for (;;) {
      const leases = await inbox.take(HANDLED_AT_ONCE, never);
      await Promise.all(
        leases.map(async (lease) => {
          const mine = lease.notice.data.number;
          if (lease.attempt === 1 && Number(mine) % 7 === 0) {
            const error = { code: "unknown", message: "again" };
            return lease.settle({ kind: "retry", afterMs: 1, error });
          }
          say("settling", mine);
          await lease.settle({ kind: "handled" });
          say("settled", mine);
        }),
      );
    }
  }

  await Promise.all([...Array.from({ length: ADDERS }, addForever), handleForever()]);
}

const [file = "", from] = process.argv.slice(2);
void run(file, Number(from));
