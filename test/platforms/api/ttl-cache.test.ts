import fc from "fast-check";
import { createKept } from "../../../src/platforms/api/ttl-cache";

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

it("keeps the same as a list that is searched, whatever is set, asked for and deleted", () => {
  const call = fc.record({
    kind: fc.constantFrom("set", "get", "delete"),
    key: fc.constantFrom(..."abcdefgh"),
  });
  const sameAsList = fc.property(fc.array(call, { maxLength: 200 }), (calls) => {
    const kept = open(3);
    const list: string[] = [];
    for (const { kind, key } of calls) {
      const at = list.indexOf(key);
      if (kind === "get") expect(kept.get(key)).toBe(at === -1 ? undefined : key);
      else if (kind === "set") kept.set(key, key);
      else kept.delete(key);
      if (at !== -1) list.splice(at, 1);
      if (kind === "set" || (kind === "get" && at !== -1)) list.push(key);
      if (list.length > 3) list.shift();
    }
  });
  fc.assert(sameAsList);
});
