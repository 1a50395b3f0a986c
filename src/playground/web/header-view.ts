import { byId } from "./dom";
import type { State } from "./state";

/** What is open, who is in it, and whether the page hears of what happens. */
export function createHeaderView(): (state: State) => void {
  const title = byId("chat-title");
  const note = byId("chat-note");
  const openMembers = byId("open-members");
  const count = byId("member-count");
  const testFile = byId("export-test");
  const connection = byId("connection");
  return ({ platform, current, members, isLive, me }) => {
    title.textContent = current?.title ?? "";
    note.textContent = current?.note ?? "";
    openMembers.hidden = current?.kind !== "group" || platform.can.administrate !== true;
    const file = current?.exists === true ? platform.testFile?.(current) : undefined;
    testFile.hidden = file === undefined;
    if (file !== undefined) testFile.setAttribute("href", file);
    count.textContent = members.length === 1 ? "1 person" : `${members.length} people`;
    const shown = isLive ? "" : "The playground does not answer. Trying again…";
    if (connection.textContent !== shown) connection.textContent = shown;
    connection.hidden = isLive;
    document.title = current === undefined ? "Bellhop playground" : `${current.title} · ${me.name} · Bellhop`;
  };
}
