import { createKept } from "../../../src/platforms/api/kept";

let now = 0;
const open = (maxEntries = 2) => createKept<string>({ maxEntries, forMs: 1_000, now: () => now });

beforeEach(() => {
  now = 0;
});

it("keeps a value for its time and no longer", () => {
  const kept = open();
  kept.set("a", "1");
  now = 999;
  expect(kept.get("a")).toBe("1");
  now = 1_000;
  expect(kept.get("a")).toBeUndefined();
});

it("counts the time from when it was set, not from when it was asked for", () => {
  const kept = open();
  kept.set("a", "1");
  now = 900;
  kept.get("a");
  now = 1_100;
  expect(kept.get("a")).toBeUndefined();
});

it("lets go of what was not asked for the longest when there are too many", () => {
  const kept = open();
  kept.set("a", "1");
  kept.set("b", "2");
  kept.get("a");
  kept.set("c", "3");
  expect(["a", "b", "c"].map((key) => kept.get(key))).toEqual(["1", undefined, "3"]);
});

it("keeps an empty value, and forgets what is deleted", () => {
  const kept = open();
  kept.set("a", "");
  expect(kept.get("a")).toBe("");
  kept.delete("a");
  expect(kept.get("a")).toBeUndefined();
});
