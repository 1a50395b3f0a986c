// What a bot's module gets when it imports "bellhop": everything but what puts a whole program together.

export {
  type Bot,
  type BotDefinition,
  type CommandContext,
  type CommandOptions,
  defineBot,
  type EventOf,
  type Handler,
  type HearsContext,
  type Next,
  type OnOptions,
} from "./core/bot";
export type { ArgsOf } from "./core/command-pattern";
export type {
  ActionContext,
  Context,
  MessageContext,
  ReplyContent,
  ReplyOptions,
} from "./core/context";
export {
  ApiError,
  BellhopError,
  CardError,
  ContentGoneError,
  ContextClosedError,
  HandlerError,
  HandlerTimeoutError,
  InboxError,
  MalformedDeliveryError,
  NetworkError,
  type RetryAdvice,
  SignatureError,
  UnknownAccountError,
  UnsupportedError,
} from "./core/errors";
export type {
  ActionEvent,
  BotEvent,
  MembershipEvent,
  Mention,
  Message,
  MessageDeletedEvent,
  MessageEvent,
  OtherEvent,
  Person,
  Room,
  RoomEvent,
  Target,
} from "./core/event";
export type { LogFields, Logger } from "./core/logger";
export { escapeMarkdown, md } from "./core/markdown";
export type { JsonObject, JsonValue, Notice } from "./core/notice";
export type { Addressee, Capabilities, Card, MessageRef, Outgoing, SentMessage } from "./core/platform";
export type { Policy } from "./core/policy";
