import { matching, mentionBeforeCaret } from "../../src/playground/web/mentions";
import { toMarkdown, toTyped } from "../../src/playground/web/webex/mention-markup";

const people = [
  { id: "B", name: "Bellhop" },
  { id: "A", name: "Ada" },
  { id: "L", name: "Ada Lovelace" },
  { id: "P", name: "C+ (parrot)" },
];

it.each([
  ["a name", "@Bellhop hello", "<@personId:B|Bellhop> hello"],
  ["the longer of two names", "ask @Ada Lovelace", "ask <@personId:L|Ada Lovelace>"],
  ["the shorter of two names", "ask @Ada, please", "ask <@personId:A|Ada>, please"],
  ["a name in any case", "@bellhop", "<@personId:B|Bellhop>"],
  ["a name with signs in it", "(@C+ (parrot))", "(<@personId:P|C+ (parrot)>)"],
  ["everybody", "@all listen", "<@all> listen"],
  ["several", "@Ada @Bellhop", "<@personId:A|Ada> <@personId:B|Bellhop>"],
  ["no stranger", "@Grace hello", "@Grace hello"],
  ["no longer word", "@Bellhops", "@Bellhops"],
  ["no e-mail address", "ada@Bellhop", "ada@Bellhop"],
  ["nothing in code", "`@Bellhop`", "`@Bellhop`"],
])("mentions %s", (_name, typed, markdown) => {
  expect(toMarkdown(typed, people)).toBe(markdown);
});

it("turns mentions back into what was typed", () => {
  const typed = "@Ada Lovelace and @Bellhop, @All: **now**";
  expect(toTyped(toMarkdown(typed, people))).toBe(typed);
  expect(toTyped("<@personEmail:ada@example.com|Ada>")).toBe("@Ada");
});

it.each([
  ["@", { at: 0, query: "" }],
  ["hi @be", { at: 3, query: "be" }],
  ["@Ada Lo", { at: 0, query: "Ada Lo" }],
  ["ada@ex", undefined],
  ["@Ada Lovelace is", undefined],
  ["hi", undefined],
])("knows what follows the @ in front of the caret: %s", (text, expected) => {
  expect(mentionBeforeCaret(text)).toEqual(expected);
});

it("offers those whose name or surname begins so", () => {
  expect(matching(people, "love").map(({ id }) => id)).toEqual(["L"]);
  expect(matching(people, "ada").map(({ id }) => id)).toEqual(["A", "L"]);
});
