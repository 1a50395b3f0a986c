/** Whose API it is, or whose deliveries. */
export type PlatformName = "webex" | "spika" | "intercom";

/** What goes wrong with an API call. `after` it was done: the message is posted, and nobody hears of it. */
export type CallFault =
  | { readonly kind: "status"; readonly status: number; readonly retryAfterS?: number | undefined }
  /** A page, as a proxy in between would answer. @default 502, before the call is done */
  | {
      readonly kind: "html";
      readonly status?: number | undefined;
      readonly when?: "before" | "after" | undefined;
    }
  | { readonly kind: "reset"; readonly when: "before" | "after" }
  /** The answer ends in the middle of its body. */
  | { readonly kind: "cut" }
  /** No answer ever comes. */
  | { readonly kind: "hang" }
  | { readonly kind: "delay"; readonly ms: number };

/** What goes wrong with a webhook's delivery, or with a frame to a websocket. */
export type DeliveryFault =
  /** It is not sent, and a webhook counts it as failed. */
  | { readonly kind: "lost" }
  | { readonly kind: "duplicate"; readonly copies?: number | undefined }
  | { readonly kind: "delay"; readonly ms: number }
  /** It goes out behind the one that comes after it. */
  | { readonly kind: "disorder" }
  /** The connection breaks in the middle of the body; a websocket's right after the frame. */
  | { readonly kind: "cut" }
  /** The webhook is switched off, as after too many failures. */
  | { readonly kind: "deactivate" };

/** When it happens. */
export interface FaultTiming {
  /** How often at most. @default without end */
  readonly times?: number | undefined;
  /** Of how many that fit, 0 to 1. @default 1 */
  readonly probability?: number | undefined;
  /** The same seed, the same choice. @default 1 */
  readonly seed?: number | undefined;
}

/** Something that is to go wrong from now on. */
export type Fault = FaultTiming &
  (
    | {
        readonly on: "call";
        readonly do: CallFault;
        /** What is absent does not matter; a path is met by what begins with it. `by` is `"bot"` or a display name. */
        readonly match?:
          | {
              readonly platform?: PlatformName;
              readonly method?: string;
              readonly path?: string;
              readonly by?: string;
            }
          | undefined;
      }
    | {
        readonly on: "delivery" | "socket";
        readonly do: DeliveryFault;
        readonly match?:
          | { readonly platform?: PlatformName; readonly resource?: string; readonly event?: string }
          | undefined;
      }
  );

/** What a fault may meet. */
export type Subject =
  | {
      readonly on: "call";
      readonly platform: PlatformName;
      readonly method: string;
      readonly path: string;
      readonly by: string;
    }
  | {
      readonly on: "delivery" | "socket";
      readonly platform: PlatformName;
      readonly resource: string;
      readonly event: string;
    };

/** Whether it is about this one. */
export function meets({ on, match = {} }: Fault, subject: Subject): boolean {
  if (on !== subject.on) return false;
  return Object.entries(match).every(([name, wanted]) => {
    const actual: unknown = Reflect.get(subject, name);
    if (wanted === undefined) return true;
    return name === "path" ? String(actual).startsWith(wanted) : actual === wanted;
  });
}
