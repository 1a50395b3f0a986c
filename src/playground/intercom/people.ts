import { Router } from "express";
import { fieldsOf } from "../read-fields";
import { IntercomError } from "./refusals";
import type { Contact, Workspace } from "./workspace";

type Fields = Readonly<Record<string, unknown>>;

export interface PeopleParts {
  readonly workspace: Workspace;
  /** Since 1970. */
  seconds(): number;
  /** Tells subscriptions to a topic of an item. */
  tell(topic: string, item: object): void;
}

/** How people are called in a version of the API. */
interface Wording {
  readonly type: "user" | "contact";
  readonly created: string;
  readonly deleted: string;
}

/** Versions 1.x. */
const USERS: Wording = { type: "user", created: "user.created", deleted: "user.deleted" };
/** Versions 2.x. */
const CONTACTS: Wording = { type: "contact", created: "contact.user.created", deleted: "contact.deleted" };

/** A workspace of the playground has more people than it needs long before. */
const MOST_CONTACTS = 10_000;

/** People who ask, made, found and deleted by a program: `/users` of the versions 1.x, and `/contacts`. */
export function peopleRoutes({ workspace, seconds, tell }: PeopleParts): Router {
  const router = Router();
  router.post("/contacts/search", (request, response) => {
    const { query, pagination } = fieldsOf(request.body);
    const { per_page: perPage = 50, starting_after: after } = fieldsOf(pagination);
    const found = [...workspace.contacts.values()].filter(matcherOf(fieldsOf(query)));
    const start = typeof after === "string" ? found.findIndex(({ id }) => id === after) + 1 : 0;
    const page = found.slice(start, start + Number(perPage));
    const hasMore = start + page.length < found.length;
    response.json({
      type: "list",
      data: page.map((contact) => shownContact(contact, CONTACTS, seconds())),
      total_count: found.length,
      pages: { type: "pages", next: hasMore ? { per_page: perPage, starting_after: page.at(-1)?.id } : null },
    });
  });
  for (const [path, wording] of [
    ["/users", USERS],
    ["/contacts", CONTACTS],
  ] as const) {
    const shown = (contact: Contact): object => shownContact(contact, wording, seconds());
    router
      .route(path)
      .get(({ query }, response) => {
        if (wording === USERS && (query.email ?? query.user_id) !== undefined)
          response.json(shown(found(contactOf(workspace, query))));
        else {
          const data = [...workspace.contacts.values()].map(shown);
          const list = wording === USERS ? { type: "user.list", users: data } : { type: "list", data };
          response.json({ ...list, total_count: data.length, pages: { type: "pages", next: null } });
        }
      })
      .post((request, response) => {
        const given = fieldsOf(request.body);
        const known = contactOf(workspace, given);
        // Version 1.x updates a person who is there; 2.x refuses.
        if (known !== undefined && wording === CONTACTS)
          throw new IntercomError(
            409,
            "conflict",
            `A contact matching those details already exists with id=${known.id}`,
          );
        const contact = known ?? addContact(workspace, given);
        response.json(shown(contact));
        if (known === undefined) tell(wording.created, shown(contact));
      });
    router
      .route(`${path}/:id`)
      .get((request, response) => {
        response.json(shown(found(workspace.contacts.get(request.params.id))));
      })
      .delete((request, response) => {
        const contact = found(workspace.contacts.get(request.params.id));
        workspace.contacts.delete(contact.id);
        const { id, email, userId } = contact;
        const item = { type: wording.type, id, email, ...externalId(wording, userId) };
        response.json({ ...item, deleted: true });
        tell(wording.deleted, item);
      });
  }
  return router;
}

/** What people have done, as a program reports it. */
export function eventRoutes({ workspace, seconds, tell }: PeopleParts): Router {
  const router = Router();
  router.post("/", (request, response) => {
    const given = fieldsOf(request.body);
    const { event_name: name, created_at: at = seconds(), metadata } = given;
    if (typeof name !== "string" || name === "")
      throw new IntercomError(400, "parameter_not_found", "event_name is required");
    const { id, email, userId } = found(contactOf(workspace, given));
    response.status(202).end();
    tell("event.created", {
      type: "event",
      event_name: name,
      created_at: at,
      intercom_user_id: id,
      ...{ email, user_id: userId ?? null },
      metadata: fieldsOf(metadata),
    });
  });
  return router;
}

function contactOf(workspace: Workspace, given: Fields): Contact | undefined {
  const { id = given.intercom_user_id, email, user_id: userId = given.external_id } = given;
  if (typeof id === "string") return workspace.contacts.get(id);
  if (userId !== undefined && userId !== null) {
    const known = [...workspace.contacts.values()].find((contact) => contact.userId === String(userId));
    if (known !== undefined || email === undefined) return known;
  }
  return [...workspace.contacts.values()].find((contact) => contact.email === email);
}

/** The results of a search by one field. @throws IntercomError */
function matcherOf({ field, operator, value }: Fields): (contact: Contact) => boolean {
  if (operator !== "=" || (typeof value !== "string" && value !== null))
    throw new IntercomError(400, "parameter_invalid", "query is not one that the playground knows");
  switch (field) {
    case "email":
      return ({ email }) => email.toLowerCase() === value?.toLowerCase();
    case "external_id":
      return ({ userId = null }) => userId === value;
    case "name":
      return ({ name }) => name === value;
    default:
      throw new IntercomError(
        400,
        "parameter_invalid",
        `contacts cannot be searched by ${String(field)} here`,
      );
  }
}

function addContact(workspace: Workspace, given: Fields): Contact {
  const { name, email, user_id: userId = given.external_id } = given;
  if (typeof email !== "string" && userId === undefined)
    throw new IntercomError(400, "parameter_not_found", "email or user_id is required");
  if (workspace.contacts.size >= MOST_CONTACTS)
    throw new IntercomError(400, "parameter_invalid", `There are ${MOST_CONTACTS} contacts already`);
  const address = typeof email === "string" ? email : "";
  const contact = workspace.addContact(typeof name === "string" ? name : address, address);
  if (userId === undefined || userId === null) return contact;
  const withId = { ...contact, userId: String(userId) };
  workspace.contacts.set(contact.id, withId);
  return withId;
}

function shownContact({ id, name, email, userId }: Contact, wording: Wording, at: number): object {
  const role = wording === CONTACTS ? { role: "user" } : {};
  return { type: wording.type, ...role, id, name, email, ...externalId(wording, userId), created_at: at };
}

function externalId({ type }: Wording, userId: string | undefined): object {
  return { [type === "user" ? "user_id" : "external_id"]: userId ?? null };
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new IntercomError(404, "not_found", "User Not Found");
  return value;
}
