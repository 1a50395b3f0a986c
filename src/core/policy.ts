import type { Person, Room } from "./event";

/**
 * Who may use a bot. What is given must hold, all of it at once; a list is met by any of its entries.
 * An event of which a rule cannot be decided (no e-mail address known, say) is refused.
 */
export interface Policy {
  /** Domains of e-mail addresses, `example.com`, without their subdomains. */
  readonly emailDomains?: readonly string[];
  readonly emails?: readonly string[];
  readonly personIds?: readonly string[];
  readonly roomIds?: readonly string[];
  readonly roomKinds?: readonly ("direct" | "group")[];
  /** Whether other bots are answered; two that answer each other never stop. @default false */
  readonly bots?: boolean;
}

/** Whether the policy has to know the person's e-mail address. */
export function needsEmail(policy: Policy): boolean {
  return policy.emailDomains !== undefined || policy.emails !== undefined;
}

/** Why an event is refused; `undefined` when it may pass. The reason names the rule and never a person. */
export function refusal(
  policy: Policy,
  person: Person | undefined,
  room: Room | undefined,
): string | undefined {
  if (policy.bots !== true && isBot(person)) return "it comes from another bot";
  const email = person?.email?.toLowerCase();
  if (
    policy.emailDomains &&
    !policy.emailDomains.some((domain) => email?.endsWith(`@${domain.toLowerCase()}`))
  )
    return "emailDomains";
  if (policy.emails && !policy.emails.some((allowed) => allowed.toLowerCase() === email)) return "emails";
  if (policy.personIds && !policy.personIds.some((id) => id === person?.id)) return "personIds";
  if (policy.roomIds && !policy.roomIds.some((id) => id === room?.id)) return "roomIds";
  if (policy.roomKinds && !policy.roomKinds.some((kind) => kind === room?.kind)) return "roomKinds";
  return undefined;
}

function isBot(person: Person | undefined): boolean {
  return person?.isBot === true;
}
