import { type Diagnostic, fault, skipped, warning, well } from "../../core/contract/diagnostic";
import { ApiError, describeError } from "../../core/contract/errors";
import type { ReceiveContext } from "../../core/contract/platform";
import { header, type RawAnswer } from "../api/answer";
import type { Clock } from "../api/clock";
import { proxyHostFor } from "../api/dispatcher";
import { TransportError } from "../api/http-request";
import { createTransport } from "../api/transport";
import { parsePerson } from "./resources/people";
import { examineWebhooks, type WebhookExaminationParts } from "./webhooks/diagnose";
import { examineWebsocket, type WebsocketExaminationParts } from "./websocket/examine";

export interface ExaminationParts extends WebhookExaminationParts {
  readonly token: string;
  readonly apiBaseUrl: string;
  readonly clock: Clock;
  /** Where events come over the websocket: what is needed for it. */
  readonly websocket: Omit<WebsocketExaminationParts, "token" | "clock"> | undefined;
}

/** Looks at what must be right for a bot to receive and answer: the way to the API, the token, the clock, the webhooks or the websocket. */
export async function examine(
  parts: ExaminationParts,
  arrival: Pick<ReceiveContext, "listensTo"> | undefined,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const { apiBaseUrl, token, clock, websocket } = parts;
  const arriving = websocket === undefined ? "webhooks" : "websocket";
  const { origin, host } = new URL(apiBaseUrl);
  const proxy = proxyHostFor(origin);
  const way = proxy === undefined ? "" : ` through the proxy ${proxy}`;
  let answer: RawAnswer;
  try {
    answer = await askWhoWeAre(parts, signal);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const remedy =
      proxy === undefined
        ? "is there a way to the internet from here? Where it leads through a proxy, set HTTPS_PROXY"
        : "see whether the proxy lets it through; NO_PROXY names hosts that need none";
    return [
      fault("api", `${host} cannot be reached${way}: ${error.message}`, remedy),
      ...["token", "clock", arriving].map((check) => skipped(check, "the API cannot be reached")),
    ];
  }
  const findings = [
    well("api", `${host} answers${way}`),
    ...examineToken(answer),
    examineClock(answer, clock),
  ];
  const isKnown = answer.status === 200;
  if (!isKnown) return [...findings, skipped(arriving, "Webex does not tell whose they are")];
  if (websocket !== undefined)
    return [...findings, await examineWebsocket({ ...websocket, token, clock }, signal)];
  try {
    return [...findings, ...(await examineWebhooks(parts, arrival, signal))];
  } catch (error) {
    const remedy =
      error instanceof ApiError && error.status === 403
        ? "is it the token of a bot, or of somebody who may have webhooks?"
        : "try again; if it stays so, ask Webex's support with the trackingId";
    return [...findings, fault("webhooks", `they cannot be read: ${describeError(error)}`, remedy)];
  }
}

/** Once, so that what is wrong is seen and not waited out. */
async function askWhoWeAre(
  { apiBaseUrl: baseUrl, token }: ExaminationParts,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const transport = createTransport({ baseUrl, credentials: { authorization: `Bearer ${token}` } });
  try {
    return await transport.send({
      method: "GET",
      path: "/people/me",
      timeoutMs: 15_000,
      maxAnswerBytes: 1_048_576,
      signal,
    });
  } finally {
    await transport.close();
  }
}

function examineToken({ status, body }: RawAnswer): Diagnostic[] {
  if (status === 401)
    return [
      fault(
        "token",
        "Webex does not know it",
        "copy it once more from developer.webex.com/my-apps, or regenerate it there, and start the program anew",
      ),
    ];
  if (status !== 200)
    return [
      fault(
        "token",
        `Webex answers ${status} to who it belongs to`,
        "look at status.webex.com, and try again",
      ),
    ];
  try {
    const { displayName = "", emails, type } = parsePerson(JSON.parse(body.toString("utf8")));
    const [email = "without an address"] = emails;
    if (type === undefined || type === "bot")
      return [well("token", `it is that of ${displayName} (${email})`)];
    return [
      warning(
        "token",
        `it is that of ${displayName} (${email}), who is no bot but a ${type}`,
        "make a bot at developer.webex.com/my-apps: what this one answers, this person is seen to say, and a personal token ends after 12 hours",
      ),
    ];
  } catch {
    return [
      fault(
        "token",
        "what answers is not the Webex API",
        "set WEBEX_API_BASE_URL to the address of the API, or leave it out",
      ),
    ];
  }
}

/** What was said since some time is looked for by the clock of this computer. */
const TOLERATED_SKEW_MS = 30_000;

function examineClock(answer: RawAnswer, clock: Clock): Diagnostic {
  const theirs = Date.parse(header(answer, "date") ?? "");
  if (Number.isNaN(theirs)) return skipped("clock", "the API does not say what time it is");
  const seconds = Math.round((clock.now() - theirs) / 1_000);
  if (Math.abs(seconds) * 1_000 <= TOLERATED_SKEW_MS) return well("clock", "it agrees with that of Webex");
  return warning(
    "clock",
    `it is ${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} that of Webex`,
    "let it be set by NTP: what was said since some time is looked for by it",
  );
}
