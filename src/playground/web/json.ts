/** A JSON object whose fields are asked for one by one, so that an answer of another shape fails by name. */
export class JsonObject {
  readonly #what: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  /**
   * @param what Names the object in errors: `"room"`.
   * @throws TypeError when the value is no object.
   */
  constructor(what: string, value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new TypeError(`The playground sent no ${what} where one was expected.`);
    this.#what = what;
    this.#fields = { ...value };
  }

  /** All fields by name. */
  entries(): readonly (readonly [name: string, value: unknown])[] {
    return Object.entries(this.#fields);
  }

  /** Whatever the field holds. */
  get(name: string): unknown {
    return this.#fields[name];
  }

  /** @throws TypeError when the field is missing or no string. */
  string(name: string): string {
    const value = this.#fields[name];
    if (typeof value === "string") return value;
    throw new TypeError(`The playground sent a ${this.#what} without "${name}".`);
  }

  /** `undefined` when the field is missing or no string. */
  optionalString(name: string): string | undefined {
    const value = this.#fields[name];
    return typeof value === "string" ? value : undefined;
  }

  /** @throws TypeError when the field is missing or no number. */
  number(name: string): number {
    const value = this.#fields[name];
    if (typeof value === "number") return value;
    throw new TypeError(`The playground sent a ${this.#what} without "${name}".`);
  }

  /** `undefined` when the field is missing or no number. */
  optionalNumber(name: string): number | undefined {
    const value = this.#fields[name];
    return typeof value === "number" ? value : undefined;
  }

  /** Each item of an array, read; none when the field is missing. */
  list<Item>(name: string, read: (value: unknown) => Item): Item[] {
    const value = this.#fields[name];
    return Array.isArray(value) ? value.map((item) => read(item)) : [];
  }
}
