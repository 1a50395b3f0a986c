import { describeInBrowser } from "./browser";
import type { ChatPage } from "./chat-page";
import { servePlayground } from "./served-playground";
import { startOnce } from "./start-once";

describeInBrowser("the timeline of the chat page", () => {
  const started = startOnce(servePlayground);
  let ada: ChatPage;

  beforeEach(async () => {
    ada = await started.open({
      permissions: ["clipboard-read", "clipboard-write"],
    });
  });
  afterEach(async () => {
    expect(ada.complaints).toEqual([]);
    await ada.close();
  });

  it("shows which handler answered, with every step and how long it took", async () => {
    await ada.say("hello");
    await ada.heard(/Hello/);
    const attempt = ada.entry('echo: command "hello"').first();
    await attempt.getByText("handled").waitFor();
    await attempt.locator("summary").click();
    for (const step of ["leased", "policy", "fetched", "matched", "call", "settled"])
      await attempt.getByText(step, { exact: true }).first().waitFor();
  });

  it("shows why no handler answered, matcher by matcher", async () => {
    await ada.say("what nobody knows");
    const attempt = ada.entry("no handler matched").first();
    await attempt.getByText("handled", { exact: true }).waitFor();
    await attempt.locator("summary").click();
    await attempt.getByText(/echo · command "hello" · the text does not begin with its words/).waitFor();
  });

  it("shows that no bot was told, and why", async () => {
    await ada.open("Lobby");
    await ada.say("hello, everybody");
    await ada.entry("in a group room a bot is told only of messages that mention it").first().waitFor();
  });

  it("shows every attempt of a handler that fails", async () => {
    await ada.say("busy");
    await ada.heard(/attempt 2/);
    const failed = ada.entry(/Error: .*the other side is busy, at .*retries\.ts:\d+/).first();
    await failed.getByText("retry").waitFor();
    await failed.locator("summary").click();
    await failed
      .getByLabel("Stack")
      .getByText(/BusyError: .*at .*retries\.ts:\d+/s)
      .waitFor();
    await ada
      .entry(/retries: command "busy"/)
      .first()
      .getByText("handled")
      .waitFor();
  });

  it("has the bytes of calls and answers", async () => {
    await ada.say("echo bytes");
    // What comes later would push the call down the list.
    await ada.entry('echo: command "echo <text...>"').waitFor();
    const call = ada.entry("POST /messages").first();
    await call.locator("summary").click();
    await call
      .getByLabel("Request body")
      .getByText(/"markdown": "You said: bytes"/)
      .waitFor();
    await call
      .getByLabel("Answer")
      .getByText(/"personEmail": "bellhop@webex.bot"/)
      .waitFor();
  });

  it("sends a delivery again, which is recognised, or with a wrong signature, which is refused", async () => {
    // Not what others of these tests have said in the same room.
    await ada.say("echo only once");
    await ada.heard("You said: only once");
    const answers = await ada.messages.count();
    const delivery = ada.entry("→messages.created").last();
    await delivery.locator("summary").click();
    await delivery.getByRole("button", { name: "Send again" }).click();
    await ada.entry("delivered before").first().waitFor();
    await delivery.getByRole("button", { name: "Send with a wrong signature" }).click();
    await ada.entry("401").first().waitFor();
    expect(await ada.messages.count()).toBe(answers);
  });

  it("copies a delivery as a command that the receiver takes", async () => {
    await ada.say("hello");
    await ada.heard(/Hello/);
    const delivery = ada.entry("→messages.created").last();
    await delivery.locator("summary").click();
    await delivery.getByRole("button", { name: "Copy as curl" }).click();
    const command = await ada.page.evaluate<string>("navigator.clipboard.readText()");
    expect(command).toMatch(/^curl -i 'http:\/\/127\.0\.0\.1:\d+\/webhooks\/webex' \\\n/);
    expect(command).toMatch(/-H 'X-Spark-Signature: [\da-f]{40}'/);
  });

  it("shows the path of one message, and everything again", async () => {
    await ada.say("hello");
    await ada.heard(/Hello/);
    await ada.say("thanks");
    const answer = await ada.heard(/Any time/);
    await answer.hover();
    await answer.getByRole("button", { name: "What became of it" }).click();
    await ada.timeline.getByText("The path of").waitFor();
    await ada.entry('echo: hears "thanks"').waitFor();
    expect(await ada.entry('echo: command "hello"').count()).toBe(0);
    await ada.timeline.getByRole("button", { name: "Show everything" }).click();
    await ada.entry('echo: command "hello"').first().waitFor();
  });
});
