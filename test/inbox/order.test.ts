import { join } from "node:path";
import { openEmbedded } from "../../src/inbox/embedded";
import { expectOrder } from "../contract/inbox-order";
import { tempDir } from "./temp-dir";

// Bounds so low that memory and file change places all the time, beside the real ones.
const TUNINGS = [{}, { maxEvents: 7, maxNotices: 2, page: 3 }, { maxEvents: 5, maxNotices: 0, page: 1 }];

it.each(TUNINGS)("handles every event once and in order, whatever happens meanwhile (%j)", async (tuning) => {
  await expectOrder(async () => {
    const file = join(tempDir(), "inbox.db");
    const open = () => openEmbedded({ file }, tuning);
    return { inbox: await open(), reopen: open };
  }, 25);
});
