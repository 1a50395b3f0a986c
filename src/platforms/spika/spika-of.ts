import type { Context } from "../../core/contract/context";
import type { SpikaClient } from "./client";

/**
 * Spika's API with the room's API key; `undefined` on another platform. Connections are closed with the bot.
 *
 * Its calls are not replies: when the handler runs again they are made again, and `ctx.trace` does not have them.
 * @example
 * await spikaOf(ctx)?.messages.create({ roomId: Number(ctx.room.id), type: "text", body: { text: "Hello" } });
 */
export function spikaOf(ctx: Pick<Context, "platform" | "client">): Omit<SpikaClient, "close"> | undefined {
  // Asserted: the platform of this name is made by createSpika, whose client it is.
  return ctx.platform === "spika" ? (ctx.client as SpikaClient) : undefined;
}
