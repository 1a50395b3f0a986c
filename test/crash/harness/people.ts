import { setTimeout as wait } from "node:timers/promises";
import type { CallOrigin } from "./calls";
import { type Condition, wishesUnder } from "./conditions";
import { type ExerciseName, exerciseOf } from "./exercises";
import type { Ledger, Room } from "./ledger";
import type { CrashPlayground } from "./playground";
import type { Random } from "./random";
import { hostileLines } from "./words";

/** People who write in direct and group rooms, and press the buttons of the cards they get. */
export interface People {
  /** To be called once the webhooks are there: what is said before is delivered to nobody. */
  begin(): void;
  /** How much they have said so far. */
  said(): number;
  /** Nobody begins anything new; resolves once nobody is in the middle of something. */
  fallSilent(): Promise<void>;
}

export interface PeopleOptions {
  readonly playground: CrashPlayground;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly conditions: readonly Condition[];
  /** Besides one direct room a person. */
  readonly groupRooms: number;
}

/** Numbers that a room may be ahead of its answers: enough to queue, few enough to be through soon. */
const AHEAD = 3;
const PAUSE_MS = 40;
/** Of the questions, under the conditions that have such, as a part of 1. */
const IN_THREADS = 0.3;
const HOSTILE = 0.4;

interface Place extends Room {
  readonly writers: readonly string[];
  open: number;
  /** Questions that a thread can begin with. */
  readonly roots: string[];
}

/** A question without its last answer. */
interface Asked {
  readonly exercise: ExerciseName;
  readonly number: number;
  readonly place: Place;
  isPressed: boolean;
}

export async function bringPeople(options: PeopleOptions): Promise<People> {
  const { playground, ledger, random, conditions } = options;
  const places = [...directRooms(), ...(await groupRooms(playground, options.groupRooms))];
  const wishes = wishesUnder(conditions);
  const areEqual = conditions.includes("equal-texts");
  let number = 0;
  let talking = true;
  /** By message. */
  const waiting = new Map<string, Asked>();
  const clicks = new Set<Promise<void>>();

  playground.timeline.listen((entry) => {
    switch (entry.name) {
      case "message.created": {
        const { id, personId, text = "", roomId, parentId } = entry.data.message;
        if (personId !== playground.webex.bot.id) return;
        const { origin, instead } = playground.currentCall() ?? {};
        ledger.write({
          is: "posted",
          ...{ messageId: id, text, roomId },
          ...(parentId === undefined ? {} : { threadId: parentId }),
          ...(origin === undefined ? {} : { origin }),
          ...(instead === undefined ? {} : { instead }),
        });
        if (origin !== undefined) answered(id, origin, text);
        break;
      }
      case "message.updated":
        ledger.write({
          is: "edited",
          messageId: entry.data.message.id,
          text: entry.data.message.text ?? "",
        });
        break;
      case "message.deleted":
        ledger.write({ is: "deleted", messageId: entry.data.id });
        break;
      default:
    }
  });

  let talks: readonly Promise<void>[] = [];
  return {
    begin() {
      talks = places.map(talk);
    },
    said: () => number,
    async fallSilent() {
      talking = false;
      await Promise.all(talks);
      await Promise.all(clicks);
    },
  };

  function directRooms(): Place[] {
    return playground.webex.people.map(({ displayName }) => ({
      // Asked for by who writes: the playground makes a direct room when it is first used.
      id: `direct ${displayName}`,
      kind: "direct",
      writers: [displayName],
      open: 0,
      roots: [],
    }));
  }

  async function talk(place: Place): Promise<void> {
    while (talking) {
      if (place.open < AHEAD) await write(place, random.pick(wishes));
      await wait(random.between(0, PAUSE_MS));
    }
  }

  async function write(place: Place, exercise: ExerciseName): Promise<void> {
    const mine = ++number;
    place.open++;
    const root = areEqual && random.next() < IN_THREADS ? place.roots.at(-1) : undefined;
    const where = {
      ...(place.kind === "direct" ? {} : { roomId: place.id, mention: true }),
      ...(root === undefined ? {} : { parentId: root }),
    };
    const { id } = await playground.says(random.pick(place.writers), textOf(exercise, mine), where);
    waiting.set(id, { exercise, number: mine, place, isPressed: false });
    if (root === undefined) place.roots.push(id);
    const { id: lane, kind } = place;
    ledger.write({
      is: "said",
      ...{ id, room: { id: lane, kind }, lane, exercise, number: mine, threadId: root ?? id },
    });
  }

  function textOf(exercise: ExerciseName, mine: number): string {
    const firstLine = areEqual ? exercise : `${exercise} ${mine}`;
    const isHostile = conditions.includes("long-texts") && random.next() < HOSTILE;
    return isHostile ? firstLine + hostileLines(random.pick) : firstLine;
  }

  function answered(messageId: string, { id, step }: CallOrigin, text: string): void {
    const asked = waiting.get(id);
    if (asked === undefined) return;
    if (step === "card" && !asked.isPressed) {
      asked.isPressed = true;
      const click = press(asked, messageId).finally(() => clicks.delete(click));
      clicks.add(click);
    }
    const last = exerciseOf(asked.exercise).posts.at(-1);
    if (last !== step && !(step === "parts" && text.startsWith(`${last} `))) return;
    waiting.delete(id);
    asked.place.open--;
  }

  async function press({ place, number: mine }: Asked, messageId: string): Promise<void> {
    const person = random.pick(place.writers);
    const { id } = await playground.presses(person, messageId, "Press");
    const room = { id: place.id, kind: place.kind };
    const lane = `${place.id}, clicks of ${person}`;
    ledger.write({ is: "said", id, room, lane, exercise: "click", number: mine });
  }
}

async function groupRooms(playground: CrashPlayground, count: number): Promise<Place[]> {
  const [owner, ...others] = playground.webex.people;
  const places: Place[] = [];
  for (let index = 0; index < count; index++) {
    const post = async (path: string, body: object): Promise<{ id: string }> => {
      const response = await fetch(playground.apiBaseUrl + path, {
        method: "POST",
        headers: { authorization: `Bearer ${owner?.token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`POST ${path} answered ${response.status}`);
      return (await response.json()) as { id: string }; // as Webex answers both calls
    };
    const { id } = await post("/rooms", { title: `Group ${index + 1}` });
    for (const { email } of [playground.webex.bot, ...others])
      await post("/memberships", { roomId: id, personEmail: email });
    const writers = playground.webex.people.map(({ displayName }) => displayName);
    places.push({ id, kind: "group", writers, open: 0, roots: [] });
  }
  return places;
}
