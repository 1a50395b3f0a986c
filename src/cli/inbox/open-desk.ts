import { loadDotenv, readInboxConfig } from "../../config";
import type { InboxDesk } from "../../core/inbox";
import { openEmbeddedDesk } from "../../inbox/embedded";

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

/** Loaded only here: who keeps the inbox in a file needs none of its packages. */
async function openShared(databaseUrl: string): Promise<InboxDesk> {
  const { openPostgres } = await import("../../inbox/postgres/index.js");
  return openPostgres({ databaseUrl });
}
