import { createHmac } from "node:crypto";
import { MalformedDeliveryError, SignatureError } from "../../../src/core/contract/errors";
import { createIntercom, type Intercom } from "../../../src/platforms/intercom";
import { parseNotice } from "../../../src/platforms/intercom/parse";
import { toBody, toText } from "../../../src/platforms/intercom/text";
import { createVerifier } from "../../../src/platforms/intercom/verify";
import { type ListeningPlayground, listenPlayground } from "../../../src/playground/listen";

const SOURCE = { name: "intercom", account: "default", appId: undefined };
const { signal } = new AbortController();

function parse(body: unknown, source: Parameters<typeof parseNotice>[1] = SOURCE) {
  return parseNotice(Buffer.from(JSON.stringify(body)), source);
}

function notification(topic: string, item: object, more: object = {}) {
  return {
    type: "notification_event",
    app_id: "ws1",
    id: "notif_1",
    topic,
    created_at: 1_700_000_000,
    data: { item },
    ...more,
  };
}

const AUTHOR = { type: "user", id: "c1", name: "Ann", email: "Ann@Example.org" };

describe("the signature", () => {
  const body = Buffer.from(
    '{"type":"notification_event","topic":"ping","id":null,"data":{"item":{"type":"ping","message":"zażółć ✓"}}}',
  );
  const verify = createVerifier(["test-client-secret"]);
  const signed = (value: string) => ({ headers: { "x-hub-signature": [value] }, body });

  it("is that of the known vector", () => {
    expect(body).toHaveLength(113);
    expect(() => verify(signed("sha1=7ae92a45c86223f013c0dda31a481613769a3cde"))).not.toThrow();
  });

  it.each([
    "sha1=7ae92a45c86223f013c0dda31a481613769a3cdf",
    "7ae92a45c86223f013c0dda31a481613769a3cde",
    "sha256=7ae92a45c86223f013c0dda31a481613769a3cde",
    "sha1=",
    "",
  ])("is refused when it is %j", (value) => {
    expect(() => verify(signed(value))).toThrow(SignatureError);
  });

  it("may be made with the secret before", () => {
    const old = `sha1=${createHmac("sha1", "old").update(body).digest("hex")}`;
    expect(() => createVerifier(["new", "old"])(signed(old))).not.toThrow();
  });
});

describe("what a notification says", () => {
  const source = {
    type: "conversation",
    id: "9",
    body: "<p>Hi <b>there</b></p>",
    author: AUTHOR,
    attachments: [],
  };

  it("a conversation that begins is a message, by both names", () => {
    const notice = parse(
      notification("conversation.user.created", { type: "conversation", id: "123", source }),
    );
    expect(notice).toMatchObject({
      name: "messages.created",
      alias: "intercom:conversation.user.created",
      key: "intercom/default/conversation|123|source",
      conversation: "intercom/default/123",
      person: { id: "c1", displayName: "Ann", email: "ann@example.org" },
      room: { id: "123", kind: "direct" },
    });
  });

  it("a reply is known by its part, whatever else is in the list", () => {
    const part = {
      type: "conversation_part",
      id: "132",
      part_type: "comment",
      body: "<p>More</p>",
      author: AUTHOR,
    };
    const closed = {
      type: "conversation_part",
      id: "133",
      part_type: "close",
      body: null,
      author: { type: "admin", id: "1" },
    };
    for (const list of [{ conversation_parts: [part, closed] }, [part, closed]]) {
      const item = { id: "123", conversation_parts: list };
      expect(parse(notification("conversation.user.replied", item))).toMatchObject({
        name: "messages.created",
        key: "intercom/default/conversation|123|132",
        person: { id: "c1" },
      });
    }
  });

  it("a conversation of the first API is read, too", () => {
    const item = {
      type: "conversation",
      id: "7",
      user: AUTHOR,
      conversation_message: source,
      conversation_parts: {},
    };
    const notice = parse(notification("conversation.user.created", item));
    expect(notice).toMatchObject({ key: "intercom/default/conversation|7|source", person: { id: "c1" } });
  });

  it.each([
    ["conversation.admin.closed", { id: "5" }, "intercom/default/5"],
    ["conversation.deleted", { type: "conversation", conversation_id: "5" }, "intercom/default/5"],
    ["contact.user.created", { type: "contact", id: "c9" }, "intercom/default/contact.user.created|c9"],
    ["company.updated", {}, "intercom/default/company.updated|"],
    ["something.new", { id: 7 }, "intercom/default/something.new|7"],
  ])("%s keeps its name", (topic, item, conversation) => {
    expect(parse(notification(topic, item))).toMatchObject({
      name: `intercom:${topic}`,
      key: "intercom/default/notification|notif_1",
      conversation,
      data: { topic, item },
    });
  });

  it("a ping without an id has a key all the same, and another one another", () => {
    const ping = (createdAt: number) =>
      parse(notification("ping", { type: "ping", message: "x" }, { id: null, created_at: createdAt })).key;
    expect(ping(1)).toBe(ping(1));
    expect(ping(1)).not.toBe(ping(2));
  });

  it("is refused when it is of another workspace", () => {
    const body = notification("ping", {});
    expect(() => parse(body, { ...SOURCE, appId: "ws2" })).toThrow(MalformedDeliveryError);
    expect(() => parse(body, { ...SOURCE, appId: "ws1" })).not.toThrow();
  });

  it.each([[{}], [{ topic: 7 }], [{ topic: "a b" }]])("is refused when it is %j", (body) => {
    expect(() => parse(body)).toThrow(MalformedDeliveryError);
  });
});

it.each([
  ["<p>Hi <b>there</b></p>", "Hi there"],
  ["<p>one<br>two</p><p>three &lt;4&gt; &amp; &#39;five&#x27;</p>", "one\ntwo\nthree <4> & 'five'"],
  ["<ul><li>a</li><li>b</li></ul>", "- a\n- b"],
  [
    '<p>see <a href="https://example.com">the page</a></p><p><img src="c.png" alt="a chart"></p>',
    "see the page (https://example.com)\na chart (c.png)",
  ],
  [`${"<b>".repeat(300)}x</b>`, `${"<b>".repeat(300)}x</b>`],
  ["plain 1 < 2 and <b>not a tag</b>?", "plain 1 < 2 and <b>not a tag</b>?"],
  ["&amp; as it is", "&amp; as it is"],
])("%j reads %j", (body, text) => {
  expect(toText(body)).toBe(text);
});

it("what is sent as text is read as that text", () => {
  for (const text of ["a < b & c > d", "one\ntwo", '"quoted"']) expect(toText(toBody(text))).toBe(text);
});

describe("a bot in the playground's Intercom", () => {
  let playground: ListeningPlayground;
  let intercom: Intercom;

  beforeEach(async () => {
    playground = await listenPlayground();
    intercom = createIntercom({
      token: playground.intercom.token,
      secrets: [playground.intercom.clientSecret],
      apiBaseUrl: playground.url + playground.intercom.path,
    });
    await intercom.open(signal);
  });
  afterEach(async () => {
    await intercom.close();
    await playground.close();
  });

  it("answers as the token's admin, with notes, buttons and files, and closes, snoozes, assigns", async () => {
    const { conversationId: id } = playground.intercom.says("Ada", "hello");
    const { conversations } = intercom.client;
    const admin = intercom.adminId();
    await intercom.send({ roomId: id }, { markdown: "**Done** & more" }, signal);
    await conversations.reply(id, admin, { messageType: "note", body: "<p>internal</p>" });
    const uuid = "11111111-1111-4111-8111-111111111111";
    await conversations.reply(id, admin, {
      messageType: "quick_reply",
      replyOptions: [{ text: "Yes", uuid }],
    });
    await intercom.send(
      { roomId: id },
      { text: "see", file: { data: Buffer.from("x"), name: "a.png" } },
      signal,
    );
    expect(playground.intercom.replies.map(({ type, body }) => [type, body])).toEqual([
      ["comment", "<p>Done &amp; more</p>"],
      ["note", "<p>internal</p>"],
      ["quick_reply", null],
      ["comment", "<p>see</p>"],
    ]);
    expect(playground.intercom.replies.at(-1)?.attachments).toEqual([
      {
        ...{ type: "upload", name: "a.png", content_type: "image/png", filesize: 1 },
        url: expect.stringMatching(/\/attachments\/[^/]+\/a\.png$/),
      },
    ]);
    expect((await conversations.snooze(id, admin, 1_900_000_000)).state).toBe("snoozed");
    expect((await conversations.open(id, admin)).state).toBe("open");
    expect((await conversations.assign(id, admin, { type: "admin", id: "1001" })).raw).toMatchObject({
      admin_assignee_id: 1001,
    });
    expect((await conversations.close(id, admin)).state).toBe("closed");
  });

  it("finds what it may have sent, and what people wrote meanwhile", async () => {
    const since = Date.now() - 1_000;
    const { conversationId: roomId } = playground.intercom.says("Ada", "one");
    const sent = await intercom.send({ roomId }, { markdown: "an *answer*" }, signal);
    const found = await intercom.findSent({ roomId }, { markdown: "an *answer*" }, since, signal);
    expect(found).toEqual([{ id: sent.id, roomId }]);
    const { partId } = playground.intercom.says("Ada", "two", roomId);
    const rooms: string[] = [];
    for await (const id of intercom.history?.rooms(since, signal) ?? []) rooms.push(id);
    expect(rooms).toEqual([roomId]);
    const notices = (await intercom.history?.notices(roomId, since, signal)) ?? [];
    expect(notices.map(({ key }) => key)).toEqual([
      `intercom/default/conversation|${roomId}|source`,
      `intercom/default/conversation|${roomId}|${partId}`,
    ]);
    const events = await Promise.all(notices.map((notice) => intercom.fetch(notice, signal)));
    expect(events.map((event) => event.kind === "message" && event.message.text)).toEqual(["one", "two"]);
  });

  it("reads every page of what was changed", async () => {
    for (let count = 0; count < 120; count++) playground.intercom.says("Ada", `question ${count}`);
    const ids = new Set<string>();
    for await (const { id } of intercom.client.conversations.updatedSince(0)) ids.add(id);
    expect(ids.size).toBe(120);
  });

  it("makes, lists, changes, pings and deletes legacy subscriptions, without showing their secrets", async () => {
    const { subscriptions } = intercom.client;
    const made = await subscriptions.create({
      url: "http://127.0.0.1:9/x",
      topics: ["conversation.user.created"],
      secret: "hush",
    });
    expect(JSON.stringify(made)).not.toContain("hush");
    expect((await subscriptions.list()).map(({ id }) => id)).toEqual([made.id]);
    const changed = await subscriptions.update(made.id, {
      topics: ["event.created"],
      eventNames: ["bought"],
    });
    expect(changed).toMatchObject({ topics: ["event.created"], eventNames: ["bought"] });
    await subscriptions.ping(made.id);
    await subscriptions.delete(made.id);
    await expect(subscriptions.get(made.id)).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ["another admin", () => intercom.client.conversations.close("1", "9"), 404],
    ["a conversation that is not there", () => intercom.send({ roomId: "1" }, { text: "x" }, signal), 404],
    ["a contact who is not there", () => intercom.person("nobody", signal), 404],
  ])("says why %s is refused, in Intercom's words", async (_what, call, status) => {
    await expect(call()).rejects.toMatchObject({ status, message: expect.stringMatching(/not found/i) });
  });
});
