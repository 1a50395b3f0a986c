import { violations } from "./axe";
import { describeInBrowser } from "./browser";
import type { ChatPage } from "./chat-page";
import { servePlayground, servePlaygroundAlone } from "./served-playground";
import { doInIntercom, sayInSpika } from "./spoken-by-hand";
import { startOnce } from "./start-once";

const wide = { width: 1600, height: 900 };
const narrow = { width: 375, height: 720 };

const looks = [
  ["wide and light", { viewport: wide, colorScheme: "light" as const }],
  ["wide and dark", { viewport: wide, colorScheme: "dark" as const }],
  ["narrow and light", { viewport: narrow, colorScheme: "light" as const }],
  ["narrow and dark", { viewport: narrow, colorScheme: "dark" as const }],
] as const;

describeInBrowser("the chat page, for everybody", () => {
  const started = startOnce(servePlayground);

  it.each(looks)("has nothing that axe finds: %s", async (_name, options) => {
    const ada = await started.open(options);
    expect(await violations(ada)).toEqual([]);
    await ada.say("hello");
    await ada.heard(/Hello/);
    await ada.say("card");
    await ada.conversation.getByLabel("Your name").last().waitFor();
    await (await ada.heard("hello")).getByRole("button", { name: "Reply in thread" }).focus();
    expect(await violations(ada)).toEqual([]);
    await expectNothingBeside(ada);
    await ada.close();
  });

  it("has nothing that axe finds in its dialogs, panels and errors", async () => {
    const ada = await started.open({ viewport: narrow });
    await ada.page.getByRole("button", { name: "Timeline" }).click();
    for (const entry of ["200", "handled"]) await ada.entry(entry).first().locator("summary").click();
    expect(await violations(ada)).toEqual([]);
    await ada.page.getByRole("button", { name: "Rooms" }).click();
    expect(await violations(ada)).toEqual([]);
    await ada.page.getByRole("button", { name: "Start over" }).click();
    expect(await violations(ada)).toEqual([]);
    await ada.page.keyboard.press("Escape");
    await ada.open("Lobby");
    await ada.page.getByRole("button", { name: "4 people" }).click();
    expect(await violations(ada)).toEqual([]);
    await ada.page.keyboard.press("Escape");
    await ada.box.pressSequentially("@");
    await ada.page.getByRole("option").first().waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.say("x".repeat(8_000));
    await ada.page.getByRole("alert").waitFor();
    expect(await violations(ada)).toEqual([]);
    await ada.close();
  });

  it("can be used with the keyboard alone", async () => {
    const ada = await started.open();
    const { keyboard } = ada.page;
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 30; presses++) {
        await keyboard.press("Tab");
        const focused = "(document.activeElement.ariaLabel || document.activeElement.textContent).trim()";
        if (String(await ada.page.evaluate(focused)).endsWith(name)) return;
      }
      throw new Error(`Tab does not lead to "${name}".`);
    };
    await tabTo("New room");
    await tabTo("Lobby");
    await keyboard.press("Enter");
    await ada.page.getByRole("heading", { name: "Lobby", exact: true }).waitFor();
    await tabTo("Message");
    await keyboard.type("@bel");
    await ada.page.getByRole("option", { name: "Bellhop" }).waitFor();
    await keyboard.press("Tab");
    await keyboard.type("hello");
    await keyboard.press("Enter");
    await ada.heard(/Hello/);
    // Backwards: over the button for files to the last thing in the conversation.
    await keyboard.press("Shift+Tab");
    await keyboard.press("Shift+Tab");
    await keyboard.press("Enter");
    await ada.page.getByText("Replying in the thread").waitFor();
    await ada.close();
  });
});

describeInBrowser("Spika and Intercom in the chat page, for everybody", () => {
  const started = startOnce(servePlaygroundAlone);

  beforeAll(async () => {
    const { playground } = started;
    const { id } = playground.spika.says("Ada", "What is for lunch?");
    await sayInSpika(playground, { body: { text: "Soup." }, replyId: id });
    const { conversationId } = playground.intercom.says("Ada", "Where is my parcel? ".repeat(9));
    const options = [
      { text: "The big one", uuid: "1" },
      { text: "The small one", uuid: "2" },
    ];
    for (const body of [
      { message_type: "comment", body: "<p>Let me see.</p>", attachment_urls: ["https://example.com/a.png"] },
      { message_type: "note", body: "<p>She asks often.</p>" },
      { message_type: "quick_reply", reply_options: options },
    ])
      await doInIntercom(playground, `${conversationId}/reply`, body);
    playground.intercom.presses("Ada", conversationId, "2");
    await doInIntercom(playground, `${conversationId}/reply`, {
      ...{ message_type: "quick_reply", reply_options: [{ text: "Now", uuid: "3" }] },
    });
    await doInIntercom(playground, `${conversationId}/parts`, { message_type: "close" });
  });

  it.each(looks)("have nothing that axe finds: %s", async (_name, options) => {
    const ada = await started.open(options);
    const isNarrow = options.viewport === narrow;
    for (const [platform, list, room, last] of [
      ["Spika", "Rooms", "Kitchen", "Soup."],
      ["Intercom", "Conversations", /Where/, "The small one"],
    ] as const) {
      if (isNarrow) await ada.page.getByRole("button", { name: /^(?:Rooms|Conversations)$/ }).click();
      await ada.tab(platform).click();
      await ada.page.getByRole("list", { name: list }).waitFor();
      await ada.room(room).waitFor();
      expect(await violations(ada)).toEqual([]);
      await ada.room(room).click();
      await ada.heard(last);
      expect(await violations(ada)).toEqual([]);
      await expectNothingBeside(ada);
    }
    await ada.close();
  });
});

/** Nothing has to be scrolled to sideways. */
async function expectNothingBeside({ page }: ChatPage): Promise<void> {
  for (const whole of ["document.documentElement", "document.querySelector('[role=log]')"])
    expect(await page.evaluate(`${whole}.scrollWidth - ${whole}.clientWidth`)).toBe(0);
}
