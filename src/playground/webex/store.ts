import { BoundedMap, FILE_BOUNDS } from "../bounded-map";
import { type MessageLog, MessageLogs, type MessageRecord } from "./message-log";
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

/** Everything "Webex" now contains, in memory, found by id. It keeps no rules: those are beside it. */
export class Store {
  readonly people = new Map<string, Person>();
  readonly rooms = new Map<string, Room>();
  readonly messages = new Map<string, MessageRecord>();
  /** With who posted the card, because the card may be deleted before its action is read. */
  readonly actions = new Map<string, { readonly action: AttachmentAction; readonly posterId: string }>();
  readonly contents = new BoundedMap<string, Content>(FILE_BOUNDS);
  readonly teams = new Map<string, Team>();
  readonly teamMemberships = new Map<string, TeamMembership>();
  readonly tabs = new Map<string, RoomTab>();
  readonly memberships = new Map<string, Membership>();

  readonly byRoom = new MessageLogs();
  readonly byParent = new MessageLogs();

  readonly #peopleByEmail = new Map<string, Person>();
  readonly #peopleByToken = new Map<string, Person>();
  readonly #tokens = new Map<string, string>();
  readonly #members = new Map<string, Map<string, Membership>>();
  readonly #roomsOf = new Map<string, Map<string, Membership>>();
  readonly #directRooms = new Map<string, Room>();
  readonly #mentions = new MessageLogs();
  readonly #teamMembers = new Map<string, Map<string, TeamMembership>>();
  #seq = 0;

  /** Once more for who is there already: with another token, from now on. */
  addPerson(person: Person, token: string): void {
    this.people.set(person.id, person);
    this.#peopleByToken.delete(this.tokenOf(person));
    for (const email of person.emails) this.#peopleByEmail.set(email.toLowerCase(), person);
    this.#peopleByToken.set(token, person);
    this.#tokens.set(person.id, token);
  }

  personByEmail(email: string): Person | undefined {
    return this.#peopleByEmail.get(email.toLowerCase());
  }

  personByToken(token: string): Person | undefined {
    return this.#peopleByToken.get(token);
  }

  tokenOf(person: Person): string {
    return this.#tokens.get(person.id) ?? "";
  }

  addMembership(membership: Membership): void {
    this.memberships.set(membership.id, membership);
    childMap(this.#members, membership.roomId).set(membership.personId, membership);
    childMap(this.#roomsOf, membership.personId).set(membership.roomId, membership);
  }

  removeMembership(membership: Membership): void {
    this.memberships.delete(membership.id);
    this.#members.get(membership.roomId)?.delete(membership.personId);
    this.#roomsOf.get(membership.personId)?.delete(membership.roomId);
  }

  membership(roomId: string, personId: string): Membership | undefined {
    return this.#members.get(roomId)?.get(personId);
  }

  /** In the order they joined. */
  membersOf(roomId: string): Membership[] {
    return [...(this.#members.get(roomId)?.values() ?? [])];
  }

  /** One membership for each room the person is in. */
  membershipsOf(personId: string): Membership[] {
    return [...(this.#roomsOf.get(personId)?.values() ?? [])];
  }

  addTeamMembership(membership: TeamMembership): void {
    this.teamMemberships.set(membership.id, membership);
    childMap(this.#teamMembers, membership.teamId).set(membership.personId, membership);
  }

  removeTeamMembership(membership: TeamMembership): void {
    this.teamMemberships.delete(membership.id);
    this.#teamMembers.get(membership.teamId)?.delete(membership.personId);
  }

  teamMembership(teamId: string, personId: string): TeamMembership | undefined {
    return this.#teamMembers.get(teamId)?.get(personId);
  }

  teamMembersOf(teamId: string): TeamMembership[] {
    return [...(this.#teamMembers.get(teamId)?.values() ?? [])];
  }

  addDirectRoom(room: Room, one: string, other: string): void {
    this.rooms.set(room.id, room);
    this.#directRooms.set(pairKey(one, other), room);
  }

  directRoom(one: string, other: string): Room | undefined {
    return this.#directRooms.get(pairKey(one, other));
  }

  addMessage(message: Message): MessageRecord {
    const record: MessageRecord = { seq: ++this.#seq, message, edits: 0 };
    this.messages.set(message.id, record);
    this.byRoom.add(message.roomId, record);
    if (message.parentId !== undefined) this.byParent.add(message.parentId, record);
    for (const log of this.#mentionLogs(message)) this.#mentions.add(log, record);
    return record;
  }

  replaceMessage(record: MessageRecord, message: Message): void {
    for (const log of this.#mentionLogs(record.message)) this.#mentions.of(log).remove(record);
    record.message = message;
    for (const log of this.#mentionLogs(message)) this.#mentions.add(log, record);
  }

  /** Messages of a room that mention the person. */
  mentioning(roomId: string, personId: string): MessageLog {
    return this.#mentions.of(mentionKey(roomId, personId));
  }

  removeMessage(record: MessageRecord): void {
    const { message } = record;
    this.messages.delete(message.id);
    this.byRoom.of(message.roomId).remove(record);
    if (message.parentId !== undefined) this.byParent.of(message.parentId).remove(record);
    for (const log of this.#mentionLogs(message)) this.#mentions.of(log).remove(record);
    for (const url of message.files ?? []) this.contents.delete(url.slice(url.lastIndexOf("/") + 1));
  }

  /** The room, who was in it, and all that was said there. */
  removeRoom(room: Room): void {
    for (const membership of this.membersOf(room.id)) this.removeMembership(membership);
    for (const record of [...this.byRoom.of(room.id).before(Number.POSITIVE_INFINITY)])
      this.removeMessage(record);
    for (const [id, tab] of this.tabs) if (tab.roomId === room.id) this.tabs.delete(id);
    this.byRoom.forget(room.id);
    this.#members.delete(room.id);
    this.rooms.delete(room.id);
  }

  #mentionLogs(message: Message): string[] {
    return (message.mentionedPeople ?? []).map((personId) => mentionKey(message.roomId, personId));
  }
}

function childMap<K, V>(parents: Map<string, Map<K, V>>, key: string): Map<K, V> {
  let child = parents.get(key);
  if (child === undefined) {
    child = new Map();
    parents.set(key, child);
  }
  return child;
}

function pairKey(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

function mentionKey(roomId: string, personId: string): string {
  return `${roomId} ${personId}`;
}
