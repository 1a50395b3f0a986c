import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../../core/contract/logger";
import { decodeState, type EncodedState } from "./encode";
import type { PlaygroundState } from "./state";

/** Where a playground's state is: `state.json`, and in `files/` the bytes of what was sent along. Tokens are in it. */
export class StateFolder {
  readonly #path: string;
  readonly #log: Logger;
  #written: Set<string> | undefined;
  #isOurs = true;

  constructor(path: string, log: Logger) {
    this.#path = path;
    this.#log = log;
  }

  /** What was kept; `undefined` when there is nothing, or nothing that can be read, which is set aside then. */
  read(): PlaygroundState | undefined {
    const file = join(this.#path, "state.json");
    if (!existsSync(file)) return undefined;
    this.#narrow();
    try {
      return decodeState(readFileSync(file, "utf8"), (name) => this.#bytesOf(name));
    } catch (error) {
      this.setAside(error);
      return undefined;
    }
  }

  /** Lets the playground begin anew, and loses nothing of what somebody may want to look at. */
  setAside(error: unknown): void {
    const to = `${this.#path}.unreadable-${new Date().toISOString().replace(/[:.]/g, "-")}`;
    const reason = error instanceof Error ? error.message : String(error);
    try {
      renameSync(this.#path, to);
      this.#log.warn(
        "playground: what was kept cannot be read; it is set aside, and the playground begins anew",
        {
          folder: this.#path,
          renamedTo: to,
          reason,
        },
      );
    } catch (cause) {
      this.#isOurs = false;
      this.#log.warn(
        "playground: what was kept can neither be read nor set aside; it stays as it is, and the playground is kept in memory only. Move the folder away",
        { folder: this.#path, reason, error: String(cause) },
      );
    }
  }

  /**
   * Replaces what was kept, all of it or nothing: whoever reads finds the old state or the new one.
   * @throws Error of the file system
   */
  async write({ text, files }: EncodedState): Promise<void> {
    if (!this.#isOurs) return;
    await mkdir(this.#filesPath, { recursive: true, mode: 0o700 });
    const written = this.#filesThere();
    for (const [name, bytes] of files) {
      if (written.has(name)) continue;
      await writeWhole(join(this.#filesPath, name), bytes);
      written.add(name);
    }
    await writeWhole(join(this.#path, "state.json"), text);
    // Only now does no state on the disk name them.
    for (const name of written) {
      if (files.has(name)) continue;
      await rm(join(this.#filesPath, name), { force: true });
      written.delete(name);
    }
  }

  /** Takes the rights of others away from files that were copied here, or made by hand. */
  #narrow(): void {
    try {
      narrowTree(this.#path);
    } catch (error) {
      this.#log.warn(
        "playground: other users of this computer can read what is kept, tokens too. Make the program's user the owner of the folder",
        { folder: this.#path, error: String(error) },
      );
    }
  }

  get #filesPath(): string {
    return join(this.#path, "files");
  }

  /** What an earlier process began to write and did not name in a state is among them, so that it goes. */
  #filesThere(): Set<string> {
    this.#written ??= new Set(readdirSync(this.#filesPath));
    return this.#written;
  }

  #bytesOf(name: string): Buffer | undefined {
    const file = join(this.#filesPath, name);
    if (existsSync(file)) return readFileSync(file);
    this.#log.warn("playground: a file that was sent along is gone", { file });
    return undefined;
  }
}

/** Read and write for the owner; group and others have no access. */
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** @throws Error of the file system */
function narrowTree(path: string): void {
  const { mode } = statSync(path);
  if ((mode & OTHERS) !== 0) chmodSync(path, mode & ~OTHERS);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) narrowTree(below);
    else if (entry.isFile() && (statSync(below).mode & OTHERS) !== 0) chmodSync(below, OWNER_ONLY);
  }
}

async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  const unfinished = `${path}.new`;
  const file = await open(unfinished, "w", OWNER_ONLY);
  try {
    await file.writeFile(content);
    // One that an earlier process left behind keeps the rights that it had.
    await file.chmod(OWNER_ONLY);
    // The new name must not be on the disk before the content is.
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}
