import { loadDotenv, readInboxConfig } from "../../config";
import type { InboxDesk } from "../../core/inbox";
import { openEmbedded, openEmbeddedDesk } from "../../inbox/embedded";

/** Works with the configured inbox, whether a server runs or not, and closes it. */
export async function withDesk<T>(work: (desk: InboxDesk) => Promise<T>): Promise<T> {
  loadDotenv();
  const { dataDir, databaseUrl } = readInboxConfig(process.env);
  const desk =
    databaseUrl === undefined ? await openEmbeddedDesk({ dataDir }) : await openShared(databaseUrl);
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
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

async function openShared(databaseUrl: string): Promise<InboxDesk> {
  const { openPostgresDesk } = await loadPostgres();
  return openPostgresDesk({ databaseUrl });
}

/** Loaded only here: who keeps the inbox in a file needs none of its packages. */
function loadPostgres() {
  return import("../../inbox/postgres/index.js");
}
