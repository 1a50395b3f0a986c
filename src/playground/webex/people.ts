import { randomBytes } from "node:crypto";
import { ApiError, badRequest, notFound } from "./api-error";
import type { Fields } from "./fields";
import { keyOf, toId, uuidFor } from "./ids";
import type { Person } from "./records";
import { timestamp, type Webex } from "./webex";

const maxIdsPerQuery = 85;

/** Makes somebody known. The same e-mail address has the same id at every start; the token is random unless given. */
export function addPerson(
  webex: Webex,
  who: {
    email: string;
    displayName: string;
    type: Person["type"];
    token?: string | undefined;
    invited?: boolean;
  },
): Person {
  const [firstName = who.displayName, ...rest] = who.displayName.split(" ");
  const person: Person = {
    id: toId("PEOPLE", uuidFor(who.email.toLowerCase())),
    emails: [who.email],
    displayName: who.displayName,
    nickName: firstName,
    firstName,
    lastName: rest.join(" "),
    orgId: webex.orgId,
    created: timestamp(webex),
    type: who.type,
    ...(who.invited ? { invitePending: "true" as const } : {}),
  };
  webex.store.addPerson(person, who.token ?? newToken(webex));
  return person;
}

/** As Webex makes them, since clients take them apart: something random, a cluster, the organisation. */
function newToken({ orgId }: Webex): string {
  return `${randomBytes(48).toString("hex")}_PF84_${keyOf(orgId)}`;
}

/** Reads who is meant from `<prefix>Id` or `<prefix>Email`; undefined when neither is given. An unknown address is invited. */
export function readPerson(
  webex: Webex,
  fields: Fields,
  idField: string,
  emailField: string,
): Person | undefined {
  const id = fields.optionalString(idField);
  const email = fields.optionalString(emailField);
  if (id !== undefined && email !== undefined)
    throw badRequest(`Give either '${idField}' or '${emailField}', not both.`);
  if (id !== undefined) {
    const person = webex.store.people.get(id);
    if (person === undefined) throw notFound();
    return person;
  }
  if (email === undefined) return undefined;
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw badRequest(`'${emailField}' is not an e-mail address.`);
  return (
    webex.store.personByEmail(email) ??
    addPerson(webex, { email, displayName: email, type: "person", invited: true })
  );
}

/** One person by id, or the caller as `me`. */
export function getPerson(webex: Webex, caller: Person, personId: string): Person {
  if (personId === "me") return caller;
  const person = webex.store.people.get(personId);
  if (person === undefined) throw notFound();
  return person;
}

/** People by `email`, by the start of `displayName`, or by a list of `id`; ids of nobody come back as `notFoundIds`. */
export function findPeople(webex: Webex, fields: Fields): { items: Person[]; notFoundIds?: string[] } {
  const ids = fields.list("id");
  if (ids.length > maxIdsPerQuery) throw badRequest(`'id' takes up to ${maxIdsPerQuery} ids.`);
  if (ids.length > 0) {
    const items: Person[] = [];
    const notFoundIds: string[] = [];
    for (const id of ids) {
      const person = webex.store.people.get(id);
      if (person === undefined) notFoundIds.push(id);
      else items.push(person);
    }
    return notFoundIds.length > 0 ? { items, notFoundIds } : { items };
  }
  const email = fields.optionalString("email");
  if (email !== undefined) {
    const person = webex.store.personByEmail(email);
    return { items: person === undefined ? [] : [person] };
  }
  const start = fields.optionalString("displayName")?.toLowerCase();
  if (start === undefined) throw badRequest("One of 'email', 'displayName' or 'id' is required.");
  return {
    items: [...webex.store.people.values()].filter((one) => one.displayName.toLowerCase().startsWith(start)),
  };
}

/** Adding, changing and removing people is for administrators, and nobody here is one. */
export function refuseAdministration(): never {
  throw new ApiError(403, "Only an administrator may do this.");
}
