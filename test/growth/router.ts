import { defineBot } from "../../src/core/contract/bot";
import { buildBot } from "../../src/core/handle/build-bot";
import { createRouter } from "../../src/core/handle/router";
import { InMemoryPlatform, messageEvent } from "../core/in-memory-platform";

const nothing = (): void => undefined;
const chat = new InMemoryPlatform();
const notice = chat.happens({ name: "messages.created" });
const router = createRouter(
  buildBot(
    "test",
    defineBot((bot) => {
      bot.command("a", nothing);
      bot.command("invite <who:email>", nothing);
      bot.command("pay <amount:number> [note...]", nothing);
      bot.hears("a a b", nothing);
      bot.hears("hello", nothing);
    }),
  ),
);

/** Looks for the handlers of a message: the text alone, and as a command's arguments. */
export function routeOf(text: string): void {
  for (const written of [text, `invite a@${text}`, `pay ${text}`]) {
    const event = messageEvent(notice, written);
    for (const _ of router.matches(event));
    router.misfit(event);
  }
}
