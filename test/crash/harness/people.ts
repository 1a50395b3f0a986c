import { setTimeout as wait } from "node:timers/promises";
import type { ListeningPlayground } from "../../../src/playground/listen";
import { EXERCISES, type ExerciseName } from "./exercises";
import type { Ledger, Room } from "./ledger";
import type { Random } from "./random";

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
  readonly playground: ListeningPlayground;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Besides one direct room a person. */
  readonly groupRooms: number;
}

/** Numbers that a room may be ahead of its answers: enough to queue, few enough to be through soon. */
const AHEAD = 3;
const PAUSE_MS = 40;

/** How often each is asked for, one in so many. */
const WISHES: readonly ExerciseName[] = [
  ...(["number", "number", "three", "three", "edit", "delete", "card", "card", "slow", "stumble"] as const),
];

interface Place extends Room {
  readonly writers: readonly string[];
  open: number;
}

export async function bringPeople(options: PeopleOptions): Promise<People> {
  const { playground, ledger, random } = options;
  const places = [...directRooms(), ...(await groupRooms(playground, options.groupRooms))];
  let number = 0;
  let talking = true;
  /** By number, until the last of its answers is there. */
  const waiting = new Map<number, { readonly exercise: ExerciseName; readonly place: Place }>();
  const clicks = new Set<Promise<void>>();
  const clicked = new Set<number>();

  playground.timeline.listen((entry) => {
    switch (entry.name) {
      case "message.created": {
        const { id, personId, text = "" } = entry.data.message;
        if (personId !== playground.webex.bot.id) return;
        ledger.write({ is: "posted", messageId: id, text });
        answered(id, text);
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
    }));
  }

  async function talk(place: Place): Promise<void> {
    while (talking) {
      if (place.open < AHEAD) await write(place, random.pick(WISHES));
      await wait(random.between(0, PAUSE_MS));
    }
  }

  async function write(place: Place, exercise: ExerciseName): Promise<void> {
    const mine = ++number;
    place.open++;
    waiting.set(mine, { exercise, place });
    const where = place.kind === "direct" ? {} : { roomId: place.id, mention: true };
    const { id } = await playground.says(random.pick(place.writers), `${exercise} ${mine}`, where);
    const { id: lane, kind } = place;
    ledger.write({ is: "said", id, room: { id: lane, kind }, lane, exercise, number: mine });
  }

  function answered(messageId: string, text: string): void {
    const [mine = "", step] = text.split(" ");
    const asked = waiting.get(Number(mine));
    if (asked === undefined) return;
    if (step === "card" && !clicked.has(Number(mine))) {
      clicked.add(Number(mine));
      const click = press(asked.place, messageId, Number(mine)).finally(() => clicks.delete(click));
      clicks.add(click);
    }
    if (step !== EXERCISES[asked.exercise].posts.at(-1)) return;
    waiting.delete(Number(mine));
    asked.place.open--;
  }

  async function press(place: Place, messageId: string, mine: number): Promise<void> {
    const person = random.pick(place.writers);
    const { id } = await playground.presses(person, messageId, "Press");
    const room = { id: place.id, kind: place.kind };
    const lane = `${place.id}, clicks of ${person}`;
    ledger.write({ is: "said", id, room, lane, exercise: "click", number: mine });
  }
}

async function groupRooms(playground: ListeningPlayground, count: number): Promise<Place[]> {
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
    places.push({ id, kind: "group", writers, open: 0 });
  }
  return places;
}
