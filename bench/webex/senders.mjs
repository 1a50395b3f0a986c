import { once } from "node:events";
import { connect } from "node:net";
import { readMessages } from "./http-wire.mjs";

/**
 * Opens connections to a program; each carries one request at a time.
 * @param {number} port
 * @param {number} count
 * @returns {Promise<{ send(request: string): Promise<void>, close(): void }[]>}
 */
export function openSenders(port, count) {
  return Promise.all(Array.from({ length: count }, () => openSender(port)));
}

async function openSender(port) {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  let tell;
  readMessages(socket, (head) => {
    if (!head.startsWith("HTTP/1.1 200 "))
      throw new Error(`a delivery was answered ${head.slice(0, head.indexOf("\r"))}`);
    tell();
  });
  return {
    /** Resolves when it was answered 200. */
    send: (request) =>
      new Promise((resolve) => {
        tell = resolve;
        socket.write(request, "latin1");
      }),
    close: () => void socket.destroy(),
  };
}
