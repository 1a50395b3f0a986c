import { type InboxConfig, readInboxConfig } from "../../config";
import type { InboxDesk } from "../../core/inbox";
import { openEmbedded, openEmbeddedDesk } from "../../inbox/embedded";
import type { Terminal } from "../terminal";

/** Works with the configured inbox, whether a server runs or not, and closes it. */
export async function withDesk<T>(terminal: Terminal, work: (desk: InboxDesk) => Promise<T>): Promise<T> {
  const desk = await openDesk(readInboxConfig(terminal.env));
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

/** Opens a desk on an inbox that is there. @throws InboxError */
export async function openDesk({ dataDir, databaseUrl }: InboxConfig): Promise<InboxDesk> {
  if (databaseUrl === undefined) return openEmbeddedDesk({ dataDir });
  const { openPostgresDesk } = await loadPostgres();
  return openPostgresDesk({ databaseUrl });
}

/** Makes the tables of the configured inbox, or brings those of an older version up to date. */
export async function migrateInbox(terminal: Terminal): Promise<void> {
  const { dataDir, databaseUrl } = readInboxConfig(terminal.env);
  if (databaseUrl !== undefined) {
    const { migratePostgres } = await loadPostgres();
    return migratePostgres({ databaseUrl });
  }
  const inbox = await openEmbedded({ dataDir });
  await inbox.close();
}

/** Loaded only here: who keeps the inbox in a file needs none of its packages. */
function loadPostgres() {
  return import("../../inbox/postgres/index.js");
}
