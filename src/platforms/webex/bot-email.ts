/**
 * Whether an address is a bot's. Bots are given theirs by Webex, people cannot have one of these.
 * @param email lower case
 */
export function isBotEmail(email: string): boolean {
  // The second is what all bots had until 2018; accounts of that time still show it here and there.
  return email.endsWith("@webex.bot") || email.endsWith("@sparkbot.io");
}
