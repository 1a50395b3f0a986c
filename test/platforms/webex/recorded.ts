import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The body of a delivery in `test/recorded/webex`, byte for byte. */
export function recorded(name: string): Buffer {
  return readFileSync(join(__dirname, "../../recorded/webex", `${name}.json`));
}
