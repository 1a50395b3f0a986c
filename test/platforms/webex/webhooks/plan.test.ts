import fc from "fast-check";
import { parseWebhook, type WebexWebhook } from "../../../../src/platforms/webex/resources/webhooks";
import { createOwnership } from "../../../../src/platforms/webex/webhooks/ownership";
import {
  type Circumstances,
  listPlan,
  planWebhooks,
  type WebhookPlan,
} from "../../../../src/platforms/webex/webhooks/plan";
import type { Subscription } from "../../../../src/platforms/webex/webhooks/subscriptions";

const targetUrl = "https://bot.example.com/webhooks/webex";
const ownership = createOwnership("default", ["new secret", "old secret"]);
const before = createOwnership("default", ["old secret"]);
const stranger = createOwnership("default", ["their secret"]);
const created = { resource: "messages", event: "created" };
const clicks = { resource: "attachmentActions", event: "created" };
const name = ownership.nameOf(created);
const quiet: Circumstances = {
  at: "start",
  renewsSecrets: false,
  othersAt: new Set(),
  silence: undefined,
};

/** A webhook as it should be for `messages.created`, but for what is said. */
function webhook(id: string, but: object = {}): WebexWebhook {
  return parseWebhook({ id, name, targetUrl, secret: "new secret", status: "active", ...created, ...but });
}

function plan(
  existing: readonly WebexWebhook[],
  subscriptions: readonly Subscription[] = [created],
  circumstances: Partial<Circumstances> = {},
): WebhookPlan {
  return planWebhooks(existing, { targetUrl, subscriptions }, ownership, { ...quiet, ...circumstances });
}

/** The plan in words, with ids, or names of what has none. */
function told(plan: WebhookPlan): string[] {
  return listPlan(plan).map(({ kind, id, name, reason }) => `${kind} ${id ?? name}: ${reason}`);
}

const elsewhere = { targetUrl: "https://old.example" };
const asleep = { status: "inactive" };
const notShown = { secret: undefined };
const oldOne = { secret: "old secret", name: before.nameOf(created) };
const theirs = { secret: "their secret", name: stranger.nameOf(created) };

it.each<[string, WebexWebhook[], string[]]>([
  ["nothing is there", [], [`create ${name}: was missing`]],
  ["all is as it should be", [webhook("A")], []],
  ["the target differs", [webhook("A", elsewhere)], ["update A: its target differed"]],
  ["Webex has deactivated it", [webhook("A", asleep)], ["reactivate A: Webex had switched it off"]],
  [
    "it is off in another word",
    [webhook("A", { status: "disabled" })],
    ["reactivate A: Webex had switched it off"],
  ],
  ["its status is not shown", [webhook("A", { status: undefined })], []],
  ["its secret is not shown, and its tag says which", [webhook("A", notShown)], []],
  [
    "its secret is not shown, and its tag is of the one before",
    [webhook("A", { ...oldOne, ...notShown })],
    ["leave A: it keeps the previous secret until the receiver answers to the new one"],
  ],
  [
    "it has the secret before",
    [webhook("A", oldOne)],
    ["leave A: it keeps the previous secret until the receiver answers to the new one"],
  ],
  [
    "it leads to us with a secret of which nothing is known",
    [webhook("A", theirs)],
    ["update A: its secret differed, or is not shown"],
  ],
  [
    "neither its secret nor its tag is shown",
    [webhook("A", { name: "bellhop:default:messages.created", ...notShown })],
    ["update A: its secret differed, or is not shown"],
  ],
  [
    "its name has changed behind our part",
    [webhook("A", { name: "bellhop:default:x" })],
    ["update A: its name differed"],
  ],
  ["there are two", [webhook("A", asleep), webhook("B")], ["delete A: there were two"]],
  [
    "there are two, neither right: the older one stays, whatever the order",
    [webhook("A", { ...asleep, created: "2026-02-02" }), webhook("B", { ...asleep, created: "2026-01-01" })],
    ["reactivate B: Webex had switched it off", "delete A: there were two"],
  ],
  [
    "one is not needed any more",
    [webhook("A"), webhook("B", { ...clicks })],
    ["delete B: not needed any more"],
  ],
  [
    "ours has a filter",
    [webhook("A", { filter: "roomType=direct" })],
    [`create ${name}: was missing`, "delete A: not needed any more"],
  ],
  [
    "strangers watch the same",
    [
      webhook("A", { name: "my hook" }),
      webhook("B"),
      webhook("C", { name: createOwnership("other", ["new secret"]).nameOf(created) }),
      webhook("D", { name: "bellhop:default" }),
      webhook("E", { ...theirs, ...elsewhere }),
      webhook("F", { ...theirs, ...elsewhere, ...notShown }),
    ],
    [],
  ],
])("when %s", (_, existing, expected) => {
  expect(told(plan(existing))).toEqual(expected);
});

it.each<[string, WebexWebhook[], Partial<Circumstances>, string[]]>([
  [
    "somebody with our secret answers at another target",
    [webhook("A", elsewhere)],
    { othersAt: new Set([elsewhere.targetUrl]) },
    [`create ${name}: was missing`, "leave A: somebody with our secret answers there"],
  ],
  [
    "the receiver does not answer",
    [webhook("A", asleep)],
    { silence: "answers 502" },
    ["wait A: Webex has switched it off, and the receiver answers 502"],
  ],
  [
    "the receiver answers to the new secret",
    [webhook("A", oldOne)],
    { renewsSecrets: true },
    ["update A: the receiver answers to the new secret"],
  ],
  [
    "the receiver answers to the old secret only",
    [webhook("A", oldOne)],
    { renewsSecrets: true, silence: "answers 401" },
    ["leave A: it keeps the previous secret until the receiver answers to the new one"],
  ],
  [
    "another process has set a secret that this one does not know",
    [webhook("A", theirs)],
    { at: "running" },
    ["leave A: its secret is not known here; was it given a newer one elsewhere?"],
  ],
  [
    "another process, which knows its secret, has yet to wake it",
    [webhook("A", { ...theirs, ...asleep })],
    { at: "running" },
    ["leave A: its secret is not known here; was it given a newer one elsewhere?"],
  ],
  [
    "another process needs more than this one",
    [webhook("A"), webhook("B", { ...clicks })],
    { at: "running" },
    [],
  ],
  [
    "two processes have created the same one",
    [webhook("A"), webhook("B")],
    { at: "running" },
    ["delete B: there were two"],
  ],
])("while %s", (_, existing, circumstances, expected) => {
  expect(told(plan(existing, [created], circumstances))).toEqual(expected);
});

it("creates one webhook for a subscription that is wanted twice", () => {
  expect(told(plan([], [created, clicks, created]))).toHaveLength(2);
});

it("removes all of ours when nothing is wanted", () => {
  expect(told(plan([webhook("A"), webhook("S", { name: "stranger" })], []))).toEqual([
    "delete A: not needed any more",
  ]);
});

it("never touches a stranger's, and leaves nothing to do once it is carried out", () => {
  const names = [name, before.nameOf(created), "bellhop:default:old", "bellhop:two:x", "mine", theirs.name];
  const anyWebhook = fc.record({
    name: fc.constantFrom(...names),
    targetUrl: fc.constantFrom(targetUrl, "https://old.example", "https://other.example"),
    resource: fc.constantFrom("messages", "attachmentActions", "rooms"),
    event: fc.constantFrom("created", "updated"),
    filter: fc.constantFrom(undefined, "roomType=direct"),
    secret: fc.constantFrom("new secret", "old secret", "their secret", undefined),
    status: fc.constantFrom("active", "inactive"),
  });
  const anySubscriptions = fc.subarray([created, clicks, { resource: "rooms", event: "updated" }]);
  const anyCircumstances = fc.record({
    at: fc.constantFrom("start" as const, "running" as const),
    renewsSecrets: fc.boolean(),
    othersAt: fc.constant(new Set(["https://other.example"])),
    silence: fc.constantFrom(undefined, "answers 502"),
  });
  fc.assert(
    fc.property(
      fc.array(anyWebhook, { maxLength: 8 }),
      anySubscriptions,
      anyCircumstances,
      (found, subscriptions, circumstances) => {
        const existing = found.map((one, index) => parseWebhook({ ...one, id: `W${index}` }));
        const first = plan(existing, subscriptions, circumstances);
        for (const { webhook: touched } of [...first.update, ...first.remove]) {
          expect(touched.name.startsWith("bellhop:default:")).toBe(true);
          expect(touched.targetUrl).not.toBe("https://other.example");
          expect(touched.targetUrl !== targetUrl && touched.secret === "their secret").toBe(false);
        }
        const second = plan(carriedOut(existing, first), subscriptions, circumstances);
        expect(listPlan(second).filter(({ kind }) => kind !== "leave" && kind !== "wait")).toEqual([]);
      },
    ),
  );
});

it("two processes that plan at once, and each carry out what they planned, agree in the end", () => {
  const anyWebhook = fc.record({
    name: fc.constantFrom(name, "bellhop:default:old"),
    targetUrl: fc.constantFrom(targetUrl, "https://old.example"),
    secret: fc.constantFrom("new secret", undefined),
    status: fc.constantFrom("active", "inactive"),
    ...{ resource: fc.constant("messages"), event: fc.constantFrom("created", "deleted") },
  });
  fc.assert(
    fc.property(fc.array(anyWebhook, { maxLength: 6 }), (found) => {
      const existing = found.map((one, index) => parseWebhook({ ...one, id: `W${index}` }));
      const both = plan([...existing].reverse());
      const afterOne = carriedOut(existing, plan(existing));
      const afterBoth = carriedOut(afterOne, both);
      const settled = carriedOut(afterBoth, plan(afterBoth));
      expect(told(plan(settled))).toEqual([]);
      expect(settled.filter((one) => one.name === name && one.event === "created")).toHaveLength(1);
    }),
  );
});

let made = 0;

function carriedOut(
  existing: readonly WebexWebhook[],
  { create, update, remove }: WebhookPlan,
): WebexWebhook[] {
  const fixed = { targetUrl, secret: "new secret", status: "active" };
  const gone = new Set(remove.map(({ webhook: { id } }) => id));
  return [
    ...existing
      .filter(({ id }) => !gone.has(id))
      .map((one) => {
        const change = update.find(({ webhook: { id } }) => id === one.id);
        return change === undefined ? one : { ...one, ...fixed, name: change.name };
      }),
    ...create.map(({ name, subscription }) => webhook(`N${made++}`, { ...subscription, name })),
  ];
}
