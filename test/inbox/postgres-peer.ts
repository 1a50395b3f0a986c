/**
 * One of several processes on one database: adds events, handles them, or changes records, and tells what it did with
 * the time by a clock that all processes of this computer share.
 *
 *     node postgres-peer.ts <url> add <name> <rounds>     <ns> added <key>, once it is safe
 *     node postgres-peer.ts <url> handle <name>           <ns> begun|settling|settled <key> <id>
 *     node postgres-peer.ts <url> claim <name> <rounds>   <ns> won <round>, once the record "go" is there
 *     node postgres-peer.ts <url> count <name> <rounds>   one more in the record "count" each round, from then on
 */
import { writeSync } from "node:fs";
import { RecordConflictError } from "../../src/core/contract/errors";
import { createNotice } from "../../src/core/contract/notice";
import type { RecordChange } from "../../src/core/contract/records";
import { openPostgres } from "../../src/inbox/postgres";

const CONVERSATIONS = 8;
/** Writers of one record at the same time, in this process. */
const WRITERS = 10;

function tell(...words: readonly (string | number)[]): void {
  writeSync(1, `${process.hrtime.bigint()} ${words.join(" ")}\n`); // at once: the process may be killed next
}

async function run(url: string, role: string, name: string, rounds: number): Promise<void> {
  const inbox = await openPostgres({ databaseUrl: url });
  tell("ready", name);

  async function add(): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        Array.from({ length: CONVERSATIONS }, async (_, room) => {
          const key = `${room}:${name}:${String(round).padStart(6, "0")}`;
          const parts = { name: "messages.created", key, conversation: `room ${room}`, data: {} };
          await inbox.add(createNotice({ name: "webex", account: "default" }, parts));
          tell("added", key);
        }),
      );
    }
  }

  async function handle(): Promise<void> {
    const never = new AbortController().signal;
    for (;;) {
      const leases = await inbox.take(4, never);
      await Promise.all(
        leases.map(async (lease) => {
          const key = lease.notice.key.split("/").at(-1) ?? "";
          tell("begun", key, lease.id);
          await new Promise((resolve) => setTimeout(resolve, 2));
          tell("settling", key, lease.id);
          await lease.settle({ kind: "handled" });
          tell("settled", key, lease.id);
        }),
      );
    }
  }

  /** @returns whether this writer was the one who changed it */
  async function wins(change: RecordChange): Promise<boolean> {
    try {
      await inbox.records.write([change]);
      return true;
    } catch (error) {
      if (error instanceof RecordConflictError) return false;
      throw error;
    }
  }

  async function claim(): Promise<void> {
    while ((await inbox.records.read("go")) === undefined);
    for (let round = 0; round < rounds; round++) {
      const key = `claim ${round}`;
      const claims = Array.from({ length: WRITERS }, () => wins({ key, value: name, ifVersion: 0 }));
      for (const won of await Promise.all(claims)) if (won) tell("won", `${round}`);
    }
  }

  async function count(): Promise<void> {
    while ((await inbox.records.read("go")) === undefined);
    for (let round = 0; round < rounds; ) {
      const found = await inbox.records.read("count");
      const value = Number(found?.value ?? 0) + 1;
      if (await wins({ key: "count", value, ifVersion: found?.version ?? 0 })) round++;
    }
  }

  const roles: Readonly<Record<string, () => Promise<void>>> = { add, handle, claim, count };
  await roles[role]?.();
  await inbox.close();
  tell("done", name);
}

const [url = "", role = "", name = "", rounds = "0"] = process.argv.slice(2);
void run(url, role, name, Number(rounds));
