import { readFileSync } from "node:fs";
import { join } from "node:path";

/** How we introduce ourselves to a platform: `bellhop/1.2.3`. */
export const userAgent = `bellhop/${ownVersion()}`;

function ownVersion(): string {
  const file = readFileSync(join(__dirname, "../../../package.json"), "utf8");
  return (JSON.parse(file) as { version: string }).version; // our own file
}
