// The receiver that most people write: Express, its JSON parser, the signature checked over the bytes. Keeps nothing.
import express from "express";
import { settings } from "../child.mjs";
import { serve } from "./serve.mjs";
import { isSigned } from "./signature.mjs";

const { secret } = settings();
const app = express();

app.use(
  express.json({
    verify(request, _response, body) {
      if (!isSigned(secret, request, body)) throw new Error("the signature does not match");
    },
  }),
);
app.post("/webhooks/webex", (request, response) => {
  response.status(request.body.data ? 200 : 400).end();
});
serve(app);
