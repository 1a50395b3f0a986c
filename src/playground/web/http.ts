import { JsonObject } from "./json";

/** The playground refused a call, or did not answer it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** 0 when there was no answer. */
  readonly status: number;
  /** What to look for in the log; absent when there was no answer. */
  readonly trackingId: string | undefined;

  constructor(message: string, status: number, trackingId?: string) {
    super(message);
    this.status = status;
    this.trackingId = trackingId;
  }
}

/** An answered call. @throws ApiError */
export async function call(url: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch {
    throw new ApiError("The playground does not answer. Is it still running?", 0);
  }
  if (response.ok) return response;
  throw await refusal(response);
}

/** An object that the playground tells. @param what Names it in errors. */
export async function getJson(what: string, url: string): Promise<JsonObject> {
  return new JsonObject(what, await (await call(url)).json());
}

/** Sends JSON, and reads the object that is answered. @param what Names the answer in errors. */
export async function postJson(what: string, url: string, body: object): Promise<JsonObject> {
  const headers = { "Content-Type": "application/json" };
  const response = await call(url, { method: "POST", headers, body: JSON.stringify(body) });
  return new JsonObject(what, await response.json());
}

async function refusal(response: Response): Promise<ApiError> {
  const trackingId = response.headers.get("TrackingID") ?? undefined;
  const fallback = `The playground answered ${response.status}.`;
  try {
    const message = new JsonObject("error", await response.json()).optionalString("message");
    return new ApiError(message ?? fallback, response.status, trackingId);
  } catch {
    return new ApiError(fallback, response.status, trackingId);
  }
}
