import { type ClusteredType, toId } from "./ids";
import type { AttachmentAction, Membership, Message, Room } from "./records";
import type { Store } from "./store";

/** Something happened; timeline and webhooks hear of it. `actorId` is whoever caused it. */
export type Change = { readonly actorId: string } & (
  | { readonly kind: "message.created" | "message.updated" | "message.deleted"; readonly message: Message }
  | { readonly kind: "room.created" | "room.updated"; readonly room: Room }
  | {
      readonly kind: "membership.created" | "membership.updated" | "membership.deleted";
      readonly membership: Membership;
    }
  | {
      readonly kind: "attachmentAction.created";
      readonly action: AttachmentAction;
      readonly posterId: string;
    }
);

/** What every rule of the service needs: what there is, what time it is, and somebody to tell. */
export interface Webex {
  readonly store: Store;
  /** The one organisation that everybody here belongs to. */
  readonly orgId: string;
  /** Where rooms, and all that is in them, are kept: `"us"`, `"urn:TEAM:us-west-2_r"`. */
  readonly cluster: string;
  /** Root of this API as others reach it, no trailing slash: file URLs and `Link` headers start with it. */
  readonly apiUrl: string;
  /** Milliseconds since 1970. */
  now(): number;
  publish(change: Change): void;
}

/** An id of what is kept in the cluster; a new one unless the key is given. */
export function newId(webex: Webex, type: ClusteredType, key?: string): string {
  return toId(type, key, webex.cluster);
}

/** The time as Webex writes it. */
export function timestamp(webex: Webex): string {
  return new Date(webex.now()).toISOString();
}
