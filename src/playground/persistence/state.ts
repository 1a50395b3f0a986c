import type { IntercomState } from "../intercom/workspace";
import type { SpikaState } from "../spika/state";
import type { WebexState } from "../webex/state";
import type { WebhookState } from "../webhooks/registry";

/** Everything of a playground that outlives the process; the timeline, faults and open lines do not. */
export interface PlaygroundState {
  readonly webex: WebexState;
  readonly webhooks: readonly WebhookState[];
  readonly spika: SpikaState;
  readonly intercom: IntercomState;
  /** What the program signs Webex's webhooks, and by default its buttons, with. */
  readonly webhookSecret: string;
  /** What passes of those who knew the password are signed with. */
  readonly passSecret: string;
}
