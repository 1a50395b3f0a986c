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

it("somebody in Spika says something, and it can be read", async () => {
  const said = await call("/spika/messages", { who: "ada", text: "hello" });
  expect(said.body).toMatchObject({ roomId: here.playground.spika.roomId, body: { text: "hello" } });
  await call("/spika/messages", { who: "Grace", text: "yes", replyId: said.body.id });
  expect((await call("/spika/messages")).body.items).toMatchObject([
    { id: said.body.id },
    { replyId: said.body.id },
  ]);
});

it("somebody in Intercom begins a conversation and goes on in it", async () => {
  const { conversationId } = (await call("/intercom/messages", { who: "Grace", text: "hello" })).body;
  await call("/intercom/messages", { who: "Grace", text: "still there?", conversationId });
  expect((await call(`/intercom/conversations/${conversationId}`)).body).toMatchObject({
    source: { body: "<p>hello</p>" },
    conversation_parts: { total_count: 1 },
  });
});

it.each([
  ["/spika/messages", {}, /expected JSON/],
  ["/spika/messages", { who: "Ada", text: "" }, /expected JSON/],
  ["/spika/messages", { who: "Zoe", text: "x" }, /nobody in Spika is called "Zoe"/],
  ["/spika/messages", { who: "Ada", text: "x", roomId: 99 }, /Room user not found/],
  ["/intercom/messages", { who: "Zoe", text: "x" }, /nobody in Intercom is called "Zoe"/],
  ["/intercom/messages", { who: "Ada", text: "x", conversationId: "1" }, /there is no conversation 1/],
])("%s refuses %j", async (path, body, message) => {
  expect(await call(path, body)).toEqual({ status: 400, body: { message: expect.stringMatching(message) } });
});

it("a page elsewhere, which can send no JSON, is refused", async () => {
  expect((await call("/spika/messages", { who: "Ada", text: "x" }, "text/plain")).status).toBe(400);
});
