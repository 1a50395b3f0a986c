/** What a bot's module has said, as it is looked through for whoever answers an event. */

import type { OnceRule } from "../cards/once-guard";
import type { Handler, Policy, RefusalHandler } from "../contract/bot";
import type { CommandPattern } from "../contract/command-pattern";
import type { Context, ReplyContent } from "../contract/context";
import type { Apology, RetryPolicy } from "../contract/failure-rules";
import type { FileRules } from "../contract/files";
import type { InputSchema } from "../contract/input-schema";

/** A handler where it was written. Handlers of every kind are stored as taking the same context: routing sees to it that they get theirs. */
export interface RouteBase {
  /** Order in which it was written. */
  readonly position: number;
  /** `/app/bots/echo.ts:12` */
  readonly at: string;
  /** For traces and logs: `command "expense <amount>"`. */
  readonly label: string;
  readonly handler: Handler<Context>;
}
export interface CommandRoute extends RouteBase {
  readonly kind: "command";
  readonly pattern: CommandPattern;
  readonly help: string | undefined;
}
export interface HearsRoute extends RouteBase {
  readonly kind: "hears";
  readonly trigger: RegExp | { readonly words: readonly string[] };
  /** Whether commands, usage and help of all bots come first. */
  readonly yields: boolean;
}
export interface ActionRoute extends RouteBase {
  readonly kind: "action";
  readonly action: string;
  readonly inputs: InputSchema | undefined;
  /** Whether it takes clicks that are not signed, too. */
  readonly unsigned: boolean;
  /** Absent: it works as often as it is clicked. */
  readonly once: OnceRule | undefined;
}
export interface AnswerRoute extends RouteBase {
  readonly kind: "answer";
  readonly step: string;
}
export interface EventRoute extends RouteBase {
  readonly kind: "on";
  readonly name: string;
  readonly self: boolean | undefined;
  /** Whether, for a message or a click, the handlers that are made for it come first. */
  readonly yields: boolean;
}
/** A handler for messages that match nothing else. */
export interface OtherwiseRoute extends RouteBase {
  readonly kind: "otherwise";
}
export type Route = CommandRoute | HearsRoute | AnswerRoute | ActionRoute | EventRoute | OtherwiseRoute;

/** A bot whose module has said all it answers. */
export interface BuiltBot {
  readonly name: string;
  /** As `serve` was given them; empty for all. */
  readonly accounts: readonly string[];
  readonly policies: readonly Policy[];
  readonly files: FileRules;
  readonly middleware: readonly Handler<Context>[];
  readonly routes: readonly Route[];
  /** What it may ask: for each there is a handler of the answer. */
  readonly steps: ReadonlySet<string>;
  readonly catchers: readonly ((error: Error, ctx: Context) => unknown)[];
  readonly refusers: readonly RefusalHandler[];
  /** Absent: the default rules. */
  readonly retry?: RetryPolicy | undefined;
  /** Absent: the standard text. */
  readonly apology?: Apology | undefined;
  /** The default reply. Absent: the standard text; `false`: none. */
  readonly defaultReply?: ReplyContent | false | undefined;
}
