import fc from "fast-check";
import { parseWebhook, type WebexWebhook } from "../../../../src/platforms/webex/resources/webhooks";
import { planWebhooks, type WebhookPlan } from "../../../../src/platforms/webex/webhooks/sync";

const targetUrl = "https://bot.example.com/webhooks/webex";
const ours = { account: "default", secret: "new secret" };
const created = { resource: "messages", event: "created" };
const clicks = { resource: "attachmentActions", event: "created" };

/** A webhook as it should be for `messages.created`, but for what is said. */
function webhook(id: string, but: object = {}): WebexWebhook {
  const name = "bellhop:default:messages.created";
  return parseWebhook({ id, name, targetUrl, secret: ours.secret, status: "active", ...created, ...but });
}

function plan(existing: readonly WebexWebhook[], subscriptions = [created]): WebhookPlan {
  return planWebhooks(existing, { targetUrl, subscriptions }, ours);
}

/** The plan in words. */
function told({ create, update, remove }: WebhookPlan): string[] {
  return [
    ...create.map(({ name }) => `create ${name}`),
    ...update.map(({ webhook: { id }, reason }) => `update ${id}: ${reason}`),
    ...remove.map(({ webhook: { id }, reason }) => `remove ${id}: ${reason}`),
  ];
}

it.each<[string, WebexWebhook[], string[]]>([
  ["nothing is there", [], ["create bellhop:default:messages.created"]],
  ["all is as it should be", [webhook("A")], []],
  [
    "the target differs",
    [webhook("A", { targetUrl: "https://old.example" })],
    ["update A: its target differed"],
  ],
  ["Webex has deactivated it", [webhook("A", { status: "inactive" })], ["update A: it was not active"]],
  ["it is off in another word", [webhook("A", { status: "disabled" })], ["update A: it was not active"]],
  ["its status is not shown", [webhook("A", { status: undefined })], []],
  ["it has the secret before", [webhook("A", { secret: "old secret" })], ["update A: its secret differed"]],
  [
    "no secret is shown",
    [webhook("A", { secret: undefined })],
    ["update A: its secret is not shown, so it is set anew"],
  ],
  [
    "its name has changed behind our part",
    [webhook("A", { name: "bellhop:default:x" })],
    ["update A: its name differed"],
  ],
  ["there are two", [webhook("A", { status: "inactive" }), webhook("B")], ["remove A: there were two"]],
  [
    "there are two, neither right",
    [webhook("A", { status: "inactive" }), webhook("B", { status: "inactive" })],
    ["update A: it was not active", "remove B: there were two"],
  ],
  [
    "one is not needed any more",
    [webhook("A"), webhook("B", { ...clicks })],
    ["remove B: not needed any more"],
  ],
  [
    "ours has a filter",
    [webhook("A", { filter: "roomType=direct" })],
    ["create bellhop:default:messages.created", "remove A: not needed any more"],
  ],
  [
    "strangers watch the same",
    [
      webhook("A", { name: "my hook" }),
      webhook("B"),
      webhook("C", { name: "bellhop:other:messages.created" }),
      webhook("D", { name: "bellhop:default" }),
    ],
    [],
  ],
])("when %s", (_, existing, expected) => {
  expect(told(plan(existing))).toEqual(expected);
});

it("creates one webhook for a subscription that is wanted twice", () => {
  expect(told(plan([], [created, clicks, created]))).toHaveLength(2);
});

it("removes all of ours when nothing is wanted", () => {
  expect(told(plan([webhook("A"), webhook("S", { name: "stranger" })], []))).toEqual([
    "remove A: not needed any more",
  ]);
});

it("never touches a stranger's, and leaves nothing to do once it is carried out", () => {
  const anyWebhook = fc.record({
    name: fc.constantFrom("bellhop:default:messages.created", "bellhop:default:old", "bellhop:two:x", "mine"),
    targetUrl: fc.constantFrom(targetUrl, "https://old.example"),
    resource: fc.constantFrom("messages", "attachmentActions", "rooms"),
    event: fc.constantFrom("created", "updated"),
    filter: fc.constantFrom(undefined, "roomType=direct"),
    secret: fc.constantFrom("new secret", "old secret", undefined),
    status: fc.constantFrom("active", "inactive"),
  });
  const anySubscriptions = fc.subarray([created, clicks, { resource: "rooms", event: "updated" }]);
  fc.assert(
    fc.property(fc.array(anyWebhook, { maxLength: 8 }), anySubscriptions, (found, subscriptions) => {
      const existing = found.map((one, index) => parseWebhook({ ...one, id: `W${index}` }));
      const first = plan(existing, subscriptions);
      for (const { webhook: touched } of [...first.update, ...first.remove])
        expect(touched.name.startsWith("bellhop:default:")).toBe(true);
      expect(told(plan(carriedOut(existing, first), subscriptions))).toEqual([]);
    }),
  );
});

function carriedOut(
  existing: readonly WebexWebhook[],
  { create, update, remove }: WebhookPlan,
): WebexWebhook[] {
  const isIn = (list: WebhookPlan["update" | "remove"], one: WebexWebhook): boolean =>
    list.some(({ webhook: { id } }) => id === one.id);
  const fixed = { targetUrl, secret: ours.secret, status: "active" };
  return [
    ...existing.filter((one) => !isIn(remove, one) && !isIn(update, one)),
    ...update.map(({ webhook: one, name }) => ({ ...one, ...fixed, name })),
    ...create.map(({ name, subscription }, index) => webhook(`N${index}`, { ...subscription, name })),
  ];
}
