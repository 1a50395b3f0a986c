import type { JsonObject } from "../../../core/contract/notice";
import { isFilled, string } from "../../api/wire";
import { type Parsed, parseCommon } from "../wire";
import { below, type Requests, type WebexCallOptions } from "./requests";

/** What somebody entered into a card. @see https://developer.webex.com/docs/api/v1/attachment-actions */
export interface WebexAttachmentAction extends Parsed {
  /** The card's message. */
  readonly messageId: string;
  readonly personId: string;
  readonly roomId: string;
  /** By input id, joined with the button's own data; Webex writes all of them as strings. */
  readonly inputs: JsonObject;
}

/** A press of a card's button. */
export interface NewWebexAttachmentAction {
  /** The card's message. */
  readonly messageId: string;
  readonly inputs: JsonObject;
}

export interface WebexAttachmentActions {
  get(id: string, options?: WebexCallOptions): Promise<WebexAttachmentAction>;
  /** Presses a button, as a person would: bots may not. */
  create(action: NewWebexAttachmentAction, options?: WebexCallOptions): Promise<WebexAttachmentAction>;
}

export function createAttachmentActions(requests: Requests): WebexAttachmentActions {
  const path = "/attachment/actions";
  return {
    get: (id, options) => requests.get(below(path, id), parseAttachmentAction, options),
    create: ({ messageId, inputs }, options) => {
      const json = { type: "submit", messageId, inputs };
      return requests.send({ method: "POST", path, json }, parseAttachmentAction, options);
    },
  };
}

export function parseAttachmentAction(value: unknown): WebexAttachmentAction {
  const common = parseCommon(value);
  const { raw } = common;
  return {
    ...common,
    messageId: string(raw, "messageId"),
    personId: string(raw, "personId"),
    roomId: string(raw, "roomId"),
    inputs: isFilled(raw.inputs) ? raw.inputs : {},
  };
}
