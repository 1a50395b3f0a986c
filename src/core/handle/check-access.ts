import type { Person } from "../contract/event";
import type { Notice } from "../contract/notice";
import type { Platform } from "../contract/platform";
import type { TraceStep } from "../contract/trace";
import { refusal } from "./access-policy";
import type { RoutedBot } from "./served-account";

/** Asks the policy of each bot, before anything is fetched for somebody who may not use it. */
export async function checkAccess(
  bots: readonly RoutedBot[],
  notice: Notice,
  platform: Platform,
  trace: TraceStep[],
  signal: AbortSignal,
): Promise<{ admitted: readonly RoutedBot[]; refused: string | undefined }> {
  const admitted: RoutedBot[] = [];
  const asked = new Map<string, Promise<Person>>();
  const lookUp: Pick<Platform, "person" | "room"> = {
    // Once for all bots, also when the platform refuses.
    person(id, _signal, type) {
      const answer = asked.get(id) ?? platform.person(id, signal, type);
      asked.set(id, answer);
      return answer;
    },
    room: (id) => platform.room(id, signal),
  };
  let refused: string | undefined;
  for (const entry of bots) {
    const refusedBy = await refusal(entry.bot.policies, notice, lookUp, signal);
    trace.push({ at: Date.now(), step: "policy", bot: entry.bot.name, refusedBy });
    if (refusedBy === undefined) admitted.push(entry);
    else refused = `the policy of bot "${entry.bot.name}" refuses: ${refusedBy}`;
  }
  return { admitted, refused };
}
