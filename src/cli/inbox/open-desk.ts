import { type InboxConfig, loadDotenv, readInboxConfig } from "../../config";
import type { InboxDesk } from "../../core/inbox";
import { openEmbedded, openEmbeddedDesk } from "../../inbox/embedded";

/** Works with the configured inbox, whether a server runs or not, and closes it. */
export async function withDesk<T>(work: (desk: InboxDesk) => Promise<T>): Promise<T> {
  loadDotenv();
  const desk = await openDesk(readInboxConfig(process.env));
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
export async function migrateInbox(): Promise<void> {
  loadDotenv();
  const { dataDir, databaseUrl } = readInboxConfig(process.env);
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
