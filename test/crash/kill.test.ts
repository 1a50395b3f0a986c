import { FAULT_POINTS } from "../../src/core/util/failpoints";
import type { Condition } from "./harness/conditions";
import { crashRun } from "./harness/crash-run";
import { takeOverRun } from "./harness/take-overs";

/** Where what is lost, repeated or reordered would be: half of it on disk, half of it at the platform. */
const IMPORTANT_POINTS = [
  "inbox.group-written",
  "inbox.group-committed",
  "receive.kept",
  "call.begun",
  "call.answered",
  "journal.noted",
  "worker.settling",
  "worker.settled",
];
/** Short runs, so each harder condition shares its run with others that leave it visible. */
const HARDER: readonly (readonly Condition[])[] = [["pauses", "long-texts", "blocked-loop"]];
const seed = Number(process.env.CRASH_SEED ?? 1);

describe("killed while people write, the program loses, repeats and reorders nothing", () => {
  it("at the points that matter, and at random", async () => {
    const kills = IMPORTANT_POINTS.length + 2;
    const report = await crashRun({ seed, kills, points: IMPORTANT_POINTS });
    expect(report.text).toBe("");
    expect(report.missed).toEqual([]);
    expect(report.settled).toBeGreaterThan(0);
  });

  it("when each delivery comes up to five times, at once, late and across kills", async () => {
    const report = await crashRun({ seed, kills: 2, points: [], copies: 5, groupRooms: 12 });
    expect(report.text).toBe("");
  });

  it("when replies are sent at most once", async () => {
    const points = ["journal.unknown-noted", "call.answered"];
    const report = await crashRun({ seed, kills: points.length, points, replies: "at-most-once" });
    expect(report.text).toBe("");
    expect(report.missed).toEqual([]);
  });
});

describe("killed under harder conditions, the program loses, repeats and reorders nothing", () => {
  it.each(HARDER)("with %s", async (...conditions) => {
    const points = ["call.begun", "call.answered"];
    const report = await crashRun({ seed, kills: points.length, points, conditions });
    expect(report.text).toBe("");
    expect(report.settled).toBeGreaterThan(0);
  });

  it("stopped by SIGSTOP while another program waits for the file", async () => {
    const report = await takeOverRun({ seed, pauses: 1, points: ["dispatch.fetched"] });
    expect(report.text).toBe("");
    expect(report.settled).toBeGreaterThan(0);
  });
});

it("the points that matter are points", () => {
  expect(FAULT_POINTS).toEqual(expect.arrayContaining(IMPORTANT_POINTS));
});
