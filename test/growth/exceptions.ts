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
      ..."readCardFile:card-file cardRules:card-rules checkCard:check-card plainFault:check-value wordFault:check-value oneOf:check-value splitExpressions:expression-text composeTemplate:include JsonSourceError:json-source parseJsonSource:json-source loadCards:load readCards:load previewCards:preview isInputType:schema/families prepareTemplate:template findBrokenExpressions:template conditionRules:condition-rules isConstant:condition-rules isFunction:engine isFilledLater:rule findInvalidDates:date-macros textRules:text-rules"
        .split(" ")
        .map((one) => one.split(":"))
        .map(([name, file]) => `cards/${file}.ts#${name}`),
      "cards/engine.ts#addFunction",
      "cards/pattern.ts#isExponential",
      "cards/pattern.ts#patternFault",
      "core/handle/build-bot.ts#buildBot",
      "core/reply/call-arguments.ts#checkCardButtonOptions",
      "core/util/compiled-file.ts#compiledFile",
      "core/contract/command-pattern.ts#parseCommandPattern",
      "core/contract/check-options.ts#checkKeys",
      "core/contract/check-options.ts#checkOptions",
      "core/contract/check-options.ts#checkTexts",
      "core/contract/event-names.ts#checkEventName",
      "core/cards/form/read-inputs.ts#isInputType",
      "core/contract/load-error.ts#shownPath",
      "core/handle/access-policy.ts#checkPolicy",
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
      "cards/map-card.ts#mapCard",
      "cards/map-card.ts#mapPart",
      "cards/merge-data.ts#mergeData",
      "core/cards/corrected-form.ts#correctedForm",
      "core/cards/button-signer.ts#ButtonSigner",
      "core/cards/same-card.ts#isSameCard",
      "core/cards/submit-actions.ts#hasInputs",
      "core/cards/submit-actions.ts#isInput",
      "core/cards/submit-actions.ts#withSubmitData",
      "core/reply/reply-content.ts#readCard",
      "core/reply/reply-content.ts#readReply",
    ],
  ],
  [
    OPERATORS,
    [
      "core/contract/account.ts#checkAccountName",
      "core/cards/keyring.ts#createKeyring",
      "http/server.ts#listen",
      "platforms/api/dispatcher.ts#createDispatcher",
      "platforms/api/dispatcher.ts#proxyHostFor",
      "platforms/webex/webhooks/ownership.ts#createOwnership",
      "platforms/webex/webhooks/ping.ts#ping",
      "platforms/webex/webhooks/redact-url.ts#shownAddress",
      "platforms/webex/webhooks/subscriptions.ts#subscriptionsFor",
      "platforms/webex/websocket/catalog.ts#readCatalog",
      "platforms/webex/websocket/frames.ts#authorization",
    ],
  ],
  [
    LISTS,
    [
      "core/handle/check-access.ts#checkAccess",
      "core/state/pending-question.ts#QuestionSlot",
      "core/cards/button-token.ts#fingerprint",
      "core/receive/catch-up/checkpoints.ts#Checkpoints",
      "core/receive/catch-up/catch-up-run.ts#CatchUpRun",
      "core/contract/errors.ts#UnknownStepError",
      "core/contract/files.ts#messageFiles",
      "core/reply/handler-context.ts#HandlerContext",
      "core/reply/journal.ts#Journal",
      "core/handle/activity.ts#rowsOf",
      "core/reply/posted-messages.ts#PostedMessages",
      "core/reply/receipts.ts#Receipts",
      "core/reply/sent-search.ts#searchSent",
      "platforms/intercom/parse.ts#happenedAt",
      "platforms/webex/parse.ts#happenedAt",
      "platforms/webex/parse.ts#receiptOf",
      "core/reply/outbox.ts#Outbox",
      "core/handle/access-policy.ts#refusal",
      "core/receive/receive.ts#receive",
      "core/state/record-keys.ts#createRecordKeys",
      "platforms/api/http-request.ts#Exchange",
      "platforms/api/form.ts#createForm",
      "platforms/webex/history.ts#listWritten",
      "platforms/webex/websocket/activity.ts#toEnvelopes",
      "platforms/webex/websocket/frames.ts#acknowledgement",
      "platforms/webex/websocket/frames.ts#ping",
    ],
  ],
  [
    COMPOSED,
    [
      "core/handle/dispatch.ts#createDispatch",
      "core/contract/errors.ts#HandlerError",
      "core/contract/errors.ts#describeError",
      "core/util/author-line.ts#findAuthorLine",
      "core/util/author-line.ts#findNearestLine",
      "core/util/author-line.ts#isFrameworkFile",
      "core/util/author-line.ts#isPackageFile",
      "core/handle/failures/retry-policy.ts#attemptsWorth",
      "core/util/thrown-value.ts#chainOf",
      "core/util/thrown-value.ts#classOf",
      "core/util/thrown-value.ts#codeOf",
      "core/cards/text/text-card-renderer.ts#TextCardRenderer",
      "core/cards/text/text-card-answers.ts#TextCardAnswers",
      "core/cards/text/text-card.ts#writeMenu",
      "platforms/intercom/complete.ts#completeEvent",
      "platforms/intercom/find-sent.ts#findSent",
      "platforms/intercom/parse.ts#toMessageNotice",
      "platforms/webex/card-of.ts#cardOf",
      "platforms/webex/fetch.ts#fetchEvent",
      "text/block-writer.ts#BlockWriter",
      "text/read-blocks.ts#readBlocks",
    ],
  ],
  [
    "an author's expression reads the text, and is stopped when its time is over",
    ["core/util/bounded-regexp.ts#BoundedText", "core/handle/heard-expressions.ts#HeardExpressions"],
  ],
  ["a header, of which Node's HTTP client reads 16 kB at most", ["platforms/api/answer.ts#nextPathOf"]],
];

/** Functions that are not measured, and why. */
export const EXCEPTED: ReadonlyMap<string, string> = new Map(
  BY_REASON.flatMap(([reason, functions]) => functions.map((id): [string, string] => [id, reason])),
);
