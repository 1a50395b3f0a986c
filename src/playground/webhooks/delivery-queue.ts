import { randomUUID } from "node:crypto";
import { BoundedMap, type Bounds } from "../bounded-map";
import type { DeliveryFault, PlatformName } from "../faults/fault";
import type { Faults } from "../faults/faults";
import { UnsteadyLine } from "../faults/on-deliveries";
import type { Delivery, Timeline } from "../timeline";
import { notFound } from "../webex/api-error";
import type { Sender, Sent } from "./sender";

/** Something that a receiver is to be told. */
export interface Parcel {
  readonly platform: PlatformName;
  readonly webhookId: string;
  readonly webhookName: string;
  readonly resource: string;
  readonly event: string;
  /** Id of what it is about. */
  readonly dataId: string;
  /** Asked for each time it goes out: it may have changed. */
  targetUrl(): string;
  readonly body: Buffer;
  /** @param isForged signed with a secret that is not the receiver's */
  headers(isForged: boolean): Readonly<Record<string, string>>;
  /** It was delivered, or was not. */
  ended?(delivery: Delivery): void;
  /** Whoever it was for is to be switched off. */
  deactivate?(): void;
}

export interface CourierParts {
  readonly sender: Sender;
  readonly timeline: Timeline;
  readonly faults: Faults;
  now(): number;
}

/** Parcels are kept, to be sent once more, as long as the timeline keeps deliveries. */
const KEPT: Bounds<Parcel> = { most: 2_000, mostBytes: 32 * 1024 * 1024, bytesOf: ({ body }) => body.length };

/** Brings parcels to their receivers, as well as the faults let it, and enters what came of it into the timeline. */
export class Courier {
  readonly #parts: CourierParts;
  /** By platform and webhook: what is out of order is so on one line. */
  readonly #lines = new Map<string, UnsteadyLine>();
  /** By id of the delivery. */
  readonly #sent = new BoundedMap<string, Parcel>(KEPT);

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Returns at once; the parcel goes its way. */
  post(parcel: Parcel): void {
    const { platform, resource, event, webhookId } = parcel;
    const faults: readonly DeliveryFault[] = this.#parts.faults.onDelivery(
      "delivery",
      platform,
      resource,
      event,
    );
    this.#lineTo(`${platform} ${webhookId}`).pass(faults, {
      send: (isCut) => this.#deliver(parcel, { isCut }),
      lose: () => void this.#enter(parcel, parcel.headers(false), LOST),
      deactivate: () => parcel.deactivate?.(),
    });
  }

  /**
   * Sends the same bytes once more.
   * @param isForged signed with another secret
   * @throws ApiError 404 when the delivery is not kept any more
   */
  async again(id: string, isForged: boolean): Promise<Delivery> {
    const parcel = this.#sent.get(id);
    if (parcel === undefined) throw notFound();
    return this.#deliver(parcel, { isForged });
  }

  close(): void {
    for (const line of this.#lines.values()) line.close();
  }

  async #deliver(
    parcel: Parcel,
    { isCut = false, isForged = false }: { readonly isCut?: boolean; readonly isForged?: boolean },
  ): Promise<Delivery> {
    const headers = parcel.headers(isForged);
    const sent = await this.#parts.sender.post(parcel.targetUrl(), headers, parcel.body, isCut);
    return this.#enter(parcel, headers, sent);
  }

  #enter(parcel: Parcel, headers: Delivery["headers"], sent: Sent): Delivery {
    const { webhookId, webhookName, resource, event, dataId, body } = parcel;
    const delivery: Delivery = {
      id: headers.TrackingID ?? randomUUID(),
      at: new Date(this.#parts.now()).toISOString(),
      ...{ webhookId, webhookName, resource, event, dataId },
      targetUrl: parcel.targetUrl(),
      ...sent,
      headers,
      body: body.toString(),
    };
    this.#sent.set(delivery.id, parcel);
    this.#parts.timeline.add("delivery", delivery);
    parcel.ended?.(delivery);
    return delivery;
  }

  #lineTo(webhook: string): UnsteadyLine {
    const line = this.#lines.get(webhook) ?? new UnsteadyLine();
    this.#lines.set(webhook, line);
    return line;
  }
}

/** Whether the receiver has taken it. */
export function isTaken({ status }: Delivery): boolean {
  return status !== null && status >= 200 && status < 300;
}

const LOST: Sent = { status: null, ms: 0, error: "the playground was asked to lose it" };
