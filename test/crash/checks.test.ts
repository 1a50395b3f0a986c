import type { Rules } from "./harness/check-answers";
import { check } from "./harness/checks";
import { toHistory } from "./harness/history";
import type { Entry, Room } from "./harness/ledger";

const DIRECT: Room = { id: "direct", kind: "direct" };
const GROUP: Room = { id: "group", kind: "group" };

const EMBEDDED: Rules = {
  replies: "at-least-once",
  notesPrecedeAdditions: true,
  leasesLapse: false,
  areTextsEqual: false,
};
const DATABASE: Rules = { ...EMBEDDED, notesPrecedeAdditions: false, leasesLapse: true };
type Posted = Extract<Entry, { readonly is: "posted" }>;
let posts = 0;

/** Two messages in one room, answered one after the other by a program that is then told to stop. */
const GOOD: readonly Entry[] = [
  { is: "started", pid: 1 },
  ...said("a", 1),
  ...accepted(1),
  ...said("b", 2),
  ...accepted(2),
  ...handled("a"),
  ...handled("b"),
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
        ...handled("a", 2),
        STOPPED,
      ],
    ],
    [
      "a run that was finished and could not be settled, when it answers nothing anew",
      [
        started(1),
        ...said("a", 1),
        ...accepted(1),
        ...handled("a"),
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
          posted("a"),
          confirmed("a", 1),
          KILLED,
        ],
        ...[started(2), ...handled("a", 2), STOPPED],
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
        ...[started(1), ...said("a", 1), ...accepted(1), ...handled("a")],
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
        posted("a"),
      ],
      "once: number 1 was handled twice at the same time",
    ],
    [
      "an answer that is missing",
      GOOD.filter((entry) => entry.is !== "posted" || entry.origin?.id !== "b"),
      'answered: number 2 "counted" was not posted',
    ],
    [
      "an answer that is there twice",
      [...GOOD, posted("b")],
      'answered: number 2 "counted" was posted 2 times in a direct room',
    ],
    [
      "an answer that is there twice in a direct room, whatever was noted",
      [
        ...[started(1), ...said("a", 1), ...accepted(1), begun("a", 1), posted("a"), KILLED],
        ...[started(2), ...handled("a", 2), STOPPED],
      ],
      'answered: number 1 "counted" was posted 2 times in a direct room',
    ],
    [
      "an answer that is there twice in a group room although it must have been noted",
      [
        ...[
          started(1),
          ...said("a", 1, GROUP),
          ...accepted(1),
          begun("a", 1),
          posted("a"),
          confirmed("a", 1),
        ],
        ...[...said("b", 2, GROUP), ...accepted(2), KILLED],
        ...[started(2), ...handled("a", 2), ...handled("b", 2), STOPPED],
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
        ...handled("b"),
        ...handled("a"),
      ],
      "in order: number 2 was handled before number 1, which had been accepted before this was sent",
    ],
    [
      "two events of a room at the same time",
      [...GOOD.slice(0, 7), begun("a", 1), ...handled("b"), ended("a", 1), posted("a")],
      "in order: number 2 was begun while number 1 was being handled",
    ],
    [
      "an event that comes back after the next one of its room",
      [
        ...[started(1), ...said("a", 1), ...accepted(1), ...said("b", 2), ...accepted(2)],
        ...[...handled("a"), ...handled("b", 2), KILLED, started(2), ...rerun("a", 2), STOPPED],
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
      begun("a", 1),
      ...texts.map((text) => posted("a", { step: text.split(" ")[1] ?? "" })),
    ];
    expect(found(entries("edit", "1 draft"))).toContain("answered: edit 1 leaves [draft], not [final]");
    expect(found(entries("delete", "1 passing", "1 stays"))).toContain(
      "answered: delete 1 leaves [passing,stays], not [stays]",
    );
  });
});

describe("of a card that is there twice in a group room, it", () => {
  const clicked = (copies: number): Entry[] => [
    { is: "said", id: "a", room: GROUP, lane: "group", exercise: "card", number: 1 },
    ...Array.from({ length: copies }, () => posted("a", { step: "card" })),
    { is: "said", id: "b", room: GROUP, lane: "clicks", exercise: "click", number: 1 },
    { is: "posted", messageId: "r", text: "That button cannot be used here: why", roomId: "room" },
  ];
  const lost = "kept: click 1 was never answered 2xx";

  it("lets a click be refused, because the bot knows one of the copies", () => {
    expect(found(clicked(2)).filter((what) => !what.includes("card 1"))).toEqual([]);
    expect(found(clicked(1))).toContain(lost);
  });
});

describe("where all words are equal, it", () => {
  const both: readonly Entry[] = [
    started(1),
    ...said("a", 1),
    ...accepted(1),
    ...said("b", 2),
    ...accepted(2),
  ];

  it("finds a question that was not answered beside one that was answered twice", () => {
    const entries = [...both, ...handled("a"), begun("b", 1), posted("a"), ended("b", 1)];
    // No call was in doubt, so that equal words are no excuse.
    for (const rules of [EMBEDDED, { ...EMBEDDED, areTextsEqual: true }])
      expect(found(entries, rules)).toEqual([
        'answered: number 1 "counted" was posted 2 times in a direct room',
        'answered: number 2 "counted" was not posted',
        "answered: number 2 leaves [], not [counted]",
      ]);
  });

  it("lets two calls that were in doubt at once exchange their message", () => {
    const entries = [
      ...both,
      ...[begun("a", 1), called("a", 1), posted("a")],
      ...[begun("b", 1), called("b", 1)],
      KILLED,
      started(2),
      // The search for the answer to b finds the one to a.
      ...[begun("b", 2), called("b", 2), confirmed("b", 2), ended("b", 2)],
      ...[begun("a", 2), called("a", 2), posted("a", { pid: 2 }), confirmed("a", 2), ended("a", 2)],
    ];
    const equal = { ...EMBEDDED, areTextsEqual: true };
    expect(found(entries, equal).filter((what) => what.startsWith("answered"))).toEqual([]);
    expect(found(entries)).toContain('answered: number 2 "counted" was not posted');
  });

  it("finds an answer that was taken for the one to another question", () => {
    expect(found([...both, ...handled("a"), begun("b", 1), ended("b", 1)])).toContain(
      'answered: number 2 "counted" was not posted',
    );
  });

  it("finds a message that no handler had asked for", () => {
    const { origin: _, ...stray } = posted("a");
    expect(found([...GOOD, stray])).toEqual([
      'answered: "counted" was posted, and no handler had asked for it',
    ]);
  });

  it("finds an answer in another thread of the room", () => {
    const entries = (threadId: string): Entry[] => [
      { is: "said", id: "a", room: GROUP, lane: "group", exercise: "slow", number: 1, threadId: "root" },
      posted("a", { step: "awoken", threadId }),
    ];
    expect(found(entries("root"))).not.toContain('answered: slow 1 "awoken" was posted in another thread');
    expect(found(entries("other"))).toContain('answered: slow 1 "awoken" was posted in another thread');
  });
});

describe("where calls fail, it", () => {
  const again = (room: Room, instead: string, ...more: readonly Entry[]): Entry[] => [
    ...[started(1), ...said("a", 1, room), ...accepted(1), begun("a", 1), posted("a", { instead })],
    { is: "failed", run: "1.a" },
    ...more,
    { is: "begun", id: "a", pid: 1, run: "1.a.again", attempt: 2 },
    posted("a"),
    { is: "ended", run: "1.a.again" },
  ];
  const refused: Entry = {
    is: "refused",
    with: "status",
    origin: { id: "a", run: "1.a", step: "counted" },
  };

  it.each([
    ["in a group room when the answer was lost", again(GROUP, "reset")],
    [
      "in a direct room when the answer was lost and the room could not be read",
      again(DIRECT, "html", refused),
    ],
  ])("lets an answer be posted twice %s", (_, entries) => {
    expect(found(entries)).toEqual([]);
  });

  it.each([
    ["in a direct room that can be read", "direct", again(DIRECT, "reset")],
    ["in a group room when the answer came with its status and was cut", "group", again(GROUP, "cut")],
  ])("finds an answer that was posted twice %s", (_, kind, entries) => {
    expect(found(entries)).toContain(`answered: number 1 "counted" was posted 2 times in a ${kind} room`);
  });
});

describe("where a process is stopped and continues, it", () => {
  const takenOver = (late: readonly Entry[]): Entry[] => [
    ...[started(1), started(2), ...said("a", 1), ...accepted(1), begun("a", 1)],
    { is: "paused", pid: 1 },
    ...handled("a", 2),
    { is: "resumed", pid: 1 },
    ...late,
    { is: "failed", run: "1.a" },
  ];
  const foundIn = (entries: readonly Entry[], rules: Rules): string[] =>
    check(toHistory(entries), rules).map(({ promise, what }) => `${promise}: ${what}`);

  it("lets another process take its events over, on a database", () => {
    expect(foundIn(takenOver([]), DATABASE)).toEqual([]);
    expect(foundIn(takenOver([]), EMBEDDED)).toContain("once: was handled twice at the same time");
  });

  it("lets the process begin an event that it had taken before, when it posts nothing", () => {
    const late = (...more: readonly Entry[]): Entry[] => [
      ...[started(1), started(2), ...said("a", 1), ...accepted(1), { is: "paused", pid: 1 } as const],
      ...[
        ...handled("a", 2),
        { is: "settled", id: "a", pid: 2 } as const,
        { is: "resumed", pid: 1 } as const,
      ],
      ...[begun("a", 1), ...more, { is: "failed", run: "1.a" } as const],
    ];
    expect(foundIn(late(), DATABASE)).toEqual([]);
    expect(foundIn(late(posted("a")), DATABASE)).toContain("once: was handled again after it was settled");
  });

  it("finds an answer that the process gives when it continues", () => {
    const late: readonly Entry[] = [{ is: "calling", run: "1.a", step: "counted" }, posted("a")];
    expect(foundIn(takenOver(late), DATABASE)).toContain(
      'answered: "counted" was posted 2 times in a direct room',
    );
  });

  it("lets an answer be there twice when the process was stopped between asking for it and posting it", () => {
    const [begin, paused] = [
      takenOver([]).slice(0, -3),
      { is: "calling", run: "1.a", step: "counted" },
    ] as const;
    const at = begin.findIndex(({ is }) => is === "paused");
    const entries: Entry[] = [...begin.slice(0, at), paused, ...begin.slice(at)];
    entries.push({ is: "resumed", pid: 1 }, posted("a"), { is: "ended", run: "1.a" });
    expect(foundIn(entries, DATABASE)).not.toContain(
      'answered: "counted" was posted 2 times in a direct room',
    );
  });
});

it("finds a program that did not answer /healthz in time", () => {
  expect(found([...GOOD, { is: "unresponsive", pid: 1, ms: 9_000 }])).toEqual([
    "responsive: process 1 computed for 9000 ms before it answered /healthz",
  ]);
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
    expect(foundIn(cutOff(GROUP, posted("a"), posted("a")))).toContain(
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

function found(entries: readonly Entry[], rules = EMBEDDED): string[] {
  return check(toHistory(entries), rules).map(({ promise, of, what }) => `${promise}: ${of} ${what}`);
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

function called(id: string, pid: number): Entry {
  return { is: "calling", run: `${pid}.${id}`, step: "counted" };
}

function confirmed(id: string, pid: number): Entry {
  return { is: "confirmed", run: `${pid}.${id}`, step: "counted" };
}

function ended(id: string, pid: number): Entry {
  return { is: "ended", run: `${pid}.${id}` };
}

/** An answer to a question, by its run in process 1. The words are the same every time. */
function posted(id: string, more: { step?: string; pid?: number } & Partial<Posted> = {}): Posted {
  const { step = "counted", pid = 1, ...rest } = more;
  const origin = { id, run: `${pid}.${id}`, step };
  return { is: "posted", messageId: `${++posts}`, text: step, roomId: "room", origin, ...rest };
}

function handled(id: string, pid = 1): Entry[] {
  return [begun(id, pid), posted(id, { pid }), ended(id, pid)];
}

/** A run that answers nothing. */
function rerun(id: string, pid: number): Entry[] {
  const run = `${pid}.${id}.again`;
  return [
    { is: "begun", id, pid, run, attempt: 1 },
    { is: "ended", run },
  ];
}
