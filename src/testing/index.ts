/** The test kit: the playground without its page, people who act in it, and what bots answer. */
export type { Duration, MovableClock } from "./clock";
export type { IntercomPerson, TestIntercom } from "./intercom";
export { type BellhopMatchers, type ExpectedCard, matchers, type Text } from "./matchers";
export { createPlayground, type TestPlayground, type TestPlaygroundOptions } from "./playground";
export type { Program, ServeOptions } from "./program";
export type { Reply, ReplyFile } from "./reply";
export type { SpikaPerson, SpikaSayOptions, TestSpika } from "./spika";
export type { Answerer, Outcome, Turn } from "./turn";
export type { Member, Person, Room, SayOptions, SeenMessage, Upload } from "./webex";
