import { connect } from "node:net";
import express from "express";
import request from "supertest";
import { closed, type Desk, listening, openDesk } from "./receiver-fixture";

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const event = (id = "m1"): { id: string; room: string } => ({ id, room: "room-1" });

describe("behind a body parser", () => {
  async function sendThrough(parser: express.RequestHandler): Promise<request.Response> {
    const app = express();
    app.use(parser);
    app.use("/webhooks", desk.receiver);
    const { headers, body } = desk.chat.delivery(event());
    return request(app).post("/webhooks/memory").set(headers).send(body);
  }

  it.each([
    ["express.json()", express.json()],
    ["express.text()", express.text({ type: "*/*" })],
    [
      "something that reads the body away",
      (req: express.Request, _res: express.Response, next: express.NextFunction) => {
        req.resume().on("end", () => next());
      },
    ],
  ])("%s the operator is told what is wrong", async (_name, parser) => {
    const response = await sendThrough(parser);
    expect([response.status, response.body]).toEqual([500, { error: "body-already-read" }]);
    expect(desk.lines).toEqual([expect.stringContaining("mount the receiver before it")]);
    expect([await desk.stored(), await desk.outcomes()]).toEqual([0, ["failed 1"]]);
  });

  it("express.raw() deliveries are taken", async () => {
    expect((await sendThrough(express.raw({ type: "*/*" }))).status).toBe(200);
    expect(await desk.stored()).toBe(1);
  });

  it("express.raw() bodies that are too long are refused", async () => {
    const app = express();
    app.use(express.raw({ type: "*/*" }));
    app.use("/webhooks", desk.receiver);
    const { headers, body } = desk.chat.delivery({ ...event(), x: "x".repeat(2_000) });
    expect((await request(app).post("/webhooks/memory").set(headers).send(body)).status).toBe(413);
  });
});

describe("behind slow middleware", () => {
  it("is not held up by a sender that has gone before anybody looked", async () => {
    const app = express();
    let seen: () => void = () => {};
    const gone = new Promise<void>((resolve) => {
      seen = resolve;
    });
    app.use((req, _res, next) => {
      req.once("close", () => {
        next();
        seen();
      });
      socket.destroy();
    });
    app.use("/webhooks", desk.receiver);
    const late = await listening(app);
    const socket = connect(late.port, "127.0.0.1");
    socket.write(
      `POST /webhooks/memory HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-signature: 00\r\ncontent-length: 9\r\n\r\n`,
    );
    await gone;
    await closed(late.server);
    expect(await desk.outcomes()).toEqual(["refused 1"]);
  });
});

describe("as a server's only listener", () => {
  it("says 404 for what is not its own", async () => {
    const { server } = await listening(desk.receiver);
    const { headers, body } = desk.chat.delivery(event());
    expect((await request(server).post("/memory").set(headers).send(body)).status).toBe(200);
    const other = await request(server).get("/other");
    expect([other.status, other.body]).toEqual([404, { error: "route-unknown" }]);
    await closed(server);
  });
});
