/**
 * One of several processes on one database: adds events, or handles them, and tells what it did with the time by a
 * clock that all processes of this computer share.
 *
 *     node postgres-peer.ts <url> add <name> <rounds>     <ns> added <key>, once it is safe
 *     node postgres-peer.ts <url> handle <name>           <ns> begun|settling|settled <key> <id>
 */
import { writeSync } from "node:fs";
import { createNotice } from "../../src/core/notice";
import { openPostgres } from "../../src/inbox/postgres";

const CONVERSATIONS = 8;

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

  await (role === "add" ? add() : handle());
  await inbox.close();
  tell("done", name);
}

const [url = "", role = "", name = "", rounds = "0"] = process.argv.slice(2);
void run(url, role, name, Number(rounds));
