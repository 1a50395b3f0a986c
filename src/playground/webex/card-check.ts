import { type ElementRule, type Family, families } from "./card-schema";
import { isRecord } from "./fields";

const newestVersion = 1.3;
const maxImages = 10;
const maxDepth = 50;
const textKeys = new Set(["id", "text", "url", "title"]);

/** Says what Webex would refuse about a card, each fault with its place: `#/body/5: required key [id] not found`. */
export function checkCard(card: unknown): string[] {
  const faults: string[] = [];
  const images = { count: 0 };
  checkObject(card, "card", "#", faults, images, 0);
  if (isRecord(card)) checkVersion(card.version, faults);
  if (images.count > maxImages) faults.push(`#: ${images.count} images; at most ${maxImages} are permitted`);
  return faults;
}

function checkVersion(version: unknown, faults: string[]): void {
  if (version === undefined) return;
  if (typeof version !== "string" || !/^\d+\.\d+$/.test(version))
    faults.push("#/version: expected a version like 1.3");
  else if (Number(version) > newestVersion)
    faults.push(`#/version: ${version} is newer than ${newestVersion}`);
}

function checkObject(
  value: unknown,
  family: Family,
  at: string,
  faults: string[],
  images: { count: number },
  depth: number,
): void {
  if (family === "inline" && typeof value === "string") return;
  if (!isRecord(value)) {
    faults.push(`${at}: expected an object`);
    return;
  }
  if (depth > maxDepth) {
    faults.push(`${at}: nested too deep`);
    return;
  }
  const rule = ruleFor(value, family);
  if (rule === undefined) {
    faults.push(
      `${at}/type: ${typeof value.type === "string" ? `[${value.type}] is not supported` : "expected a type"}`,
    );
    return;
  }
  if (value.type === "Image") images.count += 1;
  for (const key of rule.required)
    if (value[key] === undefined) faults.push(`${at}: required key [${key}] not found`);
  for (const [key, inner] of Object.entries(value)) {
    const child = Object.hasOwn(rule.children, key) ? rule.children[key] : undefined;
    if (!rule.allowed.has(key)) faults.push(`${at}: extraneous key [${key}] is not permitted`);
    else if (child !== undefined) checkChildren(inner, child, `${at}/${key}`, faults, images, depth + 1);
    else if (textKeys.has(key) && typeof inner !== "string") faults.push(`${at}/${key}: expected a string`);
  }
}

const single = new Set<string>(["selectAction", "inlineAction", "card"]);

function checkChildren(
  value: unknown,
  family: Family,
  at: string,
  faults: string[],
  images: { count: number },
  depth: number,
): void {
  if (single.has(at.slice(at.lastIndexOf("/") + 1))) {
    checkObject(value, family, at, faults, images, depth);
    return;
  }
  if (!Array.isArray(value)) {
    faults.push(`${at}: expected an array`);
    return;
  }
  value.forEach((one, index) => {
    checkObject(one, family, `${at}/${index}`, faults, images, depth);
  });
}

function ruleFor(value: Readonly<Record<string, unknown>>, family: Family): ElementRule | undefined {
  const rules = families[family];
  const type = typeof value.type === "string" ? value.type : "";
  if (Object.hasOwn(rules, type)) return rules[type];
  return family === "fact" || family === "choice" ? rules[""] : undefined;
}
