import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Delivery } from "../../../src/core/platform";

interface Recording {
  readonly server: string;
  readonly label: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body_utf8: string;
  readonly body_bytes: number;
}

/** What running servers of both known lines have sent. */
export interface Recorded {
  readonly label: string;
  readonly delivery: Delivery;
}

const { webhook_posts: posts } = JSON.parse(
  readFileSync(join(__dirname, "../../recorded/spika/spika.json"), "utf8"),
) as { readonly webhook_posts: readonly Recording[] }; // our own file

/** Deliveries of a room's webhook, which carry a signature. */
export const roomDeliveries: readonly Recorded[] = posts.filter(isSigned).map(toRecorded);

/** Events of global bots, which carry none. */
export const globalBotEvents: readonly Recorded[] = posts.filter((post) => !isSigned(post)).map(toRecorded);

function isSigned({ headers }: Recording): boolean {
  return headers.some(([name]) => name.toLowerCase() === "verification-signature");
}

function toRecorded({ server, label, headers, body_utf8: text, body_bytes: size }: Recording): Recorded {
  const body = Buffer.from(text);
  if (body.length !== size) throw new Error(`the recording of ${label} is not the ${size} bytes it was`);
  const byName = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), [value]]));
  return {
    label: `${label} (${server.split(" ").slice(0, 3).join(" ")})`,
    delivery: { headers: byName, body },
  };
}
