import { NetworkError } from "../../../core/contract/errors";
import type { Logger } from "../../../core/contract/logger";
import { type ApiRequest, type Caller, createCaller } from "../../api/api-client";
import type { Clock } from "../../api/clock";
import { WireError } from "../../api/wire";

export interface ServicesOptions {
  readonly token: string;
  /** The one host that is known beforehand; what it leads to is encrypted when it is. */
  readonly catalogUrl: string;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface ServiceRequest extends Omit<ApiRequest, "path" | "signal"> {
  /** With its host, which the catalog or one of its services has named. */
  readonly url: string;
}

/** Calls to the hosts that Webex' catalog leads to. */
export interface Services {
  /** @throws ApiError, NetworkError also for an answer that `parse` cannot read */
  call<Value>(request: ServiceRequest, parse: (body: unknown) => Value, signal: AbortSignal): Promise<Value>;
  /** @throws NetworkError for an address that the token must not be sent to */
  check(url: string): void;
  close(): Promise<void>;
}

/** Makes callers as hosts become known. */
export function createServices({ token, catalogUrl, log, clock }: ServicesOptions): Services {
  const callers = new Map<string, Caller>();
  const credentials = { authorization: `Bearer ${token}` };

  /** In the clear the token goes to no host but this computer, or where the operator sent it in the clear already. */
  function check(url: string): void {
    const isClear = /^(http|ws):/i.test(catalogUrl);
    if (URL.canParse(url) && (isClear ? /^(https?|wss?):\/\//i : /^(https|wss):\/\//i).test(url)) return;
    const call = `webex ${new URL(catalogUrl).host}`;
    throw new NetworkError(call, "it leads to an address that is none, or is not encrypted", {
      mayHaveSucceeded: false,
    });
  }

  function callerTo(origin: string): Caller {
    const known = callers.get(origin);
    if (known !== undefined) return known;
    const caller = createCaller({ platform: "webex", baseUrl: origin, credentials, log, clock });
    callers.set(origin, caller);
    return caller;
  }

  return {
    check,
    async call({ url, ...request }, parse, signal) {
      check(url);
      const { origin, pathname, search } = new URL(url);
      const { call, body } = await callerTo(origin).call({ ...request, path: pathname + search, signal });
      try {
        return parse(body);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        throw new NetworkError(call, `its answer makes no sense: ${error.message}`, {
          mayHaveSucceeded: true,
          cause: error,
        });
      }
    },
    close: async () => void (await Promise.all([...callers.values()].map((caller) => caller.close()))),
  };
}
