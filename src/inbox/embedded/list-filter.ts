import type { EventFilter } from "../../core/contract/inbox";
import { parseId } from "./event-ids";
import type { ListFilter } from "./thread-protocol";

/** Parses the filter's id. An invalid id matches no event. */
export function toListFilter({ before, ...filter }: EventFilter): ListFilter {
  return before === undefined ? filter : { ...filter, beforeId: parseId(before) ?? 0 };
}
