import { afterClose } from "../../../../src/platforms/webex/websocket/close-codes";

it.each([
  [1000, "idle"],
  [1050, "Done (forced)"],
  [1000, "pong not received"],
  [1000, "pong mismatch"],
])("connects again at once after %d %s", (code, reason) => {
  expect(afterClose(code, reason)).toEqual({ kind: "at-once" });
});

it.each([
  [1000, "not stored"],
  [1000, ""],
  [1001, "going away"],
  [1005, ""],
  [1006, ""],
  [1009, "too big"],
  [1011, "idle"],
  [4401, "authentication failed"],
  [4999, "never heard of"],
])("connects again after a wait after %d %s", (code, reason) => {
  expect(afterClose(code, reason)).toEqual({ kind: "back-off" });
});

it.each([
  [1003, /newer version/],
  [4000, /Run one only/],
  [4400, /access token, or webhooks/],
  [4403, /spark:all and spark:kms/],
])("does not connect again after %d, and says what to do", (code, advice) => {
  expect(afterClose(code, "idle")).toMatchObject({
    kind: "final",
    error: { code: "connection-refused", closeCode: code, message: expect.stringMatching(advice) },
  });
});
