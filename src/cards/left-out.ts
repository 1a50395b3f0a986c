// biome-ignore-all lint/suspicious/noTemplateCurlyInString: remedies show how templates are written

import type { JsonValue } from "../core/contract/notice";
import type { Finding } from "./finding";
import { isList, isObject, kindOf, shown } from "./json-values";
import type { LeftOut } from "./template";

/**
 * Says why the templating library left an element out, or did not repeat it.
 * @param quotes whether values may be repeated: of sample data, not of what people wrote
 */
export function toLeftOutFinding({ path, reason }: LeftOut, quotes: boolean): Finding {
  const isCondition = path.at(-1) === "$when";
  const base = { severity: "warning", path } as const;
  switch (reason.kind) {
    case "missing": {
      const near = reason.meant === undefined ? "" : `did you mean "${reason.meant}"? Otherwise `;
      return {
        ...base,
        code: "missing-field",
        message: `the data has no "${reason.field}"`,
        remedy: `${near}pass it, give it a default, or ask for it: exists(${reason.field})`,
      };
    }
    case "not-evaluated":
      return {
        ...base,
        code: "bad-condition",
        message: "this condition cannot be evaluated with this data, so the element is not shown",
        remedy: "compare values of the same kind",
      };
    case "empty-list":
      return {
        ...base,
        code: "empty-list",
        message: "the list is empty, so the element is not shown",
        remedy: "put an item into the sample data to see it",
      };
    case "value":
      return isCondition
        ? {
            ...base,
            code: "bad-condition",
            message: `this condition comes to ${nameValue(reason.value, quotes)}, not to true or false, so the element is not shown`,
            remedy: "compare it, for example ${title != ''}, or ask for it: ${exists(title)}",
          }
        : {
            ...base,
            code: "bad-repeat",
            message: `comes to ${nameValue(reason.value, quotes)}; expected a list or an object`,
            remedy: "name a list or an object of the data",
          };
  }
}

/** `the text "A title"`, `the number 5`, `null`. */
function nameValue(value: JsonValue, quotes: boolean): string {
  if (value === null || isList(value) || isObject(value)) return kindOf(value);
  const kind = typeof value === "string" ? "text" : typeof value === "number" ? "number" : "value";
  if (quotes) return `the ${kind} ${shown(value)}`;
  return kind === "value" ? kindOf(value) : `a ${kind}`;
}
