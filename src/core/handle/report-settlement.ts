import type { Lease, Settlement } from "../contract/inbox";
import type { Logger } from "../contract/logger";
import type { EventOutcome, Metrics } from "../contract/metrics";
import { type ErrorDetail, failureFields } from "./failures/failure-text";

export interface ReportParts {
  readonly log: Logger;
  readonly metrics: Metrics;
  /** How much log lines say of an error. */
  readonly detail: ErrorDetail;
}

/** Writes to the log and the metrics how an event was settled. @param ms how long the attempt took */
export function reportSettlement(
  lease: Lease,
  settlement: Settlement,
  ms: number,
  { log, metrics, detail }: ReportParts,
): void {
  const { id, notice, attempt: tries, receivedAt } = lease;
  if (settlement.kind !== "released")
    metrics.event(notice.platform, notice.name, OUTCOMES[settlement.kind], ms);
  const fields = { key: notice.key, event: notice.name, attempt: tries, ms };
  switch (settlement.kind) {
    case "handled":
      log.info("event handled", { ...fields, sinceReceivedMs: Date.now() - receivedAt });
      break;
    case "dropped":
      log.info("event dropped", { ...fields, reason: settlement.reason });
      break;
    case "retry":
      // The stack once for each event: the attempts that follow fail in the same way.
      log[tries === 1 ? "error" : "warn"]("event failed; it will be tried again", {
        ...fields,
        id,
        inMs: settlement.afterMs,
        ...(settlement.aside === true && { aside: true }),
        ...failureFields(settlement.error, detail, tries === 1),
      });
      break;
    case "dead":
      log.error("event given up; it is kept as a dead letter", {
        ...fields,
        id,
        ...failureFields(settlement.error, detail, tries === 1),
      });
      break;
    case "released":
      log.info("event left in the inbox, because the process stops", fields);
      break;
    default:
      settlement satisfies never;
  }
}

const OUTCOMES: Readonly<Record<Exclude<Settlement["kind"], "released">, EventOutcome>> = {
  handled: "handled",
  dropped: "dropped",
  retry: "retried",
  dead: "dead",
};
