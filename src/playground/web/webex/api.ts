import { call } from "../http";
import { JsonObject } from "../json";
import type { Persona } from "../wire";
import { type Membership, type Message, parseMembership, parseMessage, parseRoom, type Room } from "./wire";

/** One page of a room's messages, oldest first. */
export interface MessagePage {
  readonly messages: readonly Message[];
  readonly hasOlder: boolean;
}

/** Where a message goes: a room, or a person with whom the direct room may not exist yet. */
export type Target = { readonly roomId: string } | { readonly toPersonEmail: string };

/** What a message says; the text may be empty when there is a file. */
export interface Content {
  readonly markdown: string;
  readonly file?: File | undefined;
}

const pageSize = 100;

/** The API as one person calls it. Every method throws {@link ApiError} when it is refused. */
export class WebexApi {
  readonly #base: string;
  readonly #token: string;

  constructor(apiBase: string, { token }: Persona) {
    this.#base = apiBase;
    this.#token = token;
  }

  /** Most recently active first. */
  async rooms(): Promise<Room[]> {
    return await this.#list("/rooms", { sortBy: "lastactivity", max: "1000" }, parseRoom);
  }

  async members(roomId: string): Promise<Membership[]> {
    return await this.#list("/memberships", { roomId, max: "1000" }, parseMembership);
  }

  /** @param beforeMessage The oldest message known, to read on from there. */
  async messages(roomId: string, beforeMessage?: string): Promise<MessagePage> {
    const query = {
      roomId,
      max: String(pageSize),
      ...(beforeMessage === undefined ? {} : { beforeMessage }),
    };
    const response = await this.#call("GET", `/messages?${new URLSearchParams(query)}`);
    const messages = new JsonObject("list", await response.json()).list("items", parseMessage);
    return {
      messages: messages.reverse(),
      hasOlder: response.headers.get("Link")?.includes('rel="next"') ?? false,
    };
  }

  /** @param to `parentId`, when given, is a message that is no reply itself. */
  async send(to: Target & { readonly parentId?: string }, { markdown, file }: Content): Promise<Message> {
    const fields = { ...to, ...(markdown === "" ? {} : { markdown }) };
    const body = file === undefined ? fields : toForm(fields, file);
    const response = await this.#call("POST", "/messages", body);
    return parseMessage(await response.json());
  }

  async edit({ id, roomId }: Pick<Message, "id" | "roomId">, markdown: string): Promise<Message> {
    const response = await this.#call("PUT", `/messages/${id}`, { roomId, markdown });
    return parseMessage(await response.json());
  }

  async deleteMessage(id: string): Promise<void> {
    await this.#call("DELETE", `/messages/${id}`);
  }

  /** Presses a card's button. */
  async submit(messageId: string, inputs: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#call("POST", "/attachment/actions", { type: "submit", messageId, inputs });
  }

  async createRoom(title: string): Promise<Room> {
    const response = await this.#call("POST", "/rooms", { title });
    return parseRoom(await response.json());
  }

  async addMember(roomId: string, personEmail: string): Promise<void> {
    await this.#call("POST", "/memberships", { roomId, personEmail });
  }

  async removeMember(membershipId: string): Promise<void> {
    await this.#call("DELETE", `/memberships/${membershipId}`);
  }

  /** @param fileUrl As a message has it. Its host may be another name of this computer, so only the id counts. */
  async file(fileUrl: string): Promise<{ readonly name: string; readonly bytes: Blob }> {
    const id = new URL(fileUrl).pathname.split("/").at(-1) ?? "";
    const response = await this.#call("GET", `/contents/${id}`);
    const name = /filename="?([^";]+)"?/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
    return { name: name ?? "file", bytes: await response.blob() };
  }

  async #list<Item>(path: string, query: Record<string, string>, parse: (item: unknown) => Item) {
    const response = await this.#call("GET", `${path}?${new URLSearchParams(query)}`);
    return new JsonObject("list", await response.json()).list("items", parse);
  }

  #call(method: string, path: string, body?: object): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.#token}` };
    const url = `${this.#base}${path}`;
    if (body === undefined) return call(url, { method, headers });
    // A form names its own type, with the boundary in it.
    if (body instanceof FormData) return call(url, { method, headers, body });
    return call(url, {
      method,
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }
}

function toForm(fields: Readonly<Record<string, string>>, file: File): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("files", file);
  return form;
}
