import { createServer } from "node:net";
import { readMessages } from "./http-wire.mjs";
import { idOf } from "./ids.mjs";

const BOT = { id: idOf("PEOPLE", 9), type: "bot", displayName: "Bench", emails: ["bench@webex.bot"] };

/**
 * As much of the Webex API as an answer to a message needs: every message asks the bot for a ping.
 * @param {object} people
 * @param {(messageId: string) => string | undefined} people.roomOf
 * @param {(messageId: string) => void} people.onReply is told which message was answered
 * @returns {Promise<string>} its base URL
 */
export function serveApi({ roomOf, onReply }) {
  let posted = 0;

  function answerTo(head, body) {
    const [method, path] = head.split(" ", 2);
    if (path === "/v1/people/me") return BOT;
    if (method === "GET") return messageOf(decodeURIComponent(path.slice("/v1/messages/".length)), roomOf);
    const { roomId, parentId, markdown } = JSON.parse(body);
    onReply(parentId);
    posted++;
    const id = idOf("MESSAGE", 0x8000_0000 + posted);
    return { id, roomId, parentId, roomType: "group", markdown, text: markdown, personId: BOT.id };
  }

  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    readMessages(socket, (head, body) => {
      const answer = JSON.stringify(answerTo(head, body));
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=UTF-8\r\ntrackingid: ROUTER_BENCH\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
      );
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}/v1`));
  });
}

function messageOf(id, roomOf) {
  return {
    id,
    roomId: roomOf(id),
    roomType: "group",
    text: "Bench ping",
    html: `<p><spark-mention data-object-type="person" data-object-id="${BOT.id}">Bench</spark-mention> ping</p>`,
    personId: idOf("PEOPLE", 1),
    personEmail: "ada@example.com",
    mentionedPeople: [BOT.id],
    created: "2026-01-02T03:04:05.678Z",
  };
}
