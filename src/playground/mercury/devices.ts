import { randomUUID } from "node:crypto";
import { ApiError, notFound } from "../webex/api-error";
import type { Person } from "../webex/records";

/** Something that events are sent to: a client registers one and connects to its address. */
export interface Device {
  readonly id: string;
  readonly owner: Person;
  /** What the client said of it. */
  description: Readonly<Record<string, unknown>>;
}

/** As many as Webex lets one person have. */
const mostDevices = 100;

/** The devices of everybody. */
export class Devices {
  readonly #devices = new Map<string, Device>();

  create(owner: Person, description: Readonly<Record<string, unknown>>): Device {
    if (this.of(owner).length >= mostDevices)
      throw new ApiError(403, "User has excessive device registrations");
    const device: Device = { id: randomUUID(), owner, description };
    this.#devices.set(device.id, device);
    return device;
  }

  /** Oldest first. */
  of(owner: Person): Device[] {
    return [...this.#devices.values()].filter((device) => device.owner.id === owner.id);
  }

  /** Whether it exists, whoever asks: the address alone opens no connection. */
  find(id: string): Device | undefined {
    return this.#devices.get(id);
  }

  get(owner: Person, id: string): Device {
    const device = this.#devices.get(id);
    if (device === undefined || device.owner.id !== owner.id) throw notFound();
    return device;
  }

  delete(device: Device): void {
    this.#devices.delete(device.id);
  }
}
