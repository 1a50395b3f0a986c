import { type InboxConfig, readInboxConfig } from "../../config";
import type { InboxAdmin } from "../../core/contract/inbox";
import { openEmbedded, openEmbeddedAdmin } from "../../inbox/embedded";
import type { Terminal } from "../terminal";

/** Works with the configured inbox, whether a server runs or not, and closes it. */
export async function withInboxAdmin<T>(
  terminal: Terminal,
  work: (admin: InboxAdmin) => Promise<T>,
): Promise<T> {
  const admin = await openInboxAdmin(readInboxConfig(terminal.env));
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

/** Opens the administration of an inbox that exists. @throws InboxError */
export async function openInboxAdmin({ dataDir, databaseUrl }: InboxConfig): Promise<InboxAdmin> {
  if (databaseUrl === undefined) return openEmbeddedAdmin({ dataDir });
  const { openPostgresAdmin } = await loadPostgres();
  return openPostgresAdmin({ databaseUrl });
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
