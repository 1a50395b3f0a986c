import { badRequest, forbidden, notFound } from "../webex/api-error";
import type { Fields } from "../webex/fields";
import { toId, uuidFor } from "../webex/ids";
import type { Person, Webhook } from "../webex/records";
import { newId, timestamp, type Webex } from "../webex/webex";
import { Deactivation } from "./deactivation";
import { type Filter, matches, parseFilter } from "./filter";
import type { Occurrence } from "./occurrence";
import { firehoseEvents, firehoseResources, resources } from "./resources";

/** A webhook and what its answer does not show. */
export interface WebhookRecord {
  readonly webhook: Webhook;
  readonly owner: Person;
  readonly filter: Filter;
  readonly deactivation: Deactivation;
}

/** A webhook as it is kept. How often it failed lately is forgotten. */
export interface WebhookState {
  readonly webhook: Webhook;
  readonly ownerId: string;
  readonly filter: Filter;
}

/** The webhooks of everybody: made, changed and listed by their creators, and asked who hears of what. */
export class WebhookRegistry {
  readonly #webex: Webex;
  readonly #records = new Map<string, WebhookRecord>();

  constructor(webex: Webex) {
    this.#webex = webex;
  }

  /** All of them, oldest first. */
  state(): WebhookState[] {
    return [...this.#records.values()].map(({ webhook, owner, filter }) => ({
      webhook,
      ownerId: owner.id,
      filter,
    }));
  }

  /** Has these in the place of what there was; not those of people who are not there. */
  restore(states: readonly WebhookState[]): void {
    this.#records.clear();
    for (const { webhook, ownerId, filter } of states) {
      const owner = this.#webex.store.people.get(ownerId);
      if (owner !== undefined)
        this.#records.set(webhook.id, { webhook, owner, filter, deactivation: new Deactivation() });
    }
  }

  /** The caller's own, oldest first. */
  list(caller: Person, query: Fields): Webhook[] {
    if (query.optionalWord("ownedBy", ["creator", "org"]) === "org")
      throw forbidden("Only an administrator may list the webhooks of the organisation.");
    return [...this.#records.values()].filter((one) => one.owner.id === caller.id).map((one) => one.webhook);
  }

  get(caller: Person, webhookId: string): Webhook {
    return this.#own(caller, webhookId).webhook;
  }

  create(caller: Person, fields: Fields): Webhook {
    const name = fields.string("name");
    const targetUrl = readTargetUrl(fields);
    const resource = fields.string("resource");
    const event = fields.string("event");
    const rule = readRule(resource, event);
    const source = fields.optionalString("filter");
    const secret = fields.optionalString("secret");
    if ((fields.optionalWord("ownedBy", ["creator", "org"]) ?? "creator") === "org")
      throw forbidden("Only an administrator may create a webhook of the organisation.");
    const filter = source ? parseFilter(this.#webex, caller, rule, source) : [];
    const webhook: Webhook = {
      id: newId(this.#webex, "WEBHOOK"),
      name,
      targetUrl,
      resource,
      event,
      ...(source ? { filter: source } : {}),
      ...(secret ? { secret } : {}),
      status: "active",
      created: timestamp(this.#webex),
      orgId: this.#webex.orgId,
      createdBy: caller.id,
      appId: toId(
        "APPLICATION",
        `C${uuidFor(`application ${caller.id}`).replaceAll("-", "").padEnd(64, "0")}`,
      ),
      ownedBy: "creator",
    };
    this.#records.set(webhook.id, { webhook, owner: caller, filter, deactivation: new Deactivation() });
    return webhook;
  }

  /** Changes name, target, secret; `status` takes `active` only, which wakes what was deactivated. The rest is ignored. */
  update(caller: Person, webhookId: string, fields: Fields): Webhook {
    const { webhook, deactivation } = this.#own(caller, webhookId);
    const name = fields.string("name");
    const targetUrl = readTargetUrl(fields);
    const secret = fields.optionalString("secret");
    const status = fields.optionalWord("status", ["active"]);
    webhook.name = name;
    webhook.targetUrl = targetUrl;
    if (secret) webhook.secret = secret;
    if (status === "active" && webhook.status === "inactive") {
      webhook.status = "active";
      deactivation.reactivated();
    }
    return webhook;
  }

  delete(caller: Person, webhookId: string): void {
    this.#records.delete(this.#own(caller, webhookId).webhook.id);
  }

  /** Whosever it is. */
  find(webhookId: string): WebhookRecord | undefined {
    return this.#records.get(webhookId);
  }

  /** All webhooks of these people. */
  ofAll(ownerIds: ReadonlySet<string>): WebhookRecord[] {
    return [...this.#records.values()].filter(({ owner }) => ownerIds.has(owner.id));
  }

  /** Every active webhook that is to hear of it. */
  listeners(occurrence: Occurrence): WebhookRecord[] {
    const found: WebhookRecord[] = [];
    for (const record of this.#records.values()) {
      if (record.webhook.status !== "active" || !watches(record.webhook, occurrence)) continue;
      if (occurrence.concerns(record.owner) && matches(record.filter, occurrence)) found.push(record);
    }
    return found;
  }

  #own(caller: Person, webhookId: string): WebhookRecord {
    const record = this.#records.get(webhookId);
    if (record === undefined || record.owner.id !== caller.id) throw notFound();
    return record;
  }
}

/** Whether a webhook is about such things, wherever they happen. */
export function watches(webhook: Webhook, occurrence: Occurrence): boolean {
  if (webhook.resource === "all")
    return firehoseResources.has(occurrence.resource) && firehoseEvents.has(occurrence.event);
  return (
    webhook.resource === occurrence.resource &&
    (webhook.event === "all" || webhook.event === occurrence.event)
  );
}

function readTargetUrl(fields: Fields): string {
  const targetUrl = fields.string("targetUrl");
  if (!/^https?:\/\//i.test(targetUrl) || !URL.canParse(targetUrl))
    throw badRequest("'targetUrl' must be an http or https URL.");
  return targetUrl;
}

function readRule(
  resource: string,
  event: string,
): { events: readonly string[]; filters: readonly string[] } {
  if (resource === "all") {
    if (event !== "all") throw badRequest("'event' must be all when 'resource' is all.");
    return { events: ["all"], filters: [] };
  }
  const rule = Object.hasOwn(resources, resource) ? resources[resource] : undefined;
  if (rule === undefined) throw badRequest("'resource' is not one that webhooks know.");
  const known = rule.events.includes(event) || (event === "all" && firehoseResources.has(resource));
  if (!known) throw badRequest(`'event' must be one of ${rule.events.join(", ")} for ${resource}.`);
  return rule;
}
