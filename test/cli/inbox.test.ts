import type { Inbox } from "../../src/core/contract/inbox";
import { openEmbedded } from "../../src/inbox/embedded";
import { DEAD, HANDLED, noticeOf, takeNow, takeOne } from "../contract/inbox";
import { tempDir } from "../inbox/temp-dir";
import { type CommandResult, runCommand, runProcess } from "../program";

let dataDir: string;
let inbox: Inbox | undefined;

const bellhop = (...args: string[]): Promise<CommandResult> =>
  runCommand(["inbox", ...args], { DATA_DIR: dataDir });
const lines = (text: string): unknown[] =>
  text
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);

/** Events: handled, dropped, two dead of different errors, one that waits. */
async function fill(): Promise<Inbox> {
  dataDir = tempDir();
  const opened = await openEmbedded({ dataDir });
  for (const key of ["handled", "dropped", "dead-1", "dead-2", "waits"]) await opened.add(noticeOf(key));
  const [handled, dropped, first, second] = await takeNow(opened, 4);
  await handled?.settle(HANDLED, { trace: [{ at: Date.now(), step: "fetched", ms: 7 }] });
  const trace = [
    { at: 1, step: "leased", attempt: 1, crashCount: 0 },
    { at: 3, step: "policy", bot: "expenses", refusedBy: "emailDomains" },
    { at: 4, step: "settled", as: "dropped", reason: "the policy refuses" },
  ] as const;
  await dropped?.settle({ kind: "dropped", reason: "the policy refuses" }, { trace });
  await first?.note("echo/hears/1 reply", { kind: "done" });
  await first?.settle(DEAD);
  await second?.settle({ kind: "dead", error: { code: "handler-timeout", message: "too slow" } });
  return opened;
}

afterEach(async () => {
  await inbox?.close();
  inbox = undefined;
});

describe("without a server", () => {
  beforeEach(async () => (await fill()).close());

  it("counts", async () => {
    const { code, stdout } = await bellhop("status", "--json");
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { waiting: 1, dead: 2, remembered: 2, deadBy: { "handler-timeout": 1, "handler-failed": 1 } },
    ]);
    expect((await bellhop("status")).stdout).toMatch(/^waiting {5}1$/m);
  });

  it.each([
    [["list"], ["waits", "dead-2", "dead-1", "dropped", "handled"]],
    [["list", "--state", "dropped"], ["dropped"]],
    [
      ["list", "--limit", "2"],
      ["waits", "dead-2"],
    ],
    [["list", "--key", "dead-1"], ["dead-1"]],
    [["dead"], ["dead-2", "dead-1"]],
    [["dead", "--code", "handler-timeout"], ["dead-2"]],
    [["list", "--platform", "spika"], []],
  ])("lists: %j", async (args, keys) => {
    const { code, stdout } = await bellhop(...args, "--json");
    expect(code).toBe(0);
    expect(lines(stdout)).toMatchObject(keys.map((key) => ({ key: `webex/default/${key}` })));
  });

  it("shows tables to people", async () => {
    const { stdout } = await bellhop("dead");
    expect(stdout).toMatch(/^ID +STATE +RECEIVED +TRIES +ABOUT +WHY$/m);
    expect(stdout).toMatch(/^0+4 +dead +\d+ s ago +1 +messages\.created +handler-timeout: too slow$/m);
  });

  it("explains why nothing answered, by the platform's own id too", async () => {
    const { code, stdout } = await bellhop("explain", "dropped");
    expect(code).toBe(0);
    expect(stdout).toMatch(/\+2 ms +bot "expenses": its policy refuses, by emailDomains/);
    expect(stdout).toMatch(/nothing answered, because: the policy refuses/);
    expect((await bellhop("explain", "4")).stdout).toMatch(/given up after 1 attempt\(s\): too slow/);
    const shown = JSON.parse((await bellhop("show", "dead-1", "--json")).stdout) as unknown;
    expect(shown).toMatchObject({ state: "dead", journal: { "echo/hears/1 reply": { kind: "done" } } });
  });

  it("refuses an id that fits two events, and names both", async () => {
    dataDir = tempDir();
    const opened = await openEmbedded({ dataDir });
    for (const key of ["message|2", "message|3", "conversation|2150|7"]) await opened.add(noticeOf(key));
    const [, second] = await takeNow(opened, 2);
    await second?.settle(DEAD);
    await opened.close();
    for (const command of [["show"], ["explain"], ["replay"], ["retry"], ["discard", "--reason", "x"]]) {
      const { code, stderr } = await bellhop(...command, "2");
      expect([command, code]).toEqual([command, 2]);
      expect(stderr).toMatch(
        /"2" fits several events: 000000000002 \(.*message\|3.*000000000001 \(.*message\|2/,
      );
    }
    const keyOf = async (id: string): Promise<unknown> =>
      JSON.parse((await bellhop("show", id, "--json")).stdout).key;
    expect(await keyOf("message|2")).toBe("webex/default/message|2");
    expect(await keyOf("webex/default/message|2")).toBe("webex/default/message|2");
    expect(await keyOf("000000000002")).toBe("webex/default/message|3");
    expect(await keyOf("7")).toBe("webex/default/conversation|2150|7");
    expect(await keyOf("1")).toBe("webex/default/message|2");
    expect(await keyOf("on|21")).toBe("webex/default/conversation|2150|7");
    expect((await bellhop("show", "21")).code).toBe(3);
    expect((await bellhop("show", "message|")).stderr).toMatch(/fits several events/);
  });

  it("replays and discards, oldest first, what is asked for", async () => {
    expect((await bellhop("replay", "--all", "--dry-run")).stdout).toMatch(/^2 dead letter\(s\) would be/);
    expect(lines((await bellhop("replay", "--all", "--json")).stdout)).toEqual([
      { id: "000000000003", replayedAs: "000000000006" },
      { id: "000000000004", replayedAs: "000000000007" },
    ]);
    inbox = await openEmbedded({ dataDir });
    const keys = (await takeNow(inbox)).map(({ notice }) => notice.data.id);
    expect(keys).toEqual(["waits", "dead-1", "dead-2"]);
  });

  it("keeps the reason of what is discarded", async () => {
    expect((await bellhop("discard", "3", "--reason", "sent by mistake")).code).toBe(0);
    const { stdout } = await bellhop("list", "--state", "discarded", "--json");
    expect(lines(stdout)).toMatchObject([{ reason: "sent by mistake" }]);
  });

  it.each([
    [3, ["explain", "no-such-event"], "not-found"],
    [3, ["replay", "1"], "not-found"],
    [2, ["replay"], "usage"],
    [2, ["replay", "3", "--all"], "usage"],
    [2, ["list", "--limit", "0"], "usage"],
    [2, ["discard", "3"], "usage"],
    [2, ["no-such-command"], "usage"],
    [2, ["list", "--state", "odd"], "usage"],
  ])("ends with %d after %j", async (code, args, error) => {
    const result = await bellhop(...args, "--json");
    expect([result.code, result.stdout]).toEqual([code, ""]);
    expect(JSON.parse(result.stderr)).toMatchObject({ error: { code: error } });
  });

  it.each([[["discard", "3"]], [["no-such-command"]], [["list", "--state", "odd"]]])(
    "ends with 2 after %j",
    async (args) => {
      expect((await bellhop(...args)).code).toBe(2);
    },
  );

  it("brings the tables up to date, or makes them", async () => {
    dataDir = tempDir();
    expect((await bellhop("migrate")).stdout).toBe("the inbox is up to date\n");
    expect(JSON.parse((await bellhop("migrate", "--json")).stdout)).toEqual({ migrated: true });
    expect(JSON.parse((await bellhop("status", "--json")).stdout)).toMatchObject({ waiting: 0 });
  });

  it("says what to do when there is no inbox", async () => {
    dataDir = tempDir();
    const { code, stderr } = await bellhop("status");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /inbox\.db" does not exist\. The bot creates it at its first start\. .* set DATA_DIR/,
    );
  });
});

it("replays all of many dead letters, in whichever order they died", async () => {
  dataDir = tempDir();
  let now = 1;
  const opened = await openEmbedded({ dataDir, now: () => now });
  const count = 600;
  for (let index = 0; index < count; index++) await opened.add(noticeOf(`${index}`));
  // The oldest one died last.
  for (const lease of [...(await takeNow(opened, count))].sort((a, b) => (a.id < b.id ? 1 : -1))) {
    now++;
    await lease.settle(DEAD);
  }
  await opened.close();
  expect((await bellhop("replay", "--all")).stdout).toBe(`${count} dead letter(s) replayed\n`);
});

describe("beside a process that has the file", () => {
  const bellhop = (...args: string[]): Promise<CommandResult> =>
    runProcess(["inbox", ...args], { DATA_DIR: dataDir });

  beforeEach(async () => {
    inbox = await fill();
  });

  it("has that process make retries due, and discard events that wait", async () => {
    const opened = inbox;
    if (opened === undefined) throw new Error("not opened");
    for (const key of ["late", "aside"]) await opened.add(noticeOf(key));
    const [waits, late, aside] = await takeNow(opened);
    const error = { code: "unknown", message: "it broke", name: "Error", at: "/app/bots/pay.ts:12" };
    await late?.settle({ kind: "retry", afterMs: 3_600_000, error });
    await aside?.settle({ kind: "retry", afterMs: 3_600_000, error, aside: true });
    const [explained, busy, retried, discarded, again] = [
      await bellhop("explain", aside?.id ?? ""),
      await bellhop("discard", waits?.id ?? "", "--reason", "no use", "--json"),
      await bellhop("retry", late?.id ?? "", "--json"),
      await bellhop("discard", aside?.id ?? "", "--reason", "no use"),
      await bellhop("retry", aside?.id ?? ""),
    ];
    expect(explained.stdout).toMatch(/failed last: Error: it broke, at \/app\/bots\/pay\.ts:12\n.*set aside/);
    expect([busy.code, JSON.parse(busy.stderr)]).toMatchObject([4, { error: { code: "event-leased" } }]);
    expect([retried.code, JSON.parse(retried.stdout)]).toEqual([0, { id: late?.id, retried: true }]);
    expect([discarded.code, again.code]).toEqual([0, 3]);
    expect(await takeOne(opened)).toMatchObject({ id: late?.id, attempt: 2 });
  });

  it("looks, and has that process replay and discard", async () => {
    const opened = inbox;
    if (opened === undefined) throw new Error("not opened");
    expect(JSON.parse((await bellhop("status", "--json")).stdout)).toMatchObject({ waiting: 1, dead: 2 });
    const waits = await takeOne(opened);
    const taking = takeOne(opened);
    expect((await bellhop("replay", "3")).stdout).toBe("1 dead letter(s) replayed\n");
    expect((await taking).notice.data.id).toBe("dead-1");
    expect((await bellhop("discard", "4", "--reason", "no use")).code).toBe(0);
    expect(await opened.counts()).toEqual({ waiting: 2, dead: 0, remembered: 3 });
    await waits.settle(HANDLED);
  });
});
