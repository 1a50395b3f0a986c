import type { Timeline } from "../timeline";
import type { Person, Room } from "../webex/records";
import type { Webex } from "../webex/webex";
import { type Scene, scenesOf } from "./script";
import { type Project, toTestFile } from "./test-file";

/** Where a conversation is taken from. */
export interface Recording {
  readonly webex: Webex;
  readonly timeline: Timeline;
  readonly bot: Person;
  /** Id of the timeline's entry after which people act; before it, the playground was set up. */
  readonly since: number;
}

/**
 * What happened in a room, as far back as the timeline goes, as a test file.
 *
 * @returns `undefined` when there is no such room
 */
export function exportTest(recording: Recording, roomId: string, project: Project): string | undefined {
  const { store } = recording.webex;
  const room = store.rooms.get(roomId);
  if (room === undefined) return undefined;
  const opener = store.people.get(room.creatorId);
  const scenes = scenesOf(recording, roomId).filter((scene) => !isOpening(scene, room, opener));
  const others = membersBefore(recording.webex, roomId, scenes).filter(({ id }) => id !== opener?.id);
  const members = opener === undefined ? others : [opener, ...others];
  return toTestFile({ room, members }, scenes, project);
}

/** Whoever opens a room comes into it by doing so; into a direct room both come by writing. */
function isOpening({ act }: Scene, room: Room, opener: Person | undefined): boolean {
  return act.kind === "join" && (room.type === "direct" || act.member.id === opener?.id);
}

/** Who was in the room when the first scene began: those who are now, without who came, and with who went. */
function membersBefore({ store }: Webex, roomId: string, scenes: readonly Scene[]): readonly Person[] {
  const members = new Map<string, Person>();
  for (const { personId } of store.membersOf(roomId)) {
    const person = store.people.get(personId);
    if (person !== undefined) members.set(personId, person);
  }
  for (const { act } of scenes.toReversed()) {
    if (act.kind === "join") members.delete(act.member.id);
    if (act.kind === "leave") members.set(act.member.id, act.member);
  }
  return [...members.values()];
}
