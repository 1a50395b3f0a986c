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

/** Asks for JSON. @throws ApiError */
export async function getJson(url: string): Promise<unknown> {
  return await (await call(url)).json();
}

/** Sends JSON, and is answered JSON. @throws ApiError */
export async function postJson(url: string, body: object): Promise<unknown> {
  const headers = { "Content-Type": "application/json" };
  return await (await call(url, { method: "POST", headers, body: JSON.stringify(body) })).json();
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
