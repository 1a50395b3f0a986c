import { badRequest } from "./api-error";

/** Reads a request's body or query by name; what is not of the asked type is refused with 400. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;

  /** @throws ApiError 400 unless it is an object. */
  constructor(values: unknown) {
    if (!isRecord(values)) throw badRequest("The request body must be a JSON object.");
    this.#values = values;
  }

  /** As sent; `null` counts as absent. */
  value(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  string(name: string): string {
    const value = this.optionalString(name);
    if (value === undefined || value.trim() === "")
      throw badRequest(`'${name}' is required and must not be empty.`);
    return value;
  }

  optionalString(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === "string") return value;
    throw badRequest(`'${name}' must be a string.`);
  }

  /** Also takes `"true"` and `"false"`, which is how forms and queries say it. */
  optionalBoolean(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    throw badRequest(`'${name}' must be true or false.`);
  }

  /** One of a few words. */
  optionalWord<W extends string>(name: string, words: readonly W[]): W | undefined {
    const value = this.optionalString(name);
    if (value === undefined) return undefined;
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw badRequest(`'${name}' must be one of ${words.join(", ")}.`);
    return word;
  }

  /** Comma separated, or repeated. */
  list(name: string): string[] {
    const value = this.value(name);
    const parts = Array.isArray(value) ? value : [value];
    return parts
      .flatMap((part) => (typeof part === "string" ? part.split(",") : []))
      .filter((part) => part !== "");
  }

  /** At least 1; more than `ceiling` is quietly taken as the ceiling. */
  max(byDefault: number, ceiling: number): number {
    const value = this.optionalString("max");
    if (value === undefined) return byDefault;
    const max = Number(value);
    if (!Number.isInteger(max) || max < 1) throw badRequest("'max' must be a whole number of at least 1.");
    return Math.min(max, ceiling);
  }
}

/** A JSON object: not an array, not `null`. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
