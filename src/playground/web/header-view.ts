import { byId } from "./dom";
import type { State } from "./state";

/** What is open, who is in it, and whether the page hears of what happens. */
export function createHeaderView(): (state: State) => void {
  const title = byId("chat-title");
  const note = byId("chat-note");
  const members = byId("open-members");
  const count = byId("member-count");
  const connection = byId("connection");
  return ({ current, members: people, session, isLive, me }) => {
    const isGroup = current?.kind === "room" && current.room.type === "group";
    title.textContent = current?.title ?? "";
    const isBot = !isGroup && current?.title === session.bot.displayName;
    note.textContent = isGroup ? "group room" : isBot ? "your bot" : "direct room";
    members.hidden = !isGroup;
    count.textContent = people.length === 1 ? "1 person" : `${people.length} people`;
    const shown = isLive ? "" : "The playground does not answer. Trying again…";
    if (connection.textContent !== shown) connection.textContent = shown;
    connection.hidden = isLive;
    document.title =
      current === undefined ? "Bellhop playground" : `${current.title} · ${me.displayName} · Bellhop`;
  };
}
