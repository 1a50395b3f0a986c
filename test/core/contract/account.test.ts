import { routeOf, serves, unknownAccounts } from "../../../src/core/contract/account";
import { defineBot } from "../../../src/core/contract/bot";
import { buildBot } from "../../../src/core/handle/build-bot";

const SALES = { platform: "webex", account: "sales" };

it.each([
  { platform: "webex", account: "default", route: "/webex" },
  { platform: "webex", account: "sales", route: "/webex/sales" },
])("$platform/$account receives at $route", ({ route, ...account }) => {
  expect(routeOf(account)).toBe(route);
});

it.each([
  [[], true],
  [["sales"], true],
  [["webex"], true],
  [["webex/sales"], true],
  [["support", "sales"], true],
  [["support"], false],
  [["spika/sales"], false],
  [["webex/default"], false],
])("a bot that serves %j answers for webex/sales: %s", (accounts, answers) => {
  expect(serves({ accounts }, SALES)).toBe(answers);
});

it("names that no account has are found, so that somebody can be told", () => {
  const accounts = ["sales", "suport", "spika"];
  expect(unknownAccounts({ accounts }, [SALES])).toEqual(["suport", "spika"]);
});

it("a bot says which accounts it serves, once or bit by bit", () => {
  const bot = buildBot(
    "test",
    defineBot((b) => {
      b.serve("sales", "webex/support");
      b.serve("spika");
    }),
  );
  expect(bot.accounts).toEqual(["sales", "webex/support", "spika"]);
});

it.each([[[]], [[""]], [[7 as never]]])("serve refuses %j", (names) => {
  expect(() =>
    buildBot(
      "test",
      defineBot((bot) => bot.serve(...names)),
    ),
  ).toThrow(/serve/);
});
