import { join } from "node:path";
import { openEmbedded } from "../../src/inbox/embedded";
import { inboxContract } from "../contract/inbox";
import { callsContract } from "../contract/inbox-calls";
import { tempDir } from "./temp-dir";

async function openTwice(more: Parameters<typeof openEmbedded>[1] = {}) {
  const tuning = { restartSpreadMs: 30, ...more };
  const file = join(tempDir(), "inbox.db");
  return { inbox: await openEmbedded({ file }, tuning), reopen: () => openEmbedded({ file }, tuning) };
}

inboxContract("the embedded inbox", () => openTwice());
callsContract("the embedded inbox", () => openTwice());

// So small that nearly everything is read back from the file.
inboxContract(
  "the embedded inbox with next to no memory",
  () => openTwice({ maxEvents: 8, maxNotices: 1, page: 2 }),
  {
    newcomersWait:
      "events beyond those in memory, a quarter of a million by default, are read in their order",
  },
);
