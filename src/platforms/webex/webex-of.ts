import type { Context } from "../../core/contract/context";
import type { WebexClient } from "./client";

/**
 * All of Webex's API, with the token of the bot that was written to; `undefined` on another platform.
 *
 * Its calls are no replies: when the handler is run again they are made again, and `ctx.trace` does not have them.
 * @example
 * const room = await webexOf(ctx)?.rooms.get(ctx.room.id, { signal: ctx.signal });
 */
export function webexOf(ctx: Pick<Context, "platform" | "client">): WebexClient | undefined {
  // Asserted: the platform of this name is made by createWebex, whose client it is.
  return ctx.platform === "webex" ? (ctx.client as WebexClient) : undefined;
}
