import { z } from "zod";
import type { VariableForm } from "../core/contract/platform-definition";
import { stripLastSlashes } from "../core/util/strip-slashes";

export function wholeNumber(min: number, max: number) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  const last = words.at(-1);
  const others = words.slice(0, -1);
  return z.enum(words, {
    error: `expected ${others.length === 0 ? last : `${others.join(", ")} or ${last}`}`,
  });
}

/** It is sent in a header, where anything else would be refused by every request. */
export function token() {
  return z
    .string()
    .regex(/^[\x21-\x7e]+$/, "it has blanks or characters that no token has; copy it once more");
}

/** Without a slash at its end. */
export function address() {
  return z.string().transform((value, context) => {
    const fault = addressFault(value);
    if (fault === undefined) return stripLastSlashes(new URL(value).href);
    context.addIssue(fault);
    return z.NEVER;
  });
}

function addressFault(value: string): string | undefined {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    return "expected an address that starts with https:// or http://";
  const { username, password } = new URL(value);
  if (username !== "" || password !== "") return "expected an address without a user and a password";
  return /[?#]/.test(value) ? "expected an address without ? and #" : undefined;
}

/** How a platform's variable is read. */
export function schemaOf(form: VariableForm): z.ZodType<string, string> {
  switch (form) {
    case "text":
    case "secret":
      return z.string();
    case "token":
      return token();
    case "address":
      return address();
    default:
      return oneOf(form);
  }
}

/** A sentence on a value that makes no sense. */
export function malformed(name: string, value: string, reason: string, isSecret: boolean): string {
  return `${name} is ${isSecret ? "malformed" : `"${shorten(value)}"`} (${reason})`;
}

// What stands where a port should be may be a token that was pasted into the wrong line, and an address may hold a password.
export function shorten(value: string): string {
  const bare = withoutUser(value);
  return bare.length <= 32 ? bare : `${bare.slice(0, 12)}…`;
}

function withoutUser(value: string): string {
  const slashes = value.indexOf("//");
  const at = value.lastIndexOf("@");
  return slashes === -1 || at < slashes ? value : `${value.slice(0, slashes)}//…${value.slice(at)}`;
}
