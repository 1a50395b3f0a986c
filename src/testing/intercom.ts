import { toText } from "../platforms/intercom/text";
import type { Playground } from "../playground";
import { quickRepliesOf } from "../playground/intercom/shown";
import type { Part } from "../playground/intercom/workspace";
import type { Reply } from "./reply";
import type { SentLog } from "./sent-log";
import { type Acted, type Turn, type TurnParts, takeTurn } from "./turn";

/** Somebody who asks in Intercom. */
export interface IntercomPerson {
  readonly displayName: string;
  /** Begins a conversation with the first thing that is said, and goes on in it. */
  say(text: string): Promise<Turn>;
  /**
   * Presses a quick reply.
   * @param on what was answered with it
   * @throws Error when it is not there, listing those that are
   */
  press(on: Turn, title: string): Promise<Turn>;
}

/** Intercom, as tests use it. */
export interface TestIntercom {
  /** Ada Lovelace, Grace Hopper or Alan Turing, in a conversation of their own each time. @throws Error for others */
  person(displayName: string): IntercomPerson;
}

/** Keeps what the bot says in Intercom. */
export function logIntercom({ timeline, intercom }: Playground, sent: SentLog): void {
  timeline.listen((entry) => {
    if (entry.name !== "intercom.part") return;
    const { id, conversation_parts: list } = entry.data.conversation;
    for (const part of list.conversation_parts)
      if (part.author.id === intercom.adminId) sent.add(toReply(intercom, id, part));
  });
}

function toReply(intercom: Playground["intercom"], roomId: string, part: Part): Reply {
  const { id, body, attachments } = part;
  return {
    id,
    roomId,
    text: toText(body ?? ""),
    html: body ?? undefined,
    cardTexts: [],
    buttons: quickRepliesOf(part).map(({ text }) => text),
    files: attachments.flatMap(({ url }) => intercom.fileAt(url) ?? []),
    isEdit: false,
  };
}

export function createTestIntercom({ intercom }: Playground, parts: TurnParts): TestIntercom {
  return {
    person(displayName) {
      const found = intercom.people.find(({ name }) => name === displayName);
      if (found === undefined)
        throw new Error(
          `nobody in Intercom is called "${displayName}"; there are ${intercom.people.map(({ name }) => name).join(", ")}`,
        );
      let conversationId: string | undefined;
      const act = (does: () => { readonly conversationId: string; readonly partId: string }): Promise<Turn> =>
        takeTurn(parts, (): Acted => {
          const said = does();
          conversationId = said.conversationId;
          const key = `conversation|${said.conversationId}|${said.partId}`;
          return {
            id: said.partId,
            roomId: said.conversationId,
            isAbout: (event, about) => event === "messages.created" && about.endsWith(`/${key}`),
            unheard: undefined,
          };
        });
      return {
        displayName,
        say: (text) => act(() => intercom.says(displayName, text, conversationId)),
        async press(on, title) {
          const answers = new Set((await on.replies()).map(({ id }) => id));
          const offered = intercom
            .conversation(on.roomId)
            .conversation_parts.conversation_parts.filter(({ id }) => answers.has(id))
            .flatMap(quickRepliesOf);
          const option = offered.find(({ text }) => text === title);
          if (option === undefined)
            throw new Error(
              `there is no quick reply "${title}"; there are ${offered.map(({ text }) => `"${text}"`).join(", ") || "none"}`,
            );
          return act(() => intercom.presses(displayName, on.roomId, option.uuid));
        },
      };
    },
  };
}
