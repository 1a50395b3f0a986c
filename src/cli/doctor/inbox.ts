import { constants, existsSync } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { InboxConfig } from "../../config";
import { type Diagnostic, fault, warning, well } from "../../core/contract/diagnostic";
import { describeError } from "../../core/contract/errors";
import { shownPath } from "../../core/contract/load-error";
import { isLocked } from "../../inbox/embedded/database-file";
import { openInboxAdmin } from "../inbox/open-admin";

/** Looks at the inbox and, where it is a file, at the disk it is on. */
export async function examineInbox(config: InboxConfig): Promise<Diagnostic[]> {
  const { dataDir, databaseUrl } = config;
  if (databaseUrl !== undefined) return examineContents(config, () => "in PostgreSQL");
  const file = join(dataDir, "inbox.db");
  const folder = nearestFolder(dataDir);
  if (!(await isWritable(folder)))
    return [
      fault(
        "inbox",
        `${shownPath(folder)} is no folder, or cannot be written`,
        "give whoever runs the program the right to, or set DATA_DIR to another folder",
      ),
    ];
  if (!existsSync(file))
    return [
      well("inbox", `there is none in ${shownPath(dataDir)} yet; the first start makes it`),
      await examineDisk(folder),
    ];
  const where = (): string =>
    `${shownPath(file)}, ${isLocked(file) ? "held by a running process" : "not in use"}`;
  return [...(await examineContents(config, where)), await examineDisk(folder)];
}

async function examineContents(config: InboxConfig, where: () => string): Promise<Diagnostic[]> {
  try {
    const place = where();
    const admin = await openInboxAdmin(config);
    try {
      const { waiting, dead } = await admin.counts();
      await admin.check();
      const holds = well("inbox", `${place}: ${waiting} wait`);
      if (dead === 0) return [holds];
      return [
        holds,
        warning(
          "dead letters",
          `${dead} were given up`,
          "bellhop inbox dead tells why, inbox replay tries again",
        ),
      ];
    } finally {
      await admin.close();
    }
  } catch (error) {
    return [fault("inbox", describeError(error), "nothing is accepted until it can be opened")];
  }
}

const MEBIBYTE = 1_048_576;

async function examineDisk(folder: string): Promise<Diagnostic> {
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / MEBIBYTE);
  const says = `${free} MiB are free where the inbox is`;
  const remedy = "make room: a delivery that cannot be stored is refused";
  if (free < 100) return fault("disk", says, remedy);
  return free < 1_024 ? warning("disk", says, remedy) : well("disk", says);
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}

/** The folder itself, or the one in which it would be made. */
function nearestFolder(dir: string): string {
  return existsSync(dir) || dirname(dir) === dir ? dir : nearestFolder(dirname(dir));
}
