import { types } from "node:util";
import { INPUT_TYPES, isInputType } from "../cards/form/read-inputs";
import type { OnceRule } from "../cards/once-guard";
import type { Policy } from "../contract/bot";
import {
  type ActionOptions,
  type Bot,
  type BotDefinition,
  type CommandOptions,
  type Handler,
  type HearsOptions,
  type OnOptions,
  type OtherwiseContext,
  type RefusalHandler,
  setupOf,
  type TypedActionOptions,
} from "../contract/bot";
import { checkBoolean, checkFunction, checkKeys, checkText } from "../contract/check-options";
import { parseCommandPattern } from "../contract/command-pattern";
import type { ActionContext, Context, ReplyContent } from "../contract/context";
import { ArgumentError, describeError } from "../contract/errors";
import { checkEventName } from "../contract/event-names";
import type { Apology, RetryPolicy } from "../contract/failure-rules";
import type { FileRules } from "../contract/files";
import type { InputSchema, InputsOf } from "../contract/input-schema";
import { callSite } from "../util/call-site";
import { tokenize } from "../util/tokenize";
import { checkPolicy } from "./access-policy";
import { isCatchAll } from "./catch-all";
import { checkFileRules } from "./file-rules";
import type { BuiltBot, Route, RouteBase } from "./routes";

/**
 * Runs a definition.
 * @throws whatever the module's function throws; an Error for a pattern, a policy or a handler that makes no sense; an
 * AggregateError when there are several
 */
export function buildBot(name: string, definition: BotDefinition): BuiltBot {
  const accounts: string[] = [];
  const policies: Policy[] = [];
  let files: FileRules | undefined;
  const middleware: Handler<Context>[] = [];
  const routes: Route[] = [];
  const steps = new Set<string>();
  const catchers: ((error: Error, ctx: Context) => unknown)[] = [];
  const refusers: RefusalHandler[] = [];
  let retry: RetryPolicy | undefined;
  let apology: Apology | undefined;
  let defaultReply: ReplyContent | false | undefined;
  let hasOtherwise = false;

  // Every handler is kept as one for the plain context; the router gives each the context of its kind.
  // biome-ignore lint/suspicious/noExplicitAny: a handler's own context type ends here, see above
  const base = (label: string, handler: Handler<any>): RouteBase => {
    checkFunction(label, handler);
    return { position: routes.length, at: callSite(), label, handler };
  };

  const bot: Bot = {
    name,
    serve(...names) {
      if (names.length === 0)
        throw new ArgumentError("serve: no account is named; without serve, a bot answers for all");
      for (const name of names) checkText("serve", "account", name);
      accounts.push(...names);
    },
    allow(policy) {
      checkPolicy(policy);
      policies.push(policy);
    },
    files(rules) {
      if (files !== undefined)
        throw new ArgumentError("files: was called before; the bot has one set of rules");
      files = checkFileRules(rules);
    },
    use(handler) {
      checkFunction("use", handler);
      middleware.push(handler);
    },
    command(pattern: string, ...rest: unknown[]) {
      checkText("command", "pattern", pattern);
      const label = `command "${pattern}"`;
      const [options, handler] = optionsAndHandler<CommandOptions>(rest);
      checkKeys(label, "option", options, ["help"]);
      routes.push({
        ...base(label, handler),
        kind: "command",
        pattern: parseCommandPattern(pattern),
        help: options.help,
      });
    },
    hears(trigger: string | RegExp, ...rest: unknown[]) {
      const [options, handler] = optionsAndHandler<HearsOptions>(rest);
      if (!types.isRegExp(trigger)) checkText("hears", "trigger", trigger, "a text or an expression");
      const label = `hears ${typeof trigger === "string" ? `"${trigger}"` : String(trigger)}`;
      const words = typeof trigger === "string" ? tokenize(trigger).map(({ text }) => text) : [];
      if (typeof trigger === "string" && words.length === 0)
        throw new ArgumentError(`${label}: the phrase has no word`);
      checkKeys(label, "option", options, ["yields"]);
      checkBoolean(label, "yields", options.yields);
      // Our own copy: one that is sticky or global remembers where it stopped, and the router has it forget that.
      const expression = typeof trigger === "string" ? undefined : new RegExp(trigger);
      routes.push({
        ...base(label, handler),
        kind: "hears",
        trigger: expression ?? { words },
        yields: options.yields ?? (expression !== undefined && isCatchAll(expression)),
      });
    },
    otherwise(given: Handler<OtherwiseContext> | ReplyContent | false) {
      if (hasOtherwise) throw new ArgumentError("otherwise: was called before; call it once for each bot");
      hasOtherwise = true;
      if (typeof given === "function") routes.push({ ...base("otherwise", given), kind: "otherwise" });
      else defaultReply = checkContent("otherwise", given);
    },
    answer(step, handler) {
      checkText("answer", "step", step);
      routes.push({ ...base(`answer "${step}"`, handler), kind: "answer", step });
      steps.add(step);
    },
    action(name: string, ...rest: unknown[]) {
      checkText("action", "name", name);
      const label = `action "${name}"`;
      const [options, handler] = optionsAndHandler<TypedActionOptions<InputSchema>>(rest);
      checkKeys(label, "option", options, ["inputs", "unsigned", "once", "group", "done"]);
      checkInputs(label, options.inputs ?? {});
      checkBoolean(label, "unsigned", options.unsigned);
      if (options.done !== undefined) checkFunction(`${label}, done`, options.done);
      routes.push({
        ...base(label, handler),
        handler: withDone(handler, options.done),
        kind: "action",
        action: name,
        inputs: options.inputs,
        unsigned: options.unsigned === true,
        once: toOnceRule(label, name, options),
      });
    },
    on(name: string, ...rest: unknown[]) {
      checkText("on", "name", name);
      checkEventName(`on "${name}"`, name);
      const label = `on "${name}"`;
      const [options, handler] = optionsAndHandler<OnOptions>(rest);
      checkKeys(label, "option", options, ["self", "yields"]);
      checkBoolean(label, "self", options.self);
      checkBoolean(label, "yields", options.yields);
      const { self, yields = true } = options;
      routes.push({ ...base(label, handler), kind: "on", name, self, yields });
    },
    catch(handler) {
      checkFunction("catch", handler);
      catchers.push(handler);
    },
    refused(handler) {
      checkFunction("refused", handler);
      refusers.push(handler);
    },
    retry(policy) {
      if (retry !== undefined)
        throw new ArgumentError("retry: was called before; a bot has one policy for retries");
      checkFunction("retry", policy);
      retry = policy;
    },
    apology(content) {
      if (apology !== undefined) throw new ArgumentError("apology: was called before; a bot has one apology");
      apology = typeof content === "function" ? content : checkContent("apology", content);
    },
  };

  const faults: unknown[] = [];
  const returned = runSetup(setupOf(definition), collecting(bot, faults), faults);
  if (faults.length > 1) throw new AggregateError(faults, faults.map(describeError).join("; "));
  if (faults.length === 1) throw faults[0];
  if (types.isPromise(returned)) {
    returned.catch(() => {}); // what it may fail with later is no news any more
    throw new ArgumentError(
      "the function given to defineBot is async; handlers may be, what they are written in may not",
    );
  }
  return {
    name,
    accounts,
    policies,
    files: files ?? {},
    middleware,
    routes,
    steps,
    catchers,
    refusers,
    retry,
    apology,
    defaultReply,
  };
}

/** The same, but a call that is refused adds to the faults instead: the author learns of all of them at once. */
function collecting(bot: Bot, faults: unknown[]): Bot {
  const guarded = Object.entries(bot).map(([key, member]: [string, unknown]) => [
    key,
    typeof member !== "function"
      ? member
      : (...given: unknown[]) => {
          try {
            return Reflect.apply(member, bot, given);
          } catch (error) {
            faults.push(error);
          }
        },
  ]);
  return Object.fromEntries(guarded) as Bot; // with the same members
}

/** @returns what the definition's function returns, which should be nothing */
function runSetup(setup: (bot: Bot) => void, bot: Bot, faults: unknown[]): unknown {
  try {
    return setup(bot);
  } catch (error) {
    faults.push(error);
    return undefined;
  }
}

/** The handler, and then its card in the form that it has when all is done. */
function withDone(
  // biome-ignore lint/suspicious/noExplicitAny: as where it is stored
  handler: Handler<any>,
  done: TypedActionOptions<InputSchema>["done"],
): Handler<Context> {
  if (done === undefined) return handler;
  return async (ctx, next) => {
    await handler(ctx, next);
    const clicked = ctx as ActionContext<InputsOf<InputSchema>>; // the router gives it clicks alone
    await clicked.replaceCard(await done(clicked));
  };
}

/** @throws TypeError for a value that is neither content for a message nor `false` */
function checkContent(call: string, given: unknown): ReplyContent | false {
  const isContent =
    (typeof given === "string" && given.trim() !== "") || (typeof given === "object" && given !== null);
  if (given === false || isContent) return given as ReplyContent | false; // content is checked when it is sent
  throw new TypeError(`${call}: expected a text or other content of a message, a function, or false`);
}

function toOnceRule(
  label: string,
  action: string,
  options: Pick<ActionOptions, "once" | "group">,
): OnceRule | undefined {
  const { once = false, group } = options;
  if (![true, false, "per-card", "per-person"].includes(once))
    throw new ArgumentError(`${label}: once is ${String(once)}, expected true, "per-card" or "per-person"`);
  if (group !== undefined) checkText(label, "group", group);
  if (once === false && group !== undefined)
    throw new ArgumentError(`${label}: a group is for buttons that work once; add once: true`);
  if (once === false) return undefined;
  return { once: once === true ? "per-card" : once, group: group ?? action };
}

function checkInputs(label: string, inputs: InputSchema): void {
  for (const [id, entry] of Object.entries(inputs)) {
    const type: unknown = typeof entry === "object" ? entry.type : entry;
    if (!isInputType(type))
      throw new ArgumentError(`${label}: the type of input "${id}" is not one of ${INPUT_TYPES.join(", ")}`);
    if (typeof entry === "object")
      checkKeys(`${label}, input "${id}"`, "option", entry, ["type", "optional", "label"]);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the overloads of Bot have checked what is in it
function optionsAndHandler<Options>(rest: readonly unknown[]): [Partial<Options>, Handler<any>] {
  const handler = rest.at(-1) as Handler<Context>; // checked to be a function where the route is made
  return [rest.length > 1 ? (rest[0] as Partial<Options>) : {}, handler]; // typed by the overloads
}
