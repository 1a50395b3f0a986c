import { checkBoolean, checkKeys, checkObject, checkTexts } from "../contract/check-options";
import { ArgumentError } from "../contract/errors";
import type { FileRules } from "../contract/files";

/** Looks at rules as a bot's module gives them. @throws ArgumentError that names the rule */
export function checkFileRules(rules: FileRules): FileRules {
  checkObject("files", "set of rules", rules);
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
    throw new ArgumentError(`files: ${name} is ${String(given)}, expected a whole number above 0`);
}
