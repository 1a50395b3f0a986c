import { badRequest } from "../webex/api-error";
import type { Call } from "./call";

/**
 * One page of a list, with a `Link` to the next one. The cursor names the last item of the page and its
 * place, so that deleting items between two pages neither skips nor repeats any.
 */
export function page<T extends { readonly id: string }>(
  call: Call,
  items: readonly T[],
  limits: { readonly byDefault: number; readonly ceiling: number } = { byDefault: 100, ceiling: 1000 },
): { items: readonly T[] } {
  const max = call.query.max(limits.byDefault, limits.ceiling);
  const start = startOf(items, call.query.optionalString("cursor"));
  const shown = items.slice(start, start + max);
  const last = shown.at(-1);
  if (last !== undefined && start + max < items.length)
    call.linkNext({ cursor: `${start + max}.${last.id}` });
  return { items: shown };
}

function startOf(items: readonly { readonly id: string }[], cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [, place, lastId] = /^(\d{1,9})\.([\w-]+)$/.exec(cursor) ?? [];
  if (place === undefined) throw badRequest("'cursor' is not one that a list has given.");
  const last = items.findIndex((item) => item.id === lastId);
  return last === -1 ? Number(place) - 1 : last + 1;
}
