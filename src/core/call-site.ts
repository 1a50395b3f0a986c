import { dirname } from "node:path";

const CORE = dirname(__filename);

/** Where the code outside the framework's core stands that is calling us: `/app/bots/echo.ts:12`; empty when the stack does not say. */
export function callSite(): string {
  const { stack } = new Error();
  for (const line of stack?.split("\n").slice(1) ?? []) {
    const match = /\(?(?:file:\/\/)?([^\s()]+):(\d+):\d+\)?$/.exec(line);
    if (match?.[1] && match[2] && !match[1].startsWith(CORE) && !match[1].startsWith("node:"))
      return `${match[1]}:${match[2]}`;
  }
  return "";
}
