import type { Rules } from "./harness/check-answers";
import { check } from "./harness/checks";
import { toHistory } from "./harness/history";
import type { Entry, Room } from "./harness/ledger";

const DIRECT: Room = { id: "direct", kind: "direct" };
const GROUP: Room = { id: "group", kind: "group" };

const EMBEDDED: Rules = { replies: "at-least-once", notesPrecedeAdditions: true };
let posts = 0;

/** Two messages in one room, answered one after the other by a program that is then told to stop. */
const GOOD: readonly Entry[] = [
  { is: "started", pid: 1 },
  ...said("a", 1),
  ...accepted(1),
  ...said("b", 2),
  ...accepted(2),
  ...handled("a", 1),
  ...handled("b", 2),
  { is: "died", pid: 1, of: { kind: "stopped", code: 0, signal: null } },
];

const KILLED: Entry = {
  is: "died",
  pid: 1,
  of: { kind: "killed", by: { number: 1, point: "worker.settling", nth: 1 }, wasInTime: true },
};
const STOPPED: Entry = { is: "died", pid: 2, of: { kind: "stopped", code: 0, signal: null } };

it("finds nothing where every promise was kept", () => {
  expect(found(GOOD)).toEqual([]);
});

describe("after a kill, it lets pass", () => {
  it.each<[string, readonly Entry[]]>([
    [
      "a run that was cut off, and another one",
      [
        started(1),
        ...said("a", 1),
        ...accepted(1),
        begun("a", 1),
        KILLED,
        started(2),
        ...handled("a", 1, 2),
        STOPPED,
      ],
    ],
    [
      "a run that was finished and could not be settled, when it answers nothing anew",
      [
        started(1),
        ...said("a", 1),
        ...accepted(1),
        ...handled("a", 1),
        KILLED,
        started(2),
        ...rerun("a", 2),
        STOPPED,
      ],
    ],
    [
      "an answer in a group room that was posted and not noted, once more",
      [
        ...[
          started(1),
          ...said("a", 1, GROUP),
          ...accepted(1),
          begun("a", 1),
          posted(1),
          confirmed("a", 1),
          KILLED,
        ],
        ...[started(2), ...handled("a", 1, 2), STOPPED],
      ],
    ],
  ])("%s", (_, entries) => {
    expect(found(entries)).toEqual([]);
  });
});

describe("it finds", () => {
  it.each<[string, readonly Entry[], string]>([
    [
      "a delivery that nobody took",
      GOOD.filter((entry) => entry.is !== "answered" || entry.post !== 2),
      "kept: number 2 was never answered 2xx",
    ],
    [
      "a delivery that nobody handled",
      [started(1), ...said("a", 1), ...accepted(1)],
      "kept: number 1 was answered 2xx, and none of its 0 runs came to its end",
    ],
    [
      "an event that is handled again after its settlement",
      [
        ...[started(1), ...said("a", 1), ...accepted(1), ...handled("a", 1)],
        ...[{ is: "settled", id: "a", pid: 1 } as const, KILLED, started(2), ...rerun("a", 2), STOPPED],
      ],
      "once: number 1 was handled again after it was settled",
    ],
    [
      "an event that is handled again where nothing failed and nobody died",
      [...GOOD.slice(0, -1), ...rerun("b", 1)],
      "once: number 2 was handled again although nothing had failed",
    ],
    [
      "an event in two hands at once",
      [
        started(1),
        started(2),
        ...said("a", 1),
        ...accepted(1),
        begun("a", 1),
        ...rerun("a", 2),
        ended("a", 1),
        posted(1),
      ],
      "once: number 1 was handled twice at the same time",
    ],
    [
      "an answer that is missing",
      GOOD.filter((entry) => entry.is !== "posted" || entry.text !== "2 counted"),
      'answered: number 2 "counted" was not posted',
    ],
    [
      "an answer that is there twice",
      [...GOOD, posted(2)],
      'answered: number 2 "counted" was posted 2 times in a direct room',
    ],
    [
      "an answer that is there twice in a direct room, whatever was noted",
      [
        ...[started(1), ...said("a", 1), ...accepted(1), begun("a", 1), posted(1), KILLED],
        ...[started(2), ...handled("a", 1, 2), STOPPED],
      ],
      'answered: number 1 "counted" was posted 2 times in a direct room',
    ],
    [
      "an answer that is there twice in a group room although it must have been noted",
      [
        ...[started(1), ...said("a", 1, GROUP), ...accepted(1), begun("a", 1), posted(1), confirmed("a", 1)],
        ...[...said("b", 2, GROUP), ...accepted(2), KILLED],
        ...[started(2), ...handled("a", 1, 2), ...handled("b", 2, 2), STOPPED],
      ],
      'answered: number 1 "counted" was posted 2 times in a group room',
    ],
    [
      "two events of a room in the wrong order",
      [
        started(1),
        ...said("a", 1),
        ...accepted(1),
        ...said("b", 2),
        ...accepted(2),
        ...handled("b", 2),
        ...handled("a", 1),
      ],
      "in order: number 2 was handled before number 1, which had been accepted before this was sent",
    ],
    [
      "two events of a room at the same time",
      [...GOOD.slice(0, 7), begun("a", 1), ...handled("b", 2), ended("a", 1), posted(1)],
      "in order: number 2 was begun while number 1 was being handled",
    ],
    [
      "an event that comes back after the next one of its room",
      [
        ...[started(1), ...said("a", 1), ...accepted(1), ...said("b", 2), ...accepted(2)],
        ...[...handled("a", 1), ...handled("b", 2), KILLED, started(2), ...rerun("a", 2), STOPPED],
      ],
      "in order: number 1 was handled again after number 2",
    ],
    [
      "a program that was told to stop and failed",
      [...GOOD.slice(0, -1), { is: "died", pid: 1, of: { kind: "stopped", code: 1, signal: null } }],
      "stopped: process 1 ended with 1",
    ],
  ])("%s", (_, entries, expected) => {
    expect(found(entries)).toContain(expected);
  });

  it("an edit that was lost, and a deletion", () => {
    const entries = (exercise: "edit" | "delete", ...texts: readonly string[]): Entry[] => [
      { is: "said", id: "a", room: DIRECT, lane: "direct", exercise, number: 1 },
      ...texts.map((text) => ({ is: "posted", messageId: text, text }) as const),
    ];
    expect(found(entries("edit", "1 draft"))).toContain("answered: edit 1 leaves [draft], not [final]");
    expect(found(entries("delete", "1 passing", "1 stays"))).toContain(
      "answered: delete 1 leaves [passing,stays], not [stays]",
    );
  });
});

describe("where replies are sent at most once", () => {
  const failed: Entry = { is: "failed", run: "2.a" };
  const cutOff = (room: Room, ...more: readonly Entry[]): readonly Entry[] => [
    ...[
      started(1),
      ...said("a", 1, room),
      ...accepted(1),
      begun("a", 1),
      KILLED,
      started(2),
      begun("a", 2),
      ...more,
    ],
    ...[failed, STOPPED],
  ];
  const foundIn = (entries: readonly Entry[]): string[] =>
    check(toHistory(entries), { ...EMBEDDED, replies: "at-most-once" }).map(({ what }) => what);

  it("lets an event of a group room be given up", () => {
    expect(foundIn(cutOff(GROUP))).toEqual([]);
    expect(foundIn(cutOff(DIRECT))).toContain('"counted" was not posted');
  });

  it("finds an answer that is there twice, also in a group room", () => {
    expect(foundIn(cutOff(GROUP, posted(1), posted(1)))).toContain(
      '"counted" was posted 2 times in a group room',
    );
  });
});

it("tells of a violation what each run came to, and what its process died of", () => {
  const [first] = check(
    toHistory([started(1), ...said("a", 1), ...accepted(1), begun("a", 1), KILLED]),
    EMBEDDED,
  );
  expect(first?.runs).toEqual(["attempt 1 in process 1 (kill 1, the 1st time at worker.settling): cut off"]);
});

function found(entries: readonly Entry[]): string[] {
  return check(toHistory(entries), EMBEDDED).map(({ promise, of, what }) => `${promise}: ${of} ${what}`);
}

function started(pid: number): Entry {
  return { is: "started", pid };
}

function said(id: string, number: number, room: Room = DIRECT): Entry[] {
  return [
    { is: "said", id, room, lane: room.id, exercise: "number", number },
    { is: "sent", id, pid: 1, post: number },
  ];
}

function accepted(post: number): Entry[] {
  return [{ is: "answered", post, status: 200 }];
}

function begun(id: string, pid: number): Entry {
  return { is: "begun", id, pid, run: `${pid}.${id}`, attempt: 1 };
}

function confirmed(id: string, pid: number): Entry {
  return { is: "confirmed", run: `${pid}.${id}`, step: "counted" };
}

function ended(id: string, pid: number): Entry {
  return { is: "ended", run: `${pid}.${id}` };
}

function posted(number: number): Entry {
  return { is: "posted", messageId: `${++posts}`, text: `${number} counted` };
}

function handled(id: string, number: number, pid = 1): Entry[] {
  return [begun(id, pid), posted(number), ended(id, pid)];
}

/** A run that answers nothing. */
function rerun(id: string, pid: number): Entry[] {
  const run = `${pid}.${id}.again`;
  return [
    { is: "begun", id, pid, run, attempt: 1 },
    { is: "ended", run },
  ];
}
