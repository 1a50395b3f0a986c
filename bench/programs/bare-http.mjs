// The least that a receiver can do: read, check the signature, parse, answer. Keeps nothing.
import { settings } from "../child.mjs";
import { serve } from "./serve.mjs";
import { isSigned } from "./signature.mjs";

const { secret } = settings();

serve((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const status = isSigned(secret, request, body) && JSON.parse(body.toString("utf8")).data ? 200 : 401;
    response.writeHead(status, { "content-length": "0" });
    response.end();
  });
});
