import type { Policy } from "../contract/bot";
import { checkBoolean, checkKeys, checkObject, checkTexts } from "../contract/check-options";
import type { Person, Room } from "../contract/event";
import type { Notice } from "../contract/notice";
import type { Platform } from "../contract/platform";
import { answerOrNothing } from "../contract/tolerate-refusal";

/**
 * Looks at a policy as a bot's module gives it: a misspelt rule would let everybody in.
 * @throws ArgumentError that names the rule
 */
export function checkPolicy(policy: unknown): asserts policy is Policy {
  checkObject("allow", "policy", policy);
  const rules: Record<keyof Policy, (given: unknown) => void> = {
    emailDomains: (given) =>
      checkTexts("allow", "emailDomains", given, {
        isMet: (text) => /^[^@\s]+$/.test(text),
        expected: 'a domain such as "example.com"',
      }),
    emails: (given) => checkTexts("allow", "emails", given),
    personIds: (given) => checkTexts("allow", "personIds", given),
    roomIds: (given) => checkTexts("allow", "roomIds", given),
    roomKinds: (given) =>
      checkTexts("allow", "roomKinds", given, {
        isMet: (text) => text === "direct" || text === "group",
        expected: "direct or group",
      }),
    bots: (given) => checkBoolean("allow", "bots", given),
  };
  checkKeys("allow", "rule", policy, Object.keys(rules));
  for (const [rule, check] of Object.entries(rules)) check(Reflect.get(policy, rule));
}

/** A bot that says nothing about who may use it still does not answer other bots. */
const OPEN: readonly Policy[] = [{}];

/**
 * Asks the policies whether an event may reach the bot: the one place for every kind of event. What the notice does
 * not tell of person and room, and a rule needs, is looked up. If the platform refuses the look-up for good, the rule
 * refuses the event; a person that it does not describe is not a bot.
 * @returns the rule that refuses, and never a person; `undefined` when the event may pass
 */
export async function refusal(
  policies: readonly Policy[],
  notice: Pick<Notice, "person" | "room">,
  platform: Pick<Platform, "person" | "room">,
  signal: AbortSignal,
): Promise<string | undefined> {
  let { person, room } = notice;
  for (const policy of policies.length === 0 ? OPEN : policies) {
    const known = brokenByWhatIsKnown(policy, person, room);
    if (known !== undefined) return known;
    const needsPerson = policy.bots !== true && person !== undefined && mayBeBot(person);
    const needsEmail =
      person !== undefined && person.email === undefined && (policy.emailDomains ?? policy.emails);
    if (person !== undefined && (needsPerson || needsEmail))
      person = (await answerOrNothing(platform.person(person.id, signal, person.type))) ?? person;
    if (room !== undefined && room.kind === undefined && policy.roomKinds)
      room = (await answerOrNothing(platform.room(room.id, signal))) ?? room;
    const found = brokenByWhatWasFound(policy, person, room);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An address, where there is one, has told the platform what its owner is. */
function mayBeBot({ isBot, email }: Person): boolean {
  return isBot === undefined && email === undefined;
}

/** The rules that the notice decides; nobody is looked up for what they refuse. */
function brokenByWhatIsKnown(
  policy: Policy,
  person: Person | undefined,
  room: Room | undefined,
): string | undefined {
  if (policy.bots !== true && person?.isBot === true) return "bots";
  if (!meets(policy.personIds, person?.id)) return "personIds";
  if (!meets(policy.roomIds, room?.id)) return "roomIds";
  return undefined;
}

function brokenByWhatWasFound(
  policy: Policy,
  person: Person | undefined,
  room: Room | undefined,
): string | undefined {
  if (policy.bots !== true && person?.isBot === true) return "bots";
  const email = person?.email?.toLowerCase();
  const domain = email === undefined ? undefined : /@([^@]*)$/.exec(email)?.[1];
  if (!meets(policy.emailDomains?.map(toLowerCase), domain)) return "emailDomains";
  if (!meets(policy.emails?.map(toLowerCase), email)) return "emails";
  if (!meets(policy.roomKinds, room?.kind)) return "roomKinds";
  return undefined;
}

function meets(allowed: readonly string[] | undefined, value: string | undefined): boolean {
  return allowed === undefined || (value !== undefined && allowed.includes(value));
}

function toLowerCase(text: string): string {
  return text.toLowerCase();
}
