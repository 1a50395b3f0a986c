import { createPlayground, type Person, type Program, type TestPlayground } from "bellhop/testing";
import { defineBot } from "../../src/index";
import "bellhop/testing/jest";

const orders = defineBot((bot) => {
  bot.command("order", (ctx) => ctx.ask("size", "Which size?"));
  bot.answer("size", async (ctx) => {
    if (ctx.message.text === "odd" && ctx.attempt === 1) throw new Error("at the first attempt it fails");
    const orders = ctx.session({ count: 0 });
    const { count } = await orders.update((before) => ({ count: before.count + 1 }));
    await ctx.reply(`Order ${count}: ${ctx.message.text}, with ${ctx.message.files.length} files.`);
  });
});

let playground: TestPlayground;
let program: Program;
let ada: Person;
beforeEach(async () => {
  playground = await createPlayground();
  program = await playground.serve({ bots: { orders }, platforms: ["webex"] });
  ada = playground.person("Ada Lovelace");
});
afterEach(() => playground.close());

describe("a question", () => {
  it("is still asked, and what was kept is still known, after the program was stopped and started", async () => {
    await expect(ada.say("order")).toHaveReplied("Which size?");
    await program.stop();
    await program.start();
    await expect(ada.say("small")).toHaveReplied("Order 1: small, with 0 files.");
    await expect(ada.say("order")).toHaveReplied("Which size?");
    await program.stop();
    await program.start();
    await expect(ada.say("large")).toHaveReplied("Order 2: large, with 0 files.");
  });

  it("is answered with what is written while the program is down", async () => {
    await (await ada.say("order")).ended();
    await program.stop();
    const answered = await ada.say("meanwhile");
    await program.start();
    await expect(answered).toHaveReplied("Order 1: meanwhile, with 0 files.");
  });

  it("is answered with a file, too", async () => {
    await (await ada.say("order")).ended();
    const sketch = { name: "sketch.txt", content: "a sketch" };
    await expect(ada.upload(sketch)).toHaveReplied(/with 1 files/);
  });

  it("is answered once, however often the handler is run", async () => {
    await (await ada.say("order")).ended();
    await expect(ada.say("odd")).toHaveReplied("Order 1: odd, with 0 files.");
    await expect(ada.say("odd")).toHaveBeenAnsweredBy("default reply");
  });

  it("is over after an hour", async () => {
    await (await ada.say("order")).ended();
    playground.clock.advance({ hours: 1, minutes: 1 });
    await expect(ada.say("late")).toHaveBeenAnsweredBy("default reply");
  });
});
