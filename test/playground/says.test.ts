import { useSetting } from "./setting";

const here = useSetting();

async function call(path: string, body?: unknown, type = "application/json") {
  const response = await fetch(`${here.playground.url}/api${path}`, {
    ...(body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": type }, body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
  const answer: any = await response.json();
  return { status: response.status, body: answer };
}

/** A call of Intercom's API with the bot's token. */
async function asBot(path: string, body: object): Promise<void> {
  const { intercom, url } = here.playground;
  const response = await fetch(url + intercom.path + path, {
    method: "POST",
    headers: { authorization: `Bearer ${intercom.token}`, "content-type": "application/json" },
    body: JSON.stringify({ admin_id: intercom.adminId, ...body }),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
}

it("somebody in Spika says something, and it can be read", async () => {
  const said = await call("/spika/messages", { who: "ada", text: "hello" });
  expect(said.body).toMatchObject({ roomId: here.playground.spika.roomId, body: { text: "hello" } });
  await call("/spika/messages", { who: "Grace", text: "yes", replyId: said.body.id });
  expect((await call("/spika/messages")).body.items).toMatchObject([
    { id: said.body.id },
    { replyId: said.body.id },
  ]);
});

it("a room of Spika is read page by page, the newest first", async () => {
  const { spika } = here.playground;
  const said = ["1", "2", "3"].map((text) => spika.says("Ada", text));
  spika.says("Ada", "elsewhere", { roomId: spika.privateRoomId });
  const last = (await call(`/spika/messages?roomId=${spika.roomId}&max=2`)).body;
  expect(last).toMatchObject({ items: [{ body: { text: "2" } }, { body: { text: "3" } }], hasOlder: true });
  const first = await call(`/spika/messages?roomId=${spika.roomId}&max=2&before=${said[1]?.id}`);
  expect(first.body).toMatchObject({ items: [{ body: { text: "1" } }], hasOlder: false });
});

it("Spika's rooms are told with their people and bots, not with tokens", async () => {
  const { items } = (await call("/spika/rooms")).body;
  expect(items).toMatchObject([
    { name: "Kitchen", type: "group", members: [{}, {}, {}, { displayName: "Bellhop", isBot: true }] },
    { name: "", type: "private", members: [{ displayName: "Ada Lovelace", isBot: false }, {}] },
  ]);
  expect(JSON.stringify(items)).not.toContain(here.playground.spika.people[0]?.token);
});

it("somebody in Intercom begins a conversation and goes on in it", async () => {
  const { conversationId } = (await call("/intercom/messages", { who: "Grace", text: "hello" })).body;
  await call("/intercom/messages", { who: "Grace", text: "still there?", conversationId });
  expect((await call(`/intercom/conversations/${conversationId}`)).body).toMatchObject({
    source: { body: "<p>hello</p>" },
    conversation_parts: { total_count: 1 },
  });
});

it("the conversations of one person are listed, the most recently active first", async () => {
  const { people, says } = here.playground.intercom;
  const first = says("Grace", "one");
  says("Ada", "not hers");
  const second = says("Grace", "two");
  const { items } = (await call(`/intercom/conversations?contactId=${people[1]?.id}`)).body;
  expect(items.map(({ id }: { id: string }) => id)).toEqual([second.conversationId, first.conversationId]);
  expect(items[0]).toMatchObject({ state: "open", conversation_parts: { conversation_parts: [] } });
});

it("a quick reply is pressed: its text is said, and which one it was", async () => {
  const { conversationId } = here.playground.intercom.says("Grace", "hello");
  const uuid = "11111111-1111-4111-8111-111111111111";
  await asBot(`/conversations/${conversationId}/reply`, {
    ...{ message_type: "quick_reply", type: "admin" },
    reply_options: [{ text: "Yes, please", uuid }],
  });
  await call("/intercom/presses", { who: "Grace", conversationId, optionId: uuid });
  expect(here.playground.intercom.conversation(conversationId)).toMatchObject({
    conversation_parts: {
      conversation_parts: [
        { part_type: "quick_reply" },
        { body: "<p>Yes, please</p>", metadata: { quick_reply_option_uuid: uuid } },
      ],
    },
  });
});

it("an answer opens a conversation again that was closed", async () => {
  const { conversationId } = here.playground.intercom.says("Grace", "hello");
  await asBot(`/conversations/${conversationId}/parts`, { message_type: "close", type: "admin" });
  expect(here.playground.intercom.conversation(conversationId)).toMatchObject({ state: "closed" });
  await call("/intercom/messages", { who: "Grace", text: "wait", conversationId });
  expect(here.playground.intercom.conversation(conversationId)).toMatchObject({ state: "open" });
});

it("a file that the bot attached can be read at its address, as bytes and nothing that a browser runs", async () => {
  const { conversationId } = here.playground.intercom.says("Grace", "hello");
  const data = Buffer.from("<script>1</script>").toString("base64");
  await asBot(`/conversations/${conversationId}/reply`, {
    ...{ message_type: "comment", type: "admin", body: "" },
    attachment_files: [{ name: "a b.html", content_type: "text/html", data }],
  });
  const [attachment] = here.playground.intercom.replies.at(-1)?.attachments ?? [];
  const response = await fetch(attachment?.url ?? "");
  expect(await response.text()).toBe("<script>1</script>");
  expect(response.headers.get("content-type")).toContain("application/octet-stream");
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="a b.html"');
});

it.each([
  ["/spika/messages", {}, /expected JSON/],
  ["/spika/messages", { who: "Ada", text: "" }, /expected JSON/],
  ["/spika/messages", { who: "Zoe", text: "x" }, /nobody in Spika is called "Zoe"/],
  ["/spika/messages", { who: "Ada", text: "x", roomId: 99 }, /Room user not found/],
  ["/intercom/messages", { who: "Zoe", text: "x" }, /nobody in Intercom is called "Zoe"/],
  ["/intercom/messages", { who: "Ada", text: "x", conversationId: "1" }, /there is no conversation 1/],
  ["/intercom/presses", { who: "Ada" }, /expected JSON/],
  ["/intercom/presses", { who: "Ada", conversationId: "1", optionId: "u" }, /there is no conversation 1/],
])("%s refuses %j", async (path, body, message) => {
  expect(await call(path, body)).toEqual({ status: 400, body: { message: expect.stringMatching(message) } });
});

it("a page elsewhere, which can send no JSON, is refused", async () => {
  expect((await call("/spika/messages", { who: "Ada", text: "x" }, "text/plain")).status).toBe(400);
});
