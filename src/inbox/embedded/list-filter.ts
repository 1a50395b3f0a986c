import type { EventFilter } from "../../core/inbox";
import { parseId } from "./event-ids";
import type { ListFilter } from "./thread-protocol";

/** Reads the filter's id; one that is none finds nothing. */
export function toListFilter({ before, ...filter }: EventFilter): ListFilter {
  return before === undefined ? filter : { ...filter, beforeId: parseId(before) ?? 0 };
}
