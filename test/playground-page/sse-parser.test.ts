import { array, assert, constantFrom, integer, property, stringMatching, tuple } from "fast-check";
import { SseParser } from "../../src/playground/web/sse-parser";

const event = (id: string, name: string, data: string) => ({ id, name, data });

it("reads an event, its name and its id", () => {
  expect(new SseParser().push("id: 7\nevent: call\ndata: {}\n\n")).toEqual([event("7", "call", "{}")]);
});

it.each([
  ["a comment", ": ping\n\n", []],
  ["an event without data", "event: call\n\n", []],
  ["an event that has not ended", "data: x\n", []],
  ["no name", "data: x\n\n", [event("", "message", "x")]],
  ["several lines of data", "data: a\ndata: b\n\n", [event("", "message", "a\nb")]],
  ["no blank after the colon", "data:x\n\n", [event("", "message", "x")]],
  ["a field it does not know", "retry: 5\ndata: x\n\n", [event("", "message", "x")]],
  [
    "a name for one event only",
    "event: a\ndata: 1\n\ndata: 2\n\n",
    [event("", "a", "1"), event("", "message", "2")],
  ],
  [
    "an id that holds until the next",
    "id: 3\ndata: 1\n\ndata: 2\n\n",
    [event("3", "message", "1"), event("3", "message", "2")],
  ],
])("understands %s", (_name, text, expected) => {
  expect(new SseParser().push(text)).toEqual(expected);
});

it("reads the same however the text is cut, and whichever line end is used", () => {
  const word = stringMatching(/^[a-z:" {}]{0,12}[a-z]$/);
  const events = array(
    tuple(integer({ min: 1, max: 999 }), word, array(word, { minLength: 1, maxLength: 3 })),
  );
  const cuts = array(integer({ min: 1, max: 9 }), { minLength: 1 });
  void assert(
    property(events, cuts, constantFrom("\n", "\r\n", "\r"), (wanted, sizes, lineEnd) => {
      const text = wanted
        .map(([id, name, lines]) =>
          [`id: ${id}`, `event: ${name}`, ...lines.map((line) => `data: ${line}`), "", ": ping", "", ""].join(
            lineEnd,
          ),
        )
        .join("");
      const parser = new SseParser();
      const found = [];
      for (let at = 0, turn = 0; at < text.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        found.push(...parser.push(text.slice(at, at + size)));
        at += size;
      }
      expect(found).toEqual(wanted.map(([id, name, lines]) => event(String(id), name, lines.join("\n"))));
    }),
  );
});
