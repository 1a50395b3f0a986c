import { spawnSync } from "node:child_process";
import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { medianOf } from "./numbers.mjs";

/** Whether a process can be kept on one core. */
const canPin = spawnSync("taskset", ["-c", "0", "true"]).status === 0 && availableParallelism() > 1;

/**
 * What to put before a command so that it stays on one core: the measured program has the first for itself, and
 * whoever sends to it the second. Nothing where that is not possible.
 * @param {"program" | "webex"} role
 */
export function pinned(role) {
  return canPin ? ["taskset", "-c", role === "program" ? "0" : "1"] : [];
}

/** A new folder on the disk that the project is on: the system's own folder for such things may be in memory. */
export function makeDataDir() {
  const parent = fileURLToPath(new URL("../data", import.meta.url));
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, "bench-"));
}

/** One line: what the figures were measured on. */
export function describeMachine() {
  const [first] = cpus();
  const pinning = canPin
    ? "each program on core 0, what sends to it on core 1"
    : "no taskset or one core only: programs and load share the cores, so the ratios are rough";
  return [
    `Node ${process.version}, ${availableParallelism()} cores (${first?.model ?? "unknown"})`,
    `one sync to disk ${measureSync().toFixed(2)} ms`,
    pinning,
  ].join("; ");
}

/** What one small write takes until it is on the disk, in milliseconds. */
function measureSync() {
  const dir = makeDataDir();
  const file = openSync(join(dir, "sync"), "w");
  try {
    const took = Array.from({ length: 50 }, () => {
      const from = performance.now();
      writeSync(file, Buffer.alloc(4096, 1));
      fdatasyncSync(file);
      return performance.now() - from;
    });
    return medianOf(took);
  } finally {
    closeSync(file);
    rmSync(dir, { recursive: true });
  }
}
