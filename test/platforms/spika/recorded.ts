import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Delivery } from "../../../src/core/contract/platform";

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

/** A call that a bot has made, and what it was answered. */
export interface RecordedCall {
  readonly label: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  readonly contentType: string;
  /** An object where the answer was JSON, the text otherwise. */
  readonly answer: unknown;
}

interface CallRecording {
  readonly request: { readonly m: string; readonly p: string; readonly body?: unknown };
  readonly status: number;
  readonly content_type: string;
  readonly response: unknown;
}

const { webhook_posts: posts, bot_route_calls: calls } = JSON.parse(
  readFileSync(join(__dirname, "../../recorded/spika/spika.json"), "utf8"),
) as {
  readonly webhook_posts: readonly Recording[];
  readonly bot_route_calls: Readonly<Record<string, readonly CallRecording[]>>;
}; // our own file

/** Deliveries of a room's webhook, which carry a signature. */
export const roomDeliveries: readonly Recorded[] = posts.filter(isSigned).map(toRecorded);

/** Events of global bots, which carry none. */
export const globalBotEvents: readonly Recorded[] = posts.filter((post) => !isSigned(post)).map(toRecorded);

/** Calls with a room's API key. */
export const roomBotCalls: readonly RecordedCall[] = Object.entries(calls).flatMap(([server, made]) =>
  made
    .filter(({ request }) => request.p.startsWith("/api/messaging/"))
    .map(
      ({ request: { m: method, p: path, body }, status, content_type: contentType, response: answer }) => ({
        label: `${method} ${path} ${JSON.stringify(body ?? {})} (${server})`,
        ...{ method, path, body, status, contentType, answer },
      }),
    ),
);

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
