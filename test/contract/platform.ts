import {
  ApiError,
  ContentGoneError,
  MalformedDeliveryError,
  SignatureError,
  UnsupportedError,
} from "../../src/core/contract/errors";
import type { MessageEvent } from "../../src/core/contract/event";
import type { Notice } from "../../src/core/contract/notice";
import type { Card, Delivery, Platform } from "../../src/core/contract/platform";

/** A platform under test, and the chat behind it as its people see it. */
export interface PlatformUnderTest {
  /** Not opened yet. */
  readonly platform: Platform;
  /** What no message of an error may contain: tokens and secrets. */
  readonly secrets: readonly string[];
  /** A person writes to the bot in a room, the same one each time, and this is what the bot is sent. */
  says(text: string): Promise<Delivery>;
  /** The bot itself writes, and is told so. */
  botSays(text: string): Promise<Delivery>;
  /** A person writes, and it is gone before the bot can read it. */
  saysAndDeletes(text: string): Promise<Delivery>;
  /** A body as the platform would sign it. */
  signed(body: Buffer): Delivery;
  /** What the bot has written in rooms, oldest first. */
  posts(): Promise<readonly Post[]>;
  close(): Promise<void>;
}

export interface Post {
  readonly id: string;
  /** As text; formatting is the platform's business. */
  readonly text: string;
  readonly threadId?: string | undefined;
  readonly hasCard: boolean;
}

/** How a platform differs, each with the reason. */
export interface PlatformDifferences {
  /** The signature does not depend on the body. */
  readonly bodyNotSigned?: string;
  /** A delivery has it all, so that nothing can be gone when it is fetched. */
  readonly nothingToFetch?: string;
  /** Who somebody is can be asked nowhere; only what deliveries say is known. */
  readonly peopleNotAsked?: string;
}

const CARD: Card = {
  kind: "card",
  name: "inline",
  content: { type: "AdaptiveCard", version: "1.3", body: [{ type: "TextBlock", text: "Shall we?" }] },
  fallbackText: "Shall we?",
};

/** What every platform does, whatever it is called and however it talks. @param open makes one with a chat of its own */
export function platformContract(
  name: string,
  open: () => Promise<PlatformUnderTest>,
  differences: PlatformDifferences = {},
): void {
  describe(`${name} as a platform`, () => {
    const { signal } = new AbortController();
    let tested: PlatformUnderTest;
    let platform: Platform;

    beforeEach(async () => {
      tested = await open();
      platform = tested.platform;
      await platform.open(signal);
    });
    afterEach(async () => {
      await platform.close();
      await tested.close();
    });

    function noticeIn(delivery: Delivery): Notice {
      platform.verify(delivery);
      const notice = platform.parse(delivery);
      if (notice === undefined) throw new Error("nothing to handle was found in the delivery");
      return notice;
    }
    async function asked(text = "ping"): Promise<MessageEvent> {
      const event = await platform.fetch(noticeIn(await tested.says(text)), signal);
      if (event.kind !== "message") throw new Error(`fetched a ${event.kind}, expected a message`);
      return event;
    }
    const post = async (id: string): Promise<Post | undefined> =>
      (await tested.posts()).find((shown) => shown.id === id);

    it("says beforehand what it can do", () => {
      expect(platform.can.maxBytes).toBeGreaterThanOrEqual(64);
      expect(platform.name).toMatch(/^[a-z]+$/);
      expect(platform.account).not.toBe("");
    });

    it("makes keys that buttons are signed with, if it draws cards: the same each time, others for another purpose", () => {
      const [keys = [], again, other = []] = ["one", "one", "another"].map((purpose) =>
        platform.deriveKeys?.(purpose),
      );
      expect(keys.length > 0 || !platform.can.cards).toBe(true);
      // A click may come before the inbox knows its message.
      expect(platform.cardOf !== undefined || !platform.can.cards).toBe(true);
      expect(again ?? []).toEqual(keys);
      for (const [index, key] of keys.entries()) {
        expect(key.length).toBe(32);
        expect(key).not.toEqual(other[index]);
      }
    });

    describe("verify", () => {
      it("lets pass what is rightly signed", async () => {
        const delivery = await tested.says("ping");
        expect(() => platform.verify(delivery)).not.toThrow();
      });

      it("finds the signature in one of the headers that the platform names, if it names any", async () => {
        const { headers } = await tested.says("ping");
        const names = platform.signatureHeaders ?? Object.keys(headers);
        expect(names.some((name) => headers[name] !== undefined)).toBe(names.length > 0);
      });

      it("refuses what is not signed", async () => {
        const { body } = await tested.says("ping");
        expect(() => platform.verify({ headers: {}, body })).toThrow(SignatureError);
        expect(() => platform.verify({ headers: {}, body: Buffer.alloc(0) })).toThrow(SignatureError);
      });

      it("refuses a signature in which anything is changed, left out or said twice", async () => {
        const { headers, body } = await tested.says("ping");
        const signature = Object.keys(headers).filter((header) => /signature/.test(header));
        expect(signature.length).toBeGreaterThan(0);
        for (const change of [
          (value: string) => [value.slice(0, -1)],
          (value: string) => [`${value}0`],
          (value: string) => [value.replace(/[0-9a-z]$/i, (last) => (last === "1" ? "2" : "1"))],
          (value: string) => [value, value],
          () => [""],
          () => [],
        ]) {
          const changed = signature.map((header) => [header, (headers[header] ?? []).flatMap(change)]);
          expect(() =>
            platform.verify({ headers: { ...headers, ...Object.fromEntries(changed) }, body }),
          ).toThrow(SignatureError);
        }
      });

      if (differences.bodyNotSigned === undefined)
        it("refuses a body in which any byte is changed", async () => {
          const { headers, body } = await tested.says("ping");
          for (let at = 0; at < body.length; at += 7) {
            const changed = Buffer.from(body);
            changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
            expect(() => platform.verify({ headers, body: changed })).toThrow(SignatureError);
          }
          for (const changed of [body.subarray(1), Buffer.concat([body, Buffer.from("\n")]), Buffer.alloc(0)])
            expect(() => platform.verify({ headers, body: changed })).toThrow(SignatureError);
        });
    });

    describe("parse", () => {
      it.each([
        ["nothing", ""],
        ["no JSON", "id=hunter2"],
        ["JSON that is cut off", '{"hunter2":'],
        ["a list", '["hunter2"]'],
        ["null", "null"],
        ["a text", '"hunter2"'],
        ["an empty object", "{}"],
        ["nesting without end", "[".repeat(100_000)],
        ["bytes that are no text", Buffer.from([0x7b, 0xff, 0x7d])],
      ])("refuses %s, signed, and does not repeat it", (_what, body) => {
        const delivery = tested.signed(Buffer.from(body));
        platform.verify(delivery);
        expect(() => platform.parse(delivery)).toThrow(MalformedDeliveryError);
        expect(() => platform.parse(delivery)).toThrow(/^(?!.*hunter2)/);
      });

      it("makes the same of the same delivery, and of two messages in one room two of one conversation", async () => {
        const [one, two] = [await tested.says("one"), await tested.says("two")];
        expect(noticeIn(one)).toEqual(noticeIn(one));
        expect(noticeIn(one)).toMatchObject({
          platform: platform.name,
          account: platform.account,
          name: "messages.created",
        });
        expect(noticeIn(two).key).not.toBe(noticeIn(one).key);
        expect(noticeIn(two).conversation).toBe(noticeIn(one).conversation);
        for (const id of [noticeIn(one).key, noticeIn(one).conversation])
          expect(id.startsWith(`${platform.name}/${platform.account}/`)).toBe(true);
      });

      it("numbers what is said later higher, where deliveries may overtake each other", async () => {
        const { reorder } = platform;
        if (reorder === undefined) return;
        const [one, two] = [noticeIn(await tested.says("one")), noticeIn(await tested.says("two"))];
        const [first, second] = [one, two].map((notice) => reorder.numberOf(notice) ?? Number.NaN);
        expect(second).toBeGreaterThan(first ?? Number.NaN);
        expect(Number.isSafeInteger(first) && Number.isSafeInteger(second)).toBe(true);
        expect(reorder.withinMs).toBeGreaterThan(0);
      });

      it("makes what survives being written down", async () => {
        const notice = noticeIn(await tested.says("ping"));
        const readBack: Notice = JSON.parse(JSON.stringify(notice));
        expect(readBack).toEqual(notice);
        await expect(platform.fetch(readBack, signal)).resolves.toMatchObject({ message: { text: "ping" } });
      });
    });

    it("knows the bot's own messages by the notice alone", async () => {
      expect(platform.isOwn(noticeIn(await tested.says("ping")))).toBe(false);
      const delivery = await tested.botSays("pong");
      platform.verify(delivery);
      const own = platform.parse(delivery);
      expect(own === undefined || platform.isOwn(own)).toBe(true);
    });

    describe("fetch", () => {
      it("completes a message", async () => {
        const event = await asked("How are *you*, <b>bot</b>? 👋");
        expect(event.message.text).toBe("How are *you*, <b>bot</b>? 👋");
        expect(event.target.roomId).toBe(event.room.id);
        await expect(platform.person(event.person.id, signal)).resolves.toMatchObject({
          id: event.person.id,
        });
        await expect(platform.room(event.room.id, signal)).resolves.toMatchObject({ id: event.room.id });
      });

      if (differences.nothingToFetch === undefined)
        it("says when there is nothing to read any more", async () => {
          const notice = noticeIn(await tested.saysAndDeletes("never mind"));
          const nothing = platform.fetch(notice, signal);
          await expect(nothing).rejects.toThrow(ContentGoneError);
          await expect(nothing).rejects.toMatchObject({ retry: "briefly" });
        });
    });

    describe("send", () => {
      it("answers where it was asked", async () => {
        const { target } = await asked();
        const sent = await platform.send(target, { markdown: "pong" }, signal);
        expect(sent.roomId).toBe(target.roomId);
        expect(await post(sent.id)).toMatchObject({ text: "pong" });
        if (platform.can.threads) expect((await post(sent.id))?.threadId).toBe(target.threadId);
        expect((await platform.positionOf(sent, signal)).kind).toBe(platform.can.threads ? "thread" : "top");
      });

      it("shows a card, or its text", async () => {
        const { target } = await asked();
        const sent = await platform.send(target, { card: CARD }, signal);
        const shown = await post(sent.id);
        expect(shown?.hasCard).toBe(platform.can.cards);
        if (!platform.can.cards) expect(shown?.text).toContain(CARD.fallbackText);
      });

      it("takes a text as long as it says it takes", async () => {
        const { target } = await asked();
        const text = "é".repeat(Math.floor(platform.can.maxBytes / 2));
        const sent = await platform.send(target, { text }, signal);
        expect((await post(sent.id))?.text).toBe(text);
      });

      it("writes to one person, where it can", async () => {
        const { person } = await asked();
        const sending = platform.send({ personId: person.id }, { text: "psst" }, signal);
        if (platform.can.direct) expect(await post((await sending).id)).toMatchObject({ text: "psst" });
        else await expect(sending).rejects.toThrow(UnsupportedError);
      });
    });

    it("changes what the bot wrote where it can, and says so where it cannot", async () => {
      const sent = await platform.send((await asked()).target, { text: "wrogn" }, signal);
      const editing = platform.edit(sent, { text: "wrong" }, signal);
      if (platform.can.edit) await editing;
      else await expect(editing).rejects.toThrow(UnsupportedError);
      expect(await post(sent.id)).toMatchObject({ text: platform.can.edit ? "wrong" : "wrogn" });
    });

    it("deletes what the bot wrote where it can, and says so where it cannot", async () => {
      const sent = await platform.send((await asked()).target, { text: "oops" }, signal);
      const removing = platform.deleteMessage(sent, signal);
      if (platform.can.delete) await removing;
      else await expect(removing).rejects.toThrow(UnsupportedError);
      expect((await post(sent.id)) === undefined).toBe(platform.can.delete);
      if (platform.can.delete) expect(await platform.positionOf(sent, signal)).toEqual({ kind: "gone" });
    });

    it("does nothing any more once its signal is aborted", async () => {
      const { notice, target } = await asked();
      const before = await tested.posts();
      const over = AbortSignal.abort(new Error("time is up"));
      await expect(platform.fetch(notice, over)).rejects.toThrow();
      await expect(platform.send(target, { text: "late" }, over)).rejects.toThrow();
      expect(await tested.posts()).toEqual(before);
    });

    it("keeps tokens and secrets out of what it says", async () => {
      for (const secret of tested.secrets) {
        const clean = { message: expect.not.stringContaining(secret) };
        if (differences.peopleNotAsked === undefined) {
          const unknown = platform.person("nobody", signal);
          await expect(unknown).rejects.toThrow(ApiError);
          await expect(unknown).rejects.toMatchObject(clean);
        }
        expect(() => platform.verify({ headers: {}, body: Buffer.from("{}") })).toThrow(
          expect.objectContaining(clean),
        );
      }
    });
  });
}
