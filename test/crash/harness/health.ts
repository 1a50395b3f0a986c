import { spawn } from "node:child_process";
import { join } from "node:path";

/** A process that watches for how long a program computes before it answers `/healthz`. */
export interface HealthProbe {
  /** Watches this program and no other. */
  watch(program: { readonly pid: number; readonly url: string }): void;
  close(): void;
}

/** Far above what one turn of the event loop needs, and below what an expression with backtracking takes. */
const LIMIT_MS = 1_500;

export function startHealthProbe(ledgerFile: string): HealthProbe {
  const child = spawn(process.execPath, [join(__dirname, "health-probe.cjs"), ledgerFile, `${LIMIT_MS}`], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  return {
    watch: ({ pid, url }) => void child.stdin.write(`${pid} ${url}\n`),
    close: () => void child.kill("SIGKILL"),
  };
}
