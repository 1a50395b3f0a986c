/** One server-sent event. */
export interface ServerEvent {
  readonly id: string;
  readonly name: string;
  readonly data: string;
}

/**
 * Puts server-sent events together from pieces of text, wherever the network has cut them.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class SseParser {
  #rest = "";
  #id = "";
  #name: string | undefined;
  #data: string[] = [];

  /** @returns The events that this piece completes. Comments and events without data are none. */
  push(piece: string): ServerEvent[] {
    const text = this.#rest + piece;
    // A "\r" at the very end may be half of a "\r\n".
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + text.slice(end);
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): ServerEvent | undefined {
    if (line === "") return this.#complete();
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") this.#id = value;
    else if (field === "event") this.#name = value === "" ? undefined : value;
    else if (field === "data") this.#data.push(value);
    return undefined;
  }

  #complete(): ServerEvent | undefined {
    const event = { id: this.#id, name: this.#name ?? "message", data: this.#data.join("\n") };
    const isEmpty = this.#data.length === 0;
    this.#name = undefined;
    this.#data = [];
    return isEmpty ? undefined : event;
  }
}
