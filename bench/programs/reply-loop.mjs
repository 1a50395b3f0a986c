// The bot that one writes by hand when only speed counts: answers 200 at once, then GET and POST. Keeps nothing.
import { Pool } from "undici";
import { settings } from "../child.mjs";
import { serve } from "./serve.mjs";
import { isSigned } from "./signature.mjs";

const { secret, apiBaseUrl } = settings();
const { origin, pathname } = new URL(apiBaseUrl);
const pool = new Pool(origin, { connections: 64 });
const headers = { authorization: "Bearer bench", "content-type": "application/json" };

async function answer({ data }) {
  const path = `${pathname}/messages/${encodeURIComponent(data.id)}`;
  const got = await pool.request({ method: "GET", path, headers });
  const message = await got.body.json();
  if (!/ping/.test(message.text)) return;
  const body = JSON.stringify({ roomId: message.roomId, parentId: message.id, markdown: "pong" });
  const posted = await pool.request({ method: "POST", path: `${pathname}/messages`, headers, body });
  await posted.body.json();
}

serve((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const isRight = isSigned(secret, request, body);
    response.writeHead(isRight ? 200 : 401, { "content-length": "0" });
    response.end();
    if (isRight) void answer(JSON.parse(body.toString("utf8")));
  });
});
