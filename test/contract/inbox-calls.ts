import type { Inbox } from "../../src/core/contract/inbox";
import { HANDLED, type InboxUnderTest, noticeOf, retryAfter, takeNow, takeOne } from "./inbox";

const AN_HOUR_AGO = (): number => Date.now() - 3_600_000;

/** What every inbox keeps of the calls of an event's handlers. @param open makes an empty one */
export function callsContract(name: string, open: () => Promise<InboxUnderTest>): void {
  describe(`${name} keeps what the calls of an event have done`, () => {
    let inbox: Inbox;
    let reopen: () => Promise<void>;

    beforeEach(async () => {
      const opened = await open();
      inbox = opened.inbox;
      reopen = async () => {
        await inbox.close();
        inbox = await opened.reopen();
      };
    });
    afterEach(() => inbox.close());

    const leaseOf = async (key: string) => {
      await inbox.add(noticeOf(key));
      return takeOne(inbox);
    };
    const claims = (...messages: string[]) =>
      messages.map((message) => ({ message, entry: { sent: message } }));

    describe("a message that a call has posted", () => {
      it("is claimed by no other call, also after the event was settled and the inbox opened again", async () => {
        const poster = await leaseOf("poster");
        await poster.note("1 reply", { sent: "m1" }, "m1");
        const [other] = [await leaseOf("other")];
        expect(await other.claim("1 reply", claims("m1"), AN_HOUR_AGO())).toBeUndefined();
        await poster.settle(HANDLED);
        await reopen();
        const again = await takeOne(inbox);
        expect(await again.claim("1 reply", claims("m1", "m2"), AN_HOUR_AGO())).toBe(1);
        expect(Object.fromEntries(again.journal)).toEqual({});
      });

      it("is claimed by no other call when its note and the settlement are written together", async () => {
        const poster = await leaseOf("poster");
        void poster.note("1 reply", { sent: "m1" }, "m1");
        await poster.settle(HANDLED);
        const other = await leaseOf("other");
        expect(await other.claim("1 reply", claims("m1"), AN_HOUR_AGO())).toBeUndefined();
      });

      it("is given to one of many calls that claim it at once, of several events", async () => {
        for (let event = 0; event < 8; event++) await inbox.add(noticeOf(`event ${event}`));
        const leases = await takeNow(inbox);
        const claimed = await Promise.all(
          leases.flatMap((lease) =>
            ["1 reply", "2 reply"].map((place) => lease.claim(place, claims("m1", "m2"), AN_HOUR_AGO())),
          ),
        );
        expect(claimed.filter((index) => index !== undefined).sort()).toEqual([0, 1]);
      });

      it("stays with its call when the process dies after the claim", async () => {
        const lease = await leaseOf("a");
        expect(await lease.claim("1 reply", claims("m1"), AN_HOUR_AGO())).toBe(0);
        await reopen();
        const again = await takeOne(inbox);
        expect(Object.fromEntries(again.journal)).toEqual({ "1 reply": { sent: "m1" } });
        expect(await again.claim("2 reply", claims("m1"), AN_HOUR_AGO())).toBeUndefined();
      });
    });

    describe("a change of records that a call makes", () => {
      it("is kept together with the call's entry", async () => {
        const lease = await leaseOf("a");
        await lease.change([{ key: "votes", value: 1, ifVersion: 0 }], "1 update", "made");
        expect(await inbox.records.read("votes")).toEqual({ value: 1, version: 1 });
        await lease.settle(retryAfter(0));
        expect(Object.fromEntries((await takeOne(inbox)).journal)).toEqual({ "1 update": "made" });
        await reopen();
        expect(Object.fromEntries((await takeOne(inbox)).journal)).toEqual({ "1 update": "made" });
      });

      it("leaves records and journal as they were when a record has changed", async () => {
        await inbox.records.write([{ key: "votes", value: 1 }]);
        const lease = await leaseOf("a");
        const stale = lease.change([{ key: "votes", value: 2, ifVersion: 0 }], "1 update", "made");
        await expect(stale).rejects.toMatchObject({ code: "record-conflict", keys: ["votes"] });
        await lease.change([{ key: "votes", value: 2, ifVersion: 1 }], "2 update", "made");
        await lease.settle(retryAfter(0));
        expect(Object.fromEntries((await takeOne(inbox)).journal)).toEqual({ "2 update": "made" });
      });

      it("goes with the event when it is handled, and the record stays", async () => {
        const lease = await leaseOf("a");
        void lease.change([{ key: "votes", value: 1 }], "1 update", "made");
        await lease.settle(HANDLED);
        expect((await inbox.show(lease.id))?.journal).toEqual({});
        expect(await inbox.records.read("votes")).toEqual({ value: 1, version: 1 });
      });
    });

    it("a lease is held until it is settled, and does nothing afterwards", async () => {
      const lease = await leaseOf("a");
      expect(lease.isHeld()).toBe(true);
      await lease.renew();
      await lease.settle(HANDLED);
      expect(lease.isHeld()).toBe(false);
      await expect(lease.renew()).rejects.toThrow("settled");
      await expect(lease.claim("1 reply", claims("m1"), 0)).rejects.toThrow("settled");
      await expect(lease.change([], "1 update", "made")).rejects.toThrow("settled");
    });
  });
}
