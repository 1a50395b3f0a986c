/** The functions of `src` that read text from outside, and how each of them is called with a text. */

import { normalizeDates, writeDates } from "../../src/cards/date-macros";
import { escapeCardText } from "../../src/cards/escape-text";
import { readToken } from "../../src/core/cards/button-token";
import { cardActions, cardInputs, outlineOf } from "../../src/core/cards/form/card-actions";
import { toCardInput, withRulesOnly } from "../../src/core/cards/form/card-input";
import { checkForm } from "../../src/core/cards/form/check-form";
import { checkInput, isEmptyValue } from "../../src/core/cards/form/check-input";
import { readClick, readInputs } from "../../src/core/cards/form/read-inputs";
import { readDate, readNumber, readTime } from "../../src/core/cards/form/value-forms";
import { createKeyring } from "../../src/core/cards/keyring";
import { isSameJson, tokensIn } from "../../src/core/cards/same-card";
import { cardText } from "../../src/core/cards/text/card-to-text";
import { foldCase, normalizeText, parseOrdinal } from "../../src/core/cards/text/normalize-text";
import { chosen, toMenu } from "../../src/core/cards/text/text-card";
import { parseAnswer } from "../../src/core/cards/text/text-input";
import { defineBot } from "../../src/core/contract/bot";
import type { CardInput } from "../../src/core/contract/clicked-form";
import { parseCommandPattern, readArguments, splitWords } from "../../src/core/contract/command-pattern";
import { parseJson, toJsonValue } from "../../src/core/contract/json";
import { escapeMarkdown, md, mention } from "../../src/core/contract/markdown";
import type { JsonObject } from "../../src/core/contract/notice";
import { buildBot } from "../../src/core/handle/build-bot";
import { CommandIndex } from "../../src/core/handle/command-index";
import { describeFailure } from "../../src/core/handle/failures/describe-failure";
import { retryAfterOf } from "../../src/core/handle/failures/retry-policy";
import { asksForHelp, helpOnCommand } from "../../src/core/handle/help-text";
import { nearestCommand } from "../../src/core/handle/nearest-command";
import { findMarkRanges } from "../../src/core/reply/mark-ranges";
import { splitText } from "../../src/core/reply/split-text";
import { sourceLines } from "../../src/core/util/call-site";
import { stripLastSlashes } from "../../src/core/util/strip-slashes";
import { didYouMean, meantOr, suggest } from "../../src/core/util/suggest-name";
import { shorten } from "../../src/core/util/thrown-value";
import { tokenize as spokenWordsOf } from "../../src/core/util/tokenize";
import { pathBelow, readBody, toApiError } from "../../src/platforms/api/answer";
import { fileNameIn, safeFileName } from "../../src/platforms/api/content-disposition";
import { statedFileInfo } from "../../src/platforms/api/file-info";
import { mediaTypeOf } from "../../src/platforms/api/media-type";
import { parseReset, parseRetryAfter } from "../../src/platforms/api/retry";
import { isSameText } from "../../src/platforms/api/same-text";
import { strings } from "../../src/platforms/api/wire";
import { isKeptByIntercom } from "../../src/platforms/intercom/attachments";
import { beginningOf, idOf, isHandledByOthers, partsOf, secondsOf } from "../../src/platforms/intercom/item";
import { parseNotice as parseIntercom } from "../../src/platforms/intercom/parse";
import { wordsOf as intercomWordsOf } from "../../src/platforms/intercom/render";
import { parsePerson, listOf as readList } from "../../src/platforms/intercom/resources/people";
import { readBody as readIntercomBody, toBody, toText } from "../../src/platforms/intercom/text";
import { createVerifier as createIntercomVerifier } from "../../src/platforms/intercom/verify";
import { completeEvent } from "../../src/platforms/spika/complete";
import { readSpikaEnvelope } from "../../src/platforms/spika/envelope";
import { parseGlobalEvent } from "../../src/platforms/spika/global-bot";
import { withoutMention } from "../../src/platforms/spika/mention";
import { parseNotice as parseSpika } from "../../src/platforms/spika/parse";
import { createPathVerifier } from "../../src/platforms/spika/verify";
import { isBotEmail } from "../../src/platforms/webex/bot-email";
import { readMessageHtml, splitMentions } from "../../src/platforms/webex/html";
import { clusterOf, isSameId, uuidOf } from "../../src/platforms/webex/ids";
import { locate } from "../../src/platforms/webex/locate";
import { readText } from "../../src/platforms/webex/mention";
import { describedPerson, parseNotice as parseWebex, toNotice } from "../../src/platforms/webex/parse";
import { parseMessage } from "../../src/platforms/webex/resources/messages";
import { createVerifier as createWebexVerifier } from "../../src/platforms/webex/verify";
import { createPong } from "../../src/platforms/webex/webhooks/ping";
import { afterClose } from "../../src/platforms/webex/websocket/close-codes";
import { readFrame } from "../../src/platforms/webex/websocket/frames";
import { cardMarkdownToText } from "../../src/text/card-markdown";
import { markdownToText } from "../../src/text/markdown-to-text";
import { countMarks } from "../../src/text/read-blocks";
import { isEmoji, readHtml } from "../../src/text/read-html";
import { routeOf } from "./router";

type Call = (text: string) => unknown;

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const delivery = (headers: Readonly<Record<string, readonly string[]>>, body = "{}") => ({
  headers,
  body: Buffer.from(body),
});
const keyring = createKeyring(["a secret of the test"]);
const webex = { name: "webex", account: "default" };
const spika = { name: "spika", account: "default", botUserIds: new Set<string>() };
const intercom = { name: "intercom", account: "default", appId: undefined };
const own = { id: "B", emails: ["bot@webex.bot"], displayName: "Night Porter" };
const listOf = (text: string): string[] => text.match(/.{1,8}/gsu) ?? [];

const input = (type: CardInput["type"]): CardInput => ({
  id: "x",
  type,
  label: "X",
  required: true,
  isAsked: true,
  initial: "",
  options: [
    { title: "One", value: "1" },
    { title: "Two", value: "2" },
  ],
});
const answers = (["text", "number", "date", "time", "toggle", "choice", "choices"] as const).map(input);

const formOf = (text: string) => ({
  body: [
    { type: "Input.Text", id: "x", label: text, value: text },
    {
      type: "Input.ChoiceSet",
      id: "choices",
      isMultiSelect: true,
      choices: listOf(text).map((one) => ({ title: one, value: one })),
    },
  ],
  actions: [{ type: "Action.Submit", title: text, data: { bellhop: text } }],
});

const patterns = ["string", "number", "integer", "boolean", "email"].map((type) =>
  parseCommandPattern(`x <a:${type}> [b...]`),
);
const inputTypes = {
  a: "string",
  b: "number",
  c: "integer",
  d: "boolean",
  e: "date",
  f: "time",
  g: "list",
} as const;

const messageOf = (text: string): object => ({
  id: "M",
  roomId: "R",
  personId: "P",
  text,
  html: text,
  mentionedPeople: ["B"],
});
const envelopeOf = (text: string) => ({
  resource: "messages",
  event: "updated",
  data: { id: "M", roomId: "R", title: text },
});
const item = (text: string): object => ({
  id: "1",
  source: { body: text, author: { type: "user", id: "c", email: text } },
});

const helpful = buildBot(
  "test",
  defineBot((bot) => {
    bot.command("expense <amount:number>", { help: "File an expense" }, () => {});
    bot.command("show weather", () => {});
  }),
);

const commandIndex = new CommandIndex();
for (const route of helpful.routes) if (route.kind === "command") commandIndex.add(route);

export const COVERED: Readonly<Record<string, Call>> = {
  "core/cards/button-token.ts#readToken": (text) => keyring && readToken(keyring, text),
  "core/cards/text/card-to-text.ts#cardText": (text) =>
    cardText({ body: listOf(text).map((one) => ({ type: "TextBlock", text: one })) }),
  "core/cards/text/text-input.ts#parseAnswer": (text) => answers.map((one) => parseAnswer(one, text)),
  "core/cards/form/card-input.ts#toCardInput": (text) =>
    toCardInput({ id: "x", type: "Input.Text", label: text, value: text }),
  "core/cards/text/text-card.ts#chosen": (text) => chosen([{ title: "One" }, { title: "Two" }], text),
  "core/cards/text/text-card.ts#toMenu": (text) =>
    toMenu({
      body: [{ type: "TextBlock", text }],
      actions: [{ type: "Action.Submit", title: text, data: { text } }],
    }),
  "core/cards/text/normalize-text.ts#foldCase": foldCase,
  "core/cards/text/normalize-text.ts#normalizeText": normalizeText,
  "core/cards/text/normalize-text.ts#parseOrdinal": parseOrdinal,
  "core/handle/command-index.ts#CommandIndex": (text) => commandIndex.find(text),
  "core/contract/command-pattern.ts#readArguments": (text) => {
    const words = splitWords(`x ${text}`);
    return patterns.map((pattern) =>
      readArguments(pattern, `x ${text}`, [{ text: "x", at: 0 }, { text, at: 2 }, ...words]),
    );
  },
  "core/contract/command-pattern.ts#splitWords": (text) => splitWords(text),
  "core/cards/same-card.ts#tokensIn": (text) => tokensIn(formOf(text)),
  "core/cards/same-card.ts#isSameJson": (text) => isSameJson(formOf(text), formOf(text)),
  "core/cards/form/card-actions.ts#cardActions": (text) => cardActions(formOf(text)),
  "core/cards/form/card-actions.ts#cardInputs": (text) => cardInputs(formOf(text)),
  "core/cards/form/card-actions.ts#outlineOf": (text) => outlineOf(formOf(text)),
  "core/cards/form/card-input.ts#withRulesOnly": (text) => withRulesOnly({ [text]: text, label: text }),
  "core/cards/form/check-input.ts#checkInput": (text) => answers.map((one) => checkInput(one, text)),
  "core/cards/form/check-input.ts#isEmptyValue": isEmptyValue,
  "core/cards/form/check-form.ts#checkForm": (text) =>
    checkForm(formOf(text), () => true, { entered: { x: text, choices: text }, data: {} }),
  "core/cards/form/value-forms.ts#readDate": readDate,
  "core/cards/form/value-forms.ts#readNumber": readNumber,
  "core/cards/form/value-forms.ts#readTime": readTime,
  "core/handle/help-text.ts#asksForHelp": asksForHelp,
  "core/cards/form/read-inputs.ts#readClick": (text) =>
    readClick(inputTypes, { inputs: Object.fromEntries(Object.keys(inputTypes).map((id) => [id, text])) }),
  "core/handle/help-text.ts#helpOnCommand": (text) => helpOnCommand(`help ${text}`, [helpful]),
  "core/cards/form/read-inputs.ts#readInputs": (text) => {
    const ids = Object.keys(inputTypes);
    return readInputs(inputTypes, Object.fromEntries(ids.map((id) => [id, text])));
  },
  "core/contract/json.ts#parseJson": (text) => [
    parseJson(json([text, { [text]: text }])),
    parseJson(Buffer.from(text)),
  ],
  "core/contract/json.ts#toJsonValue": toJsonValue,
  "core/reply/mark-ranges.ts#findMarkRanges": (text) => findMarkRanges(text, false, 1e9),
  "core/contract/markdown.ts#escapeMarkdown": escapeMarkdown,
  "core/contract/markdown.ts#md": (text) => md`${text}`,
  "core/contract/markdown.ts#mention": (text) => mention({ id: "x", displayName: text }),
  "core/handle/nearest-command.ts#nearestCommand": (text) => nearestCommand(text, [helpful]),
  "core/handle/router.ts#createRouter": routeOf,
  "core/reply/split-text.ts#splitText": (text) => splitText(text, 1_000),
  "core/util/suggest-name.ts#didYouMean": (text) => didYouMean(text, ["expense", "weather"]),
  "core/util/suggest-name.ts#meantOr": (text) => meantOr("", text, ["expense", "weather"]),
  "core/util/suggest-name.ts#suggest": (text) => suggest(text, ["expense", "weather"]),
  "core/util/strip-slashes.ts#stripLastSlashes": stripLastSlashes,
  "core/util/tokenize.ts#tokenize": spokenWordsOf,
  "platforms/api/answer.ts#pathBelow": (text) => pathBelow("https://example.com", text),
  "platforms/api/answer.ts#readBody": (text) =>
    readBody("call", { status: 200, headers: {}, body: json([text]) }),
  "platforms/api/answer.ts#toApiError": (text) =>
    toApiError("call", { status: 400, headers: {}, body: json({ message: text }) }, 0),
  "platforms/api/content-disposition.ts#fileNameIn": fileNameIn,
  "platforms/api/content-disposition.ts#safeFileName": safeFileName,
  "platforms/api/file-info.ts#statedFileInfo": (text) => statedFileInfo(text, text, text.length),
  "platforms/api/media-type.ts#mediaTypeOf": mediaTypeOf,
  "platforms/api/retry.ts#parseReset": (text) => parseReset(text, 0),
  "platforms/api/retry.ts#parseRetryAfter": (text) => parseRetryAfter(text, 0),
  "platforms/api/same-text.ts#isSameText": (text) => isSameText(text, `${text}x`),
  "platforms/api/wire.ts#strings": (text) => strings({ list: listOf(text) }, "list"),
  "platforms/intercom/attachments.ts#isKeptByIntercom": (text) => [
    isKeptByIntercom(text, "https://api.intercom.io"),
    isKeptByIntercom(`https://${text}.com/${text}`, "https://api.intercom.io"),
  ],
  "platforms/intercom/item.ts#beginningOf": (text) => beginningOf(JSON.parse(JSON.stringify(item(text)))),
  "platforms/intercom/item.ts#idOf": idOf,
  "platforms/intercom/item.ts#partsOf": (text) =>
    partsOf({ conversation_parts: listOf(text).map((body) => ({ id: "1", body })) }),
  "platforms/intercom/item.ts#secondsOf": secondsOf,
  "platforms/intercom/parse.ts#parseNotice": (text) =>
    parseIntercom(json({ topic: "conversation.user.created", data: { item: item(text) } }), intercom),
  "platforms/intercom/render.ts#wordsOf": (text) => intercomWordsOf({ markdown: text }),
  "platforms/intercom/resources/people.ts#listOf": (text) =>
    readList("data", parsePerson)({ data: [{ id: "1", name: text }] }),
  "platforms/intercom/resources/people.ts#parsePerson": (text) =>
    parsePerson({ id: "1", name: text, email: text }),
  "platforms/intercom/text.ts#readBody": (text) =>
    readIntercomBody(`<p>${text}</p><p><img src="${text}" alt="${text}"></p>`, () => true),
  "platforms/intercom/text.ts#toBody": toBody,
  "platforms/intercom/text.ts#toText": (text) => [toText(text), toText(`<p>${text}</p>`)],
  "platforms/intercom/verify.ts#createVerifier": (text) =>
    createIntercomVerifier(["secret"])(delivery({ "x-hub-signature": [text] })),
  "platforms/intercom/item.ts#isHandledByOthers": (text) => isHandledByOthers(item(text) as JsonObject, "1"),
  "platforms/spika/mention.ts#withoutMention": (text) => withoutMention(text, "Kitchen Bot"),
  "platforms/spika/complete.ts#completeEvent": (text) => {
    const body = json({ message: { id: 1, roomId: 1, fromUserId: 1, type: "text", body: { text } } });
    return completeEvent(parseSpika(body, spika), "https://chat.example.com", "Kitchen Bot");
  },
  "platforms/spika/envelope.ts#readSpikaEnvelope": (text) =>
    readSpikaEnvelope(json({ message: { text }, headers: { [text]: text } })),
  "platforms/spika/global-bot.ts#parseGlobalEvent": (text) =>
    parseGlobalEvent(
      json({ event: "newMessage", data: { fromUserId: 1, users: listOf(text).map((name) => ({ name })) } }),
      spika,
    ),
  "platforms/spika/parse.ts#parseNotice": (text) =>
    parseSpika(json({ message: { id: 1, roomId: 1, fromUserId: 1, type: text, body: { text } } }), spika),
  "platforms/spika/verify.ts#createPathVerifier": createPathVerifier("a".repeat(32)),
  "core/util/call-site.ts#sourceLines": (text) =>
    sourceLines(`Error: ${text}\n    at ${text}\n    at a (/${text}:1:2)`),
  "core/handle/failures/describe-failure.ts#describeFailure": (text) =>
    describeFailure(Object.assign(new Error(text), { stack: `Error: ${text}\n    at ${text}` })),
  "core/handle/failures/retry-policy.ts#retryAfterOf": (text) =>
    retryAfterOf({ response: { headers: { "retry-after": text } } }),
  "core/util/thrown-value.ts#shorten": (text) => shorten(text, text.length - 1),
  "platforms/webex/bot-email.ts#isBotEmail": isBotEmail,
  "platforms/webex/html.ts#readMessageHtml": (text) => readMessageHtml(text, () => true),
  "platforms/webex/html.ts#splitMentions": (text) => splitMentions(text, () => true),
  "platforms/webex/ids.ts#clusterOf": clusterOf,
  "platforms/webex/ids.ts#isSameId": (text) => isSameId(text, `${text}x`),
  "platforms/webex/ids.ts#uuidOf": uuidOf,
  "platforms/webex/locate.ts#locate": (text) =>
    locate(
      text,
      listOf(text).map((one) => ({ text: `${one}?` })),
      () => true,
    ),
  "platforms/webex/mention.ts#readText": (text) => readText(parseMessage(messageOf(text)), own),
  "platforms/webex/parse.ts#describedPerson": (text) => describedPerson("P", { personEmail: text }),
  "platforms/webex/parse.ts#parseNotice": (text) => parseWebex(json(envelopeOf(text)), webex),
  "platforms/webex/parse.ts#toNotice": (text) => toNotice(envelopeOf(text), webex),
  "platforms/webex/resources/messages.ts#parseMessage": (text) => parseMessage(messageOf(text)),
  "platforms/webex/verify.ts#createVerifier": (text) =>
    createWebexVerifier(["secret"])(delivery({ "x-webex-signature": [text], "x-spark-signature": [text] })),
  "platforms/webex/webhooks/ping.ts#createPong": (text) => createPong(["secret"])(delivery({}, text)),
  "platforms/webex/websocket/close-codes.ts#afterClose": (text) => afterClose(1_000, text),
  "platforms/webex/websocket/frames.ts#readFrame": (text) =>
    readFrame(
      json({
        data: { headers: { [text]: text, ...Object.fromEntries(listOf(text).map((one) => [one, one])) } },
      }),
    ),
  "cards/date-macros.ts#normalizeDates": normalizeDates,
  "cards/date-macros.ts#writeDates": (text) => writeDates(text),
  "cards/escape-text.ts#escapeCardText": escapeCardText,
  "text/card-markdown.ts#cardMarkdownToText": cardMarkdownToText,
  "text/markdown-to-text.ts#markdownToText": markdownToText,
  "text/read-blocks.ts#countMarks": (text) => countMarks(text),
  "text/read-html.ts#isEmoji": isEmoji,
  "text/read-html.ts#readHtml": (text) => readHtml(text, () => undefined),
};
