import type { Request, RequestHandler, Response } from "express";
import type { FileSource } from "../webex/contents";
import { Fields } from "../webex/fields";
import type { Person } from "../webex/records";
import type { Webex } from "../webex/webex";
import { readMultipart } from "./multipart";

/** One authenticated API call, read with care. */
export class Call {
  readonly caller: Person;
  readonly query: Fields;
  readonly #webex: Webex;
  readonly #request: Request;
  readonly #response: Response;

  constructor(webex: Webex, request: Request, response: Response) {
    this.caller = callerOf(response);
    this.query = new Fields(request.query);
    this.#webex = webex;
    this.#request = request;
    this.#response = response;
  }

  /** The id in the path. */
  get id(): string {
    return String(this.#request.params.id);
  }

  /** @throws ApiError 400 unless it is a JSON object or a form. */
  body(): Fields {
    return this.form().fields;
  }

  /** The body of a call that takes files too. */
  form(): { fields: Fields; upload?: FileSource } {
    const body: unknown = this.#request.body;
    if (Buffer.isBuffer(body)) return readMultipart(body, this.#request.headers["content-type"] ?? "");
    return { fields: new Fields(body) };
  }

  /** Says where the next page of a list is, keeping the rest of the query. */
  linkNext(parameters: Readonly<Record<string, string>>): void {
    const { pathname, searchParams } = new URL(this.#request.url, "http://playground.invalid");
    for (const [name, value] of Object.entries(parameters)) searchParams.set(name, value);
    const path = this.#request.baseUrl.slice(
      this.#request.baseUrl.lastIndexOf("/webex/v1") + "/webex/v1".length,
    );
    const url = `${this.#webex.apiUrl}${path}${pathname === "/" ? "" : pathname}?${searchParams}`;
    this.#response.setHeader("Link", `<${url}>; rel="next"`);
  }
}

/** Returned by an endpoint that answers 204. */
export const noContent = Symbol("no content");

/** Answers with what the endpoint returns, as JSON. What it throws goes to the server's error handler. */
export function answer(webex: Webex, endpoint: (call: Call) => unknown): RequestHandler {
  return async (request, response) => {
    const value = await endpoint(new Call(webex, request, response));
    if (value === noContent) response.status(204).end();
    else response.json(value);
  };
}

const callers = new WeakMap<Response, Person>();

/** Notes whose token came with the request. */
export function setCaller(response: Response, caller: Person): void {
  callers.set(response, caller);
}

/** Whose token came with the request. */
export function callerOf(response: Response): Person {
  const caller = callers.get(response);
  if (caller === undefined) throw new Error("playground: a route was reached without its caller being known");
  return caller;
}
