import { type ElementRule, type Family, families } from "./card-schema";
import { isRecord } from "./fields";

const newestVersion = 1.3;
const maxImages = 10;
const maxDepth = 50;
const textKeys: ReadonlySet<string> = new Set(["id", "text", "url", "title"]);

/** Says what Webex would refuse about a card, each fault with its place: `#/body/5: required key [id] not found`. */
export function checkCard(card: unknown): string[] {
  const check = new CardCheck();
  check.object(card, "card", "#", 0);
  if (isRecord(card) && card.version !== undefined) check.version(card.version);
  if (check.images > maxImages)
    check.faults.push(`#: ${check.images} images; at most ${maxImages} are permitted`);
  return check.faults;
}

/** One walk through a card. */
class CardCheck {
  readonly faults: string[] = [];
  images = 0;

  version(version: unknown): void {
    if (typeof version !== "string" || !/^\d+\.\d+$/.test(version))
      this.faults.push("#/version: expected a version like 1.3");
    else if (Number(version) > newestVersion)
      this.faults.push(`#/version: ${version} is newer than ${newestVersion}`);
  }

  object(value: unknown, family: Family, at: string, depth: number): void {
    if (family === "inline" && typeof value === "string") return;
    const rule = isRecord(value) ? ruleFor(value, family) : undefined;
    if (!isRecord(value)) this.faults.push(`${at}: expected an object`);
    else if (depth > maxDepth) this.faults.push(`${at}: nested too deep`);
    else if (rule !== undefined) this.#keys(value, rule, at, depth);
    else if (typeof value.type === "string") this.faults.push(`${at}/type: [${value.type}] is not supported`);
    else this.faults.push(`${at}/type: expected a type`);
  }

  #keys(value: Readonly<Record<string, unknown>>, rule: ElementRule, at: string, depth: number): void {
    if (value.type === "Image") this.images += 1;
    for (const key of rule.required)
      if (value[key] === undefined) this.faults.push(`${at}: required key [${key}] not found`);
    for (const [key, inner] of Object.entries(value)) {
      if (rule.allowed.has(key)) this.#value(inner, key, rule, `${at}/${key}`, depth + 1);
      else this.faults.push(`${at}: extraneous key [${key}] is not permitted`);
    }
  }

  #value(inner: unknown, key: string, rule: ElementRule, at: string, depth: number): void {
    const child = Object.hasOwn(rule.children, key) ? rule.children[key] : undefined;
    if (typeof child === "string") this.object(inner, child, at, depth);
    else if (child !== undefined) this.#array(inner, child[0], at, depth);
    else if (textKeys.has(key) && typeof inner !== "string") this.faults.push(`${at}: expected a string`);
  }

  #array(value: unknown, family: Family, at: string, depth: number): void {
    if (!Array.isArray(value)) this.faults.push(`${at}: expected an array`);
    else for (const [index, one] of value.entries()) this.object(one, family, `${at}/${index}`, depth);
  }
}

function ruleFor(value: Readonly<Record<string, unknown>>, family: Family): ElementRule | undefined {
  const rules = families[family];
  const type = typeof value.type === "string" ? value.type : "";
  if (Object.hasOwn(rules, type)) return rules[type];
  // Facts and choices have no type of their own; whatever they say it is does not matter.
  return family === "fact" || family === "choice" ? rules[""] : undefined;
}
