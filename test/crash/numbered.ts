import { createNotice, type Notice } from "../../src/core/notice";

const ROOMS = 5;

/** The event of that number; its room and its length follow from it. */
export function numbered(number: number): Notice {
  return createNotice(
    { name: "webex", account: "default" },
    {
      name: "messages.created",
      key: `${number}`,
      conversation: `room ${number % ROOMS}`,
      data: { number, text: "x".repeat(number % 700) },
    },
  );
}
