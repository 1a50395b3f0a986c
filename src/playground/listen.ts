import { createServer } from "node:http";
import express from "express";
import { createPlayground, type Playground, type PlaygroundOptions } from "./index";

export type { PlaygroundPerson } from "./index";

/** A playground with a server of its own. */
export interface ListeningPlayground extends Playground {
  /** The chat page, without a slash at the end. */
  readonly url: string;
  /** What a Webex client takes instead of `https://webexapis.com/v1`. */
  readonly apiBaseUrl: string;
}

/**
 * Starts a playground on 127.0.0.1 and nothing else: what tests talk to.
 *
 * @param options `port` 0, the default, takes a free one.
 */
export async function listenPlayground(
  options: Omit<PlaygroundOptions, "publicUrl"> & { readonly port?: number } = {},
): Promise<ListeningPlayground> {
  const { port = 0, ...rest } = options;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("playground: the server has no port");
  const url = `http://127.0.0.1:${address.port}/playground`;
  const playground = createPlayground({ ...rest, publicUrl: url });
  server.on("request", express().disable("x-powered-by").use("/playground", playground.app));
  server.on("upgrade", (request, socket, head) => {
    if (!playground.upgrade(request, socket, head)) socket.destroy();
  });
  return {
    ...playground,
    url,
    apiBaseUrl: `${url}${playground.webex.apiPath}`,
    close: async () => {
      await playground.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await playground.save();
    },
  };
}
