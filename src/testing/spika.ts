import type { Playground } from "../playground";
import { isAbout } from "../playground/timeline";
import type { SentLog } from "./sent-log";
import { type Turn, type TurnParts, takeTurn } from "./turn";

/** How something is said in Spika. */
export interface SpikaSayOptions {
  /** What is quoted: something that was said, or what the bot wrote. */
  readonly quote?: { readonly id: string } | undefined;
}

/** Somebody in the kitchen, a room of three people and the bot. */
export interface SpikaPerson {
  readonly id: string;
  readonly displayName: string;
  say(text: string, options?: SpikaSayOptions): Promise<Turn>;
}

/** Spika, as tests use it. */
export interface TestSpika {
  /**
   * Ada Lovelace, Grace Hopper or Alan Turing: a bot has one room with everybody in it, so tests share them.
   * @throws Error for others
   */
  person(displayName: string): SpikaPerson;
}

/** Keeps what the bot writes in Spika. */
export function logSpika({ timeline, spika }: Playground, sent: SentLog): void {
  timeline.listen((entry) => {
    if (entry.name !== "spika.message" || entry.data.message.fromUserId !== spika.botUserId) return;
    const { id, roomId, replyId, body } = entry.data.message;
    sent.add({
      id: String(id),
      roomId: String(roomId),
      threadId: replyId === null ? undefined : String(replyId),
      text: typeof body.text === "string" ? body.text : "",
      cardTexts: [],
      buttons: [],
      files: spika.filesOf(body),
      isEdit: false,
    });
  });
}

export function createTestSpika({ spika }: Playground, parts: TurnParts): TestSpika {
  return {
    person(displayName) {
      const found = spika.people.find((one) => one.displayName === displayName);
      if (found === undefined)
        throw new Error(
          `nobody in Spika is called "${displayName}"; there are ${spika.people.map((one) => one.displayName).join(", ")}`,
        );
      return {
        id: String(found.id),
        displayName,
        say: (text, { quote } = {}) =>
          takeTurn(parts, () => {
            const message = spika.says(
              displayName,
              text,
              quote === undefined ? {} : { replyId: Number(quote.id) },
            );
            const id = String(message.id);
            return {
              id,
              roomId: String(message.roomId),
              isAbout: (event, key) =>
                event === "messages.created" && key.startsWith("spika/") && isAbout(key, id),
              unheard: undefined,
            };
          }),
      };
    },
  };
}
