import type { JsonObject } from "../../../core/contract/notice";
import type { Caller } from "../../api/api-client";
import { isObject, object, optional, WireError } from "../../api/wire";
import { idOf } from "../item";
import { ask, type IntercomCallOptions } from "../requests";

/** A contact or a teammate. */
export interface IntercomPerson {
  /** The unchanged answer. */
  readonly raw: JsonObject;
  readonly id: string;
  readonly name: string | undefined;
  /** Lower case. */
  readonly email: string | undefined;
}

/** A team of teammates. */
export interface IntercomTeam {
  /** The unchanged answer. */
  readonly raw: JsonObject;
  readonly id: string;
  readonly name: string | undefined;
}

/** One field to search contacts by. */
export type IntercomContactQuery =
  | { readonly email: string }
  /** The id that your program has given to the contact. */
  | { readonly externalId: string }
  | { readonly name: string };

/** People who are helped: users and leads. */
export interface IntercomContacts {
  get(id: string, options?: IntercomCallOptions): Promise<IntercomPerson>;
  /** Finds contacts by one field, page by page. */
  search(query: IntercomContactQuery, options?: IntercomCallOptions): AsyncIterable<IntercomPerson>;
}

/** Teammates. */
export interface IntercomAdmins {
  get(id: string, options?: IntercomCallOptions): Promise<IntercomPerson>;
  list(options?: IntercomCallOptions): Promise<readonly IntercomPerson[]>;
}

export interface IntercomTeams {
  get(id: string, options?: IntercomCallOptions): Promise<IntercomTeam>;
  list(options?: IntercomCallOptions): Promise<readonly IntercomTeam[]>;
}

const A_PAGE = 50;

export function createContacts(caller: Caller): IntercomContacts {
  return {
    get: (id, options) => ask(caller, get(`/contacts/${encodeURIComponent(id)}`), parsePerson, options),
    async *search(query, options) {
      let startingAfter: string | undefined;
      do {
        const json: JsonObject = {
          query: toQuery(query),
          pagination: { per_page: A_PAGE, ...(startingAfter && { starting_after: startingAfter }) },
        };
        const request = { method: "POST", path: "/contacts/search", json } as const;
        const { items, next } = await ask(caller, request, parsePage, options);
        yield* items;
        if (next === startingAfter) return;
        startingAfter = next;
      } while (startingAfter !== undefined);
    },
  };
}

export function createAdmins(caller: Caller): IntercomAdmins {
  return {
    get: (id, options) => ask(caller, get(`/admins/${encodeURIComponent(id)}`), parsePerson, options),
    list: (options) => ask(caller, get("/admins"), listOf("admins", parsePerson), options),
  };
}

export function createTeams(caller: Caller): IntercomTeams {
  return {
    get: (id, options) => ask(caller, get(`/teams/${encodeURIComponent(id)}`), parseNamed, options),
    list: (options) => ask(caller, get("/teams"), listOf("teams", parseNamed), options),
  };
}

/** A request that reads. */
export function get(path: string): { readonly method: "GET"; readonly path: string } {
  return { method: "GET", path };
}

/** Reads the list that an answer has under a name. @throws WireError */
export function listOf<Value>(
  name: string,
  parse: (value: unknown) => Value,
): (body: unknown) => readonly Value[] {
  return (body) => {
    const list = object(body)[name];
    if (!Array.isArray(list)) throw new WireError(`"${name}" is not a list`);
    return list.map(parse);
  };
}

export function parsePerson(value: unknown): IntercomPerson {
  const named = parseNamed(value);
  return { ...named, email: optional(named.raw, "email")?.toLowerCase() };
}

/** Reads an object that has an id and may have a name. @throws WireError */
export function parseNamed(value: unknown): IntercomTeam {
  const raw = object(value);
  const id = idOf(raw.id);
  if (id === undefined) throw new WireError('"id" is missing');
  return { raw, id, name: optional(raw, "name") };
}

function toQuery(query: IntercomContactQuery): JsonObject {
  const [field, value] =
    "email" in query
      ? ["email", query.email]
      : "externalId" in query
        ? ["external_id", query.externalId]
        : ["name", query.name];
  return { field, operator: "=", value };
}

function parsePage(value: unknown): { items: readonly IntercomPerson[]; next: string | undefined } {
  const { pages } = object(value);
  const next = isObject(pages) && isObject(pages.next) ? pages.next.starting_after : undefined;
  return {
    items: listOf("data", parsePerson)(value),
    next: typeof next === "string" ? next : undefined,
  };
}
