/** Opens the inbox that it is told, adds one event, says so and stays. */

import { createNotice } from "../../src/core/contract/notice";
import { openEmbedded } from "../../src/inbox/embedded";

async function hold(file: string): Promise<void> {
  const inbox = await openEmbedded({ file });
  const parts = { name: "messages.created", key: "held", conversation: "lobby", data: {} };
  await inbox.add(createNotice({ name: "webex", account: "default" }, parts));
  process.stdout.write("held\n");
}

void hold(process.argv[2] ?? "");
