import { checkBoolean, checkKeys, checkTexts, kindOf } from "./definition-checks";
import type { FileRules } from "./files";

/** Looks at rules as a bot's module gives them. @throws Error that names the rule */
export function checkFileRules(rules: FileRules): FileRules {
  if (typeof rules !== "object" || rules === null)
    throw new Error(`files: the rules are ${kindOf(rules)}, expected an object`);
  checkKeys("files", "rule", rules, ["maxBytes", "types", "maxCount", "allowUnscannable"]);
  checkLimit("maxBytes", rules.maxBytes);
  checkLimit("maxCount", rules.maxCount);
  checkTexts("files", "types", rules.types, {
    isMet: (text) => /^[\w.+-]+\/([\w.+-]+|\*)$/.test(text),
    expected: 'a media type such as "application/pdf" or "image/*"',
  });
  checkBoolean("files", "allowUnscannable", rules.allowUnscannable);
  return rules;
}

function checkLimit(name: string, given: unknown): void {
  if (given !== undefined && !(typeof given === "number" && Number.isInteger(given) && given > 0))
    throw new Error(`files: ${name} is ${String(given)}, expected a whole number above 0`);
}
