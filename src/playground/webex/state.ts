import type {
  AttachmentAction,
  Content,
  Membership,
  Message,
  Person,
  Room,
  RoomTab,
  Team,
  TeamMembership,
} from "./records";
import { Store } from "./store";

/** What a store consists of, each list in the order in which it came to be. */
export interface WebexState {
  readonly people: readonly { readonly person: Person; readonly token: string }[];
  readonly rooms: readonly Room[];
  readonly memberships: readonly Membership[];
  readonly messages: readonly { readonly message: Message; readonly edits: number }[];
  readonly actions: readonly { readonly action: AttachmentAction; readonly posterId: string }[];
  readonly contents: readonly Content[];
  readonly teams: readonly Team[];
  readonly teamMemberships: readonly TeamMembership[];
  readonly tabs: readonly RoomTab[];
}

export function stateOfStore(store: Store): WebexState {
  return {
    people: [...store.people.values()].map((person) => ({ person, token: store.tokenOf(person) })),
    rooms: [...store.rooms.values()],
    memberships: [...store.memberships.values()],
    messages: [...store.messages.values()].map(({ message, edits }) => ({ message, edits })),
    actions: [...store.actions.values()],
    contents: [...store.contents.values()],
    teams: [...store.teams.values()],
    teamMemberships: [...store.teamMemberships.values()],
    tabs: [...store.tabs.values()],
  };
}

/** @param apiUrl where the API is now: the URLs of files begin with it */
export function storeOf(state: WebexState, apiUrl: string): Store {
  const store = new Store();
  for (const { person, token } of state.people) store.addPerson(person, token);
  for (const membership of state.memberships) store.addMembership(membership);
  for (const room of state.rooms) addRoom(store, room);
  for (const { message, edits } of state.messages)
    store.addMessage(withFilesAt(`${apiUrl}/contents`, message)).edits = edits;
  for (const record of state.actions) store.actions.set(record.action.id, record);
  for (const content of state.contents) store.contents.set(content.id, content);
  for (const team of state.teams) store.teams.set(team.id, team);
  for (const membership of state.teamMemberships) store.addTeamMembership(membership);
  for (const tab of state.tabs) store.tabs.set(tab.id, tab);
  return store;
}

/** Nobody leaves a direct room, so its members say whose it is. */
function addRoom(store: Store, room: Room): void {
  const [one, other] = store.membersOf(room.id);
  if (room.type === "direct" && one !== undefined && other !== undefined)
    store.addDirectRoom(room, one.personId, other.personId);
  else store.rooms.set(room.id, room);
}

function withFilesAt(contentsUrl: string, message: Message): Message {
  const { files } = message;
  if (files === undefined) return message;
  return { ...message, files: files.map((url) => contentsUrl + url.slice(url.lastIndexOf("/"))) };
}
