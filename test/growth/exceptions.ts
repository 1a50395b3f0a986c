/** Folders whose functions read no text of people, and why. */
export const EXCEPTED_FOLDERS: Readonly<Record<string, string>> = {
  "cards/builder/": "an author's code calls it with an author's texts",
  "cli/": "the operator's own arguments and answers to them",
  "config/": "the operator's settings",
  "inbox/": "our own keys and records: an event's content is stored, not read",
  "load/": "the modules of the bots' authors",
  "playground/": "a server for development, which reads text for the page and for tests only",
  "testing/": "the test kit",
  "watchdog/": "stacks and paths of the program's own code",
};

const AUTHORS = "an author's text, which is read when a bot or a card is loaded";
const TEMPLATES = "an author's card; what people wrote is a value in it, which is put in and not read";
const OPERATORS = "an address or a setting of the operator";
const LISTS = "our own lists and ids; what people wrote is passed on";
const COMPOSED = "passes text to functions that are covered";

const BY_REASON: readonly (readonly [reason: string, functions: readonly string[]])[] = [
  [
    AUTHORS,
    [
      ..."readCardFile:card-file cardRules:card-rules checkCard:check-card plainFault:check-value wordFault:check-value oneOf:check-value splitExpressions:expression-text composeTemplate:include JsonSourceError:json-source parseJsonSource:json-source loadCards:load readCards:load previewCards:preview isInputType:schema/families prepareTemplate:template findBrokenExpressions:template conditionRules:condition-rules isConstant:condition-rules isFunction:engine isFilledLater:rule textRules:text-rules"
        .split(" ")
        .map((one) => one.split(":"))
        .map(([name, file]) => `cards/${file}.ts#${name}`),
      "cards/engine.ts#addFunction",
      "cards/pattern.ts#isExponential",
      "cards/pattern.ts#patternFault",
      "core/build-bot.ts#buildBot",
      "core/call-arguments.ts#checkButtonRules",
      "core/compiled-file.ts#compiledFile",
      "core/command-pattern.ts#parseCommandPattern",
      "core/definition-checks.ts#checkKeys",
      "core/definition-checks.ts#checkOptions",
      "core/definition-checks.ts#checkTexts",
      "core/event-names.ts#checkEventName",
      "core/inputs.ts#isInputType",
      "core/load-error.ts#shownPath",
      "core/policy.ts#checkPolicy",
    ],
  ],
  [
    TEMPLATES,
    [
      "cards/conform.ts#conform",
      "cards/engine.ts#expandPlainly",
      "cards/fallback-text.ts#fallbackText",
      "cards/fill-card.ts#fillCard",
      "cards/fill-card.ts#toCard",
      "cards/fill-card.ts#wordsOf",
      "cards/json-card.ts#toCardFromJson",
      "cards/json-values.ts#members",
      "cards/json-values.ts#shown",
      "cards/merge-data.ts#mergeData",
      "core/buttons/form.ts#correctedForm",
      "core/buttons/seal.ts#ButtonSeal",
      "core/buttons/same-card.ts#isSameCard",
      "core/buttons/submits.ts#hasInputs",
      "core/buttons/submits.ts#isInput",
      "core/buttons/submits.ts#withSubmitData",
      "core/reply-content.ts#readCard",
      "core/reply-content.ts#readReply",
    ],
  ],
  [
    OPERATORS,
    [
      "core/accounts.ts#checkAccountName",
      "core/buttons/keyring.ts#createKeyring",
      "http/server.ts#listen",
      "platforms/api/dispatcher.ts#createDispatcher",
      "platforms/api/dispatcher.ts#proxyHostFor",
      "platforms/webex/webhooks/ownership.ts#createOwnership",
      "platforms/webex/webhooks/ping.ts#ping",
      "platforms/webex/webhooks/shown-address.ts#shownAddress",
      "platforms/webex/webhooks/subscriptions.ts#subscriptionsFor",
      "platforms/webex/websocket/catalog.ts#readCatalog",
      "platforms/webex/websocket/frames.ts#authorization",
    ],
  ],
  [
    LISTS,
    [
      "core/admission.ts#admit",
      "core/asking.ts#AskingSlot",
      "core/buttons/token.ts#fingerprint",
      "core/catch-up/checkpoints.ts#Checkpoints",
      "core/catch-up/round.ts#Round",
      "core/errors.ts#UnknownStepError",
      "core/files.ts#messageFiles",
      "core/handler-context.ts#HandlerContext",
      "core/journal.ts#Journal",
      "core/activity.ts#rowsOf",
      "core/posted-messages.ts#PostedMessages",
      "core/receipts.ts#Receipts",
      "core/sent-search.ts#searchSent",
      "platforms/intercom/parse.ts#happenedAt",
      "platforms/webex/parse.ts#happenedAt",
      "platforms/webex/parse.ts#receiptOf",
      "core/outbox.ts#Outbox",
      "core/policy.ts#refusal",
      "core/receive.ts#receive",
      "core/record-keys.ts#createRecordKeys",
      "platforms/api/exchange.ts#Exchange",
      "platforms/api/form.ts#createForm",
      "platforms/webex/missed.ts#listWritten",
      "platforms/webex/websocket/activity.ts#toEnvelopes",
      "platforms/webex/websocket/frames.ts#acknowledgement",
      "platforms/webex/websocket/frames.ts#ping",
    ],
  ],
  [
    COMPOSED,
    [
      "core/dispatch.ts#createDispatch",
      "core/errors.ts#HandlerError",
      "core/errors.ts#describe",
      "core/author-line.ts#findAuthorLine",
      "core/author-line.ts#findNearestLine",
      "core/author-line.ts#isFrameworkFile",
      "core/author-line.ts#isPackageFile",
      "core/failures/retry-policy.ts#attemptsWorth",
      "core/failures/thrown-value.ts#chainOf",
      "core/failures/thrown-value.ts#classOf",
      "core/failures/thrown-value.ts#codeOf",
      "core/choices/board.ts#MenuBoard",
      "core/choices/chooser.ts#Chooser",
      "platforms/intercom/complete.ts#completeEvent",
      "platforms/intercom/find-sent.ts#findSent",
      "platforms/intercom/parse.ts#toMessageNotice",
      "platforms/intercom/render.ts#toReply",
      "platforms/spika/render.ts#toSpikaMessage",
      "platforms/webex/card-of.ts#cardOf",
      "platforms/webex/fetch.ts#fetchEvent",
      "platforms/webex/find-sent.ts#findSent",
      "platforms/webex/find-sent.ts#isAnswer",
      "text/block-writer.ts#BlockWriter",
      "text/read-blocks.ts#readBlocks",
    ],
  ],
  [
    "an author's expression reads the text, and is stopped when its time is over",
    ["core/bounded-regexp.ts#BoundedText", "core/heard-expressions.ts#HeardExpressions"],
  ],
  ["a header, of which Node's HTTP client reads 16 kB at most", ["platforms/api/answer.ts#nextPathOf"]],
];

/** Functions that are not measured, and why. */
export const EXCEPTED: ReadonlyMap<string, string> = new Map(
  BY_REASON.flatMap(([reason, functions]) => functions.map((id): [string, string] => [id, reason])),
);
