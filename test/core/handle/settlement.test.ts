import {
  ApiError,
  ContentGoneError,
  HandlerError,
  NetworkError,
  UnknownAccountError,
} from "../../../src/core/contract/errors";
import { settlementForError } from "../../../src/core/handle/settlement";

const rules = { maxAttempts: 8 };
const api = (status: number, retryAfterMs?: number): ApiError =>
  new ApiError({ call: "webex GET /messages/1", status, reason: "no", retryAfterMs });
const unreachable = new NetworkError("webex GET /rooms", "reset", { mayHaveSucceeded: false });
const gone = new ContentGoneError("webex GET /messages/1", api(404));
const thrown = (cause: unknown): HandlerError => new HandlerError('bot "echo", hears "x"', cause);

describe("settlementFor", () => {
  it.each([
    [1, 1_000],
    [2, 4_000],
    [3, 16_000],
    [4, 64_000],
    [5, 256_000],
    [6, 600_000],
    [7, 600_000],
  ])("waits longer after each attempt: attempt %d", (attempt, afterMs) => {
    expect(settlementForError(unreachable, attempt, rules, 0.5)).toMatchObject({ kind: "retry", afterMs });
  });

  it("spreads the waits of what failed together by a fifth to either side", () => {
    const wait = (random: number): unknown => settlementForError(new Error("x"), 2, rules, random);
    expect(wait(0)).toMatchObject({ afterMs: 3_200 });
    expect(wait(1)).toMatchObject({ afterMs: 4_800 });
  });

  it.each([
    ["a refusal that passes", api(503), "retry"],
    ["too many calls", api(429), "retry"],
    ["a token that may be mended", api(401), "retry"],
    ["a locked thing", api(423), "retry"],
    ["a refusal that stays", api(400), "dead"],
    ["what is forbidden", api(403), "dead"],
    ["no answer", unreachable, "retry"],
    ["an unknown account", new UnknownAccountError("webex", "old"), "dead"],
    ["an error that a handler threw", thrown(new Error("x")), "retry"],
    ["a bug of a handler", thrown(new TypeError("x")), "dead"],
    ["a refusal that stays, through a handler", thrown(api(400)), "dead"],
    ["a refusal that passes, through a handler", thrown(api(502)), "retry"],
    ["a text that was thrown", "x", "retry"],
    ["nothing that was thrown", undefined, "retry"],
  ])("after %s", (_what, error, kind) => {
    expect(settlementForError(error, 1, rules, 0.5)).toMatchObject({ kind });
  });

  it.each([
    ["directly", api(429, 30_000)],
    ["through a handler", thrown(api(429, 30_000))],
  ])("waits as long as the platform asked, %s", (_how, error) => {
    expect(settlementForError(error, 1, rules, 0.5)).toMatchObject({ kind: "retry", afterMs: 30_000 });
  });

  it("waits longer than the platform asked when that is what the attempts are at", () => {
    expect(settlementForError(api(429, 2_000), 4, rules, 0.5)).toMatchObject({ afterMs: 64_000 });
  });

  it("gives up after the last attempt and keeps why", () => {
    expect(settlementForError(api(500), 8, rules, 0.5)).toMatchObject({
      kind: "dead",
      error: { name: "ApiError", code: "api-refused", message: "webex GET /messages/1 answered 500: no" },
    });
    expect(settlementForError({ odd: true }, 1, { maxAttempts: 1 }, 0.5)).toMatchObject({
      kind: "dead",
      error: { name: "Object", code: "unknown", message: "a value of type object" },
    });
  });

  it("tries what may still appear three times again, soon, and then drops it", () => {
    const kinds = [1, 2, 3, 4].map((attempt) => settlementForError(gone, attempt, rules, 0.5));
    expect(kinds).toMatchObject([
      { kind: "retry", afterMs: 300 },
      { kind: "retry", afterMs: 1_000 },
      { kind: "retry", afterMs: 3_000 },
      { kind: "dropped", reason: gone.message },
    ]);
  });

  it("gives up an error that says nothing about itself after three attempts", () => {
    const kinds = [1, 2, 3].map(
      (attempt) => settlementForError(thrown(new Error("x")), attempt, rules, 0.5).kind,
    );
    expect(kinds).toEqual(["retry", "retry", "dead"]);
  });

  it.each([
    ["never", 1, { kind: "dead" }],
    [{ afterMs: 5 }, 7, { kind: "retry", afterMs: 5 }],
    [{ afterMs: 5 }, 8, { kind: "dead" }],
    ["default", 1, { kind: "dead" }],
  ] as const)("follows a bot's own policy: %j after attempt %d", (decision, attempt, settlement) => {
    expect(settlementForError(thrown(new TypeError("x")), attempt, rules, 0.5, decision)).toMatchObject(
      settlement,
    );
  });

  it("makes no more attempts than it may for what may still appear", () => {
    expect(settlementForError(gone, 2, { maxAttempts: 2 }, 0.5)).toMatchObject({ kind: "dropped" });
  });
});
