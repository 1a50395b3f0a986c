import { Agent, type ClientRequest, request } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";

/** How a delivery ended: a status, or the reason why there is none. */
export interface Sent {
  readonly status: number | null;
  readonly ms: number;
  readonly error?: string;
}

// Deliveries run side by side; this many sockets keep a burst from using up the machine's descriptors.
const maxSockets = 256;

type Attempt = { readonly status: number | null; readonly error?: string; readonly wasStale: boolean };

/** Posts deliveries over connections that stay open. */
export class Sender {
  readonly #timeoutMs: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets });
  readonly #secureAgent = new SecureAgent({ keepAlive: true, maxSockets });
  readonly #inFlight = new Set<ClientRequest>();
  readonly #closing = new AbortController();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Never rejects. A redirect is not followed: it is not a 2xx. */
  async post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    isCut = false,
  ): Promise<Sent> {
    const started = performance.now();
    const first = await this.#attempt(url, headers, body, { isCut });
    // A kept connection that the other side closed just then is not a failed delivery. Other kept connections may be
    // closed, too, so the second attempt opens its own.
    const { status, error } = first.wasStale
      ? await this.#attempt(url, headers, body, { isCut, isNew: true })
      : first;
    const ms = Math.round(performance.now() - started);
    return error === undefined ? { status, ms } : { status, ms, error };
  }

  #attempt(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    { isCut, isNew = false }: { readonly isCut: boolean; readonly isNew?: boolean },
  ): Promise<Attempt> {
    if (this.#closing.signal.aborted)
      return Promise.resolve({ status: null, error: "the playground is closed", wasStale: false });
    const isSecure = url.startsWith("https:");
    const kept = isSecure ? this.#secureAgent : this.#agent;
    const options = { method: "POST", headers, agent: isNew ? false : kept };
    return new Promise((resolve) => {
      const sent = (isSecure ? secureRequest : request)(url, options, (response) => {
        response.resume();
        response.once("end", () => resolve({ status: response.statusCode ?? null, wasStale: false }));
      });
      // The clock starts with the connection, not while waiting for one of ours to become free.
      sent.once("socket", () => {
        const giveUp = (): unknown => sent.destroy(new Error(`no answer in ${this.#timeoutMs / 1000} s`));
        const timer = setTimeout(giveUp, this.#timeoutMs);
        sent.once("close", () => clearTimeout(timer));
      });
      sent.once("error", (error: NodeJS.ErrnoException) => {
        const wasStale =
          sent.reusedSocket &&
          !isCut &&
          !this.#closing.signal.aborted &&
          ["ECONNRESET", "EPIPE"].includes(error.code ?? "");
        resolve({ status: null, error: error.message, wasStale });
      });
      sent.once("close", () => {
        this.#inFlight.delete(sent);
        resolve({
          status: null,
          error: "the connection was closed before the answer was complete",
          wasStale: false,
        });
      });
      this.#inFlight.add(sent);
      if (!isCut) sent.end(body);
      else
        sent.write(body.subarray(0, Math.floor(body.length / 2)), () =>
          sent.destroy(new Error("the playground was asked to break off in the middle of the body")),
        );
    });
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#closing.abort();
    for (const sent of this.#inFlight) sent.destroy(new Error("the playground was closed"));
    this.#agent.destroy();
    this.#secureAgent.destroy();
  }
}
