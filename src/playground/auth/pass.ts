import { createHmac, timingSafeEqual } from "node:crypto";

const name = "bellhop_playground";
const validMs = 7 * 24 * 60 * 60_000;

/** What a browser has to show once its person knew the password: a cookie with a date, signed. */
export class Passes {
  readonly #key: Buffer;
  readonly #now: () => number;

  /** @param secret of this playground. Another one, or another password, and no pass is good any more */
  constructor(secret: string, password: string, now: () => number) {
    this.#key = createHmac("sha256", secret).update(password).digest();
    this.#now = now;
  }

  /**
   * A `Set-Cookie` header; the browser forgets it when it is closed.
   * @param path below which it is sent
   * @param isSecure over https only
   */
  issue(path: string, isSecure: boolean): string {
    const until = String(this.#now() + validMs);
    const attributes = [`Path=${path}`, "HttpOnly", "SameSite=Strict", ...(isSecure ? ["Secure"] : [])];
    return [`${name}=${until}.${this.#sign(until)}`, ...attributes].join("; ");
  }

  /** @param cookies the `Cookie` header */
  isShown(cookies: string | undefined): boolean {
    const prefix = `${name}=`;
    return (cookies ?? "")
      .split(";")
      .map((cookie) => cookie.trim())
      .some((cookie) => cookie.startsWith(prefix) && this.#isGood(cookie.slice(prefix.length)));
  }

  #isGood(pass: string): boolean {
    const [, until = "", signature = ""] = /^(\d{1,15})\.([\w-]{43})$/.exec(pass) ?? [];
    return timingSafeEqual(digest(signature), digest(this.#sign(until))) && Number(until) > this.#now();
  }

  #sign(until: string): string {
    return createHmac("sha256", this.#key).update(until).digest("base64url");
  }
}

/** Whether a password is the right one, in a time that does not tell how much of it is. */
export function isSame(given: string, right: string): boolean {
  return timingSafeEqual(digest(given), digest(right));
}

/** Of one length, whatever was given. */
function digest(text: string): Buffer {
  return createHmac("sha256", name).update(text).digest();
}
