import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { listen } from "../../src/http/server";

it("closes as soon as its last request ends, however long the connection would be kept", async () => {
  let stream: ServerResponse | undefined;
  const server = await listen(
    (_request, response) => {
      stream = response;
      response.write("begun");
    },
    "127.0.0.1",
    0,
  );
  // A client that never hangs up by itself.
  const client = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
  client.write("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
  await once(client, "data");
  const closed = server.close();
  stream?.end();
  await closed;
  client.destroy();
});
