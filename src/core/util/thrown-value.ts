/** Reads a property of a thrown value of any kind. @returns `undefined` if there is none, or if its getter throws */
export function readProperty(value: unknown, name: string): unknown {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** Cuts a text to `most` UTF-16 code units, the mark of the cut included, and never in the middle of a character. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 1);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/**
 * Lists a thrown value, its causes and the errors of an AggregateError, the nearest first. Ends with circular causes, too.
 * @param most how many are listed at most
 */
export function chainOf(thrown: unknown, most: number): readonly unknown[] {
  const chain = new Set([thrown]);
  for (const error of chain) {
    const errors = readProperty(error, "errors");
    const next = [readProperty(error, "cause"), ...(Array.isArray(errors) ? errors.slice(0, most) : [])];
    for (const cause of next)
      if (cause !== undefined && cause !== null && chain.size < most) chain.add(cause);
  }
  return [...chain];
}

/** A class name as programs write it; a longer or odder one may quote a person. */
const CLASS_NAME = /^[A-Za-z_$][\w$.-]{0,99}$/;
/** An error code as programs write it: `"ECONNREFUSED"`, `"card-unknown"`, `"42P01"`. */
const CODE = /^[\w.-]{1,64}$/;

/** The class of a thrown value, also in another realm; for a value that is not an object, its type. */
export function classOf(thrown: unknown): string {
  if (thrown === null) return "null";
  if (typeof thrown !== "object" && typeof thrown !== "function") return typeof thrown;
  const own = readProperty(thrown, "name");
  const made = readProperty(readProperty(thrown, "constructor"), "name");
  const names = own === "Error" ? [made, own] : [own, made];
  return names.find(isClassName) ?? "object";
}

function isClassName(name: unknown): name is string {
  return typeof name === "string" && CLASS_NAME.test(name);
}

/** The error's own code. @returns `undefined` if it has none that looks like a code */
export function codeOf(thrown: unknown): string | undefined {
  const code = readProperty(thrown, "code");
  return typeof code === "string" && CODE.test(code) ? code : undefined;
}

/** `instanceof` for thrown values: a proxy that refuses to be looked at is no instance of anything. */
export function isInstance<T>(value: unknown, of: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof of;
  } catch {
    return false;
  }
}
