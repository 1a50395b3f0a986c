import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of its own that can be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves no block free. */
  fill(): void;
  empty(): void;
  remove(): void;
}

/** Why there is none, and what to do; `undefined` if there can be one. */
export function smallDiskIsMissing(): string | undefined {
  try {
    createSmallDisk(1).remove();
    return undefined;
  } catch {
    return "this process may not mount a file system: run the tests as root";
  }
}

/** @param megabytes its size */
export function createSmallDisk(megabytes: number): SmallDisk {
  const parent = mkdtempSync(join(tmpdir(), "bellhop-disk-"));
  // PostgreSQL runs as another user.
  chmodSync(parent, 0o755);
  const folder = join(parent, "disk");
  mkdirSync(folder);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "ignore" });
  } catch (error) {
    rmSync(parent, { recursive: true });
    throw error;
  }
  const filler = join(folder, "filler");
  return {
    folder,
    fill() {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    },
    empty: () => rmSync(filler, { force: true }),
    remove() {
      execFileSync("umount", ["-l", folder], { stdio: "ignore" });
      rmSync(parent, { recursive: true });
    },
  };
}

/** Whether a file system and this process's rights allow {@link setWritable}. */
export function canSetWritable(folder: string): boolean {
  const file = join(folder, "try-writable");
  writeFileSync(file, "");
  try {
    setWritable(file, false);
    setWritable(file, true);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(file);
  }
}

/** Makes a file read-only for root, too, whatever its permissions say. */
export function setWritable(file: string, isWritable: boolean): void {
  execFileSync("chattr", [isWritable ? "-i" : "+i", file], { stdio: "ignore" });
}
