import type { Playground } from "../../src/playground";

/** Somebody writes to the bot; resolves when it is known what came of the delivery. */
export async function writeAndDeliver(playground: Playground): Promise<void> {
  const delivered = new Promise<void>((resolve) => {
    const unlisten = playground.timeline.listen(({ name }) => {
      if (name !== "delivery") return;
      unlisten();
      resolve();
    });
  });
  await playground.says("ada", "hello");
  await delivered;
}

/** Lets as many deliveries fail as Webex takes before it switches a webhook off. The receiver must be gone already. */
export async function failUntilSwitchedOff(playground: Playground): Promise<void> {
  for (let count = 0; count < 100; count++) await writeAndDeliver(playground);
}
