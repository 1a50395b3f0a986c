import { createServer } from "node:http";
import { serveParent } from "../child.mjs";

/**
 * Serves a measured program on a free port, and tells the parent the CPU time that it has used.
 * @param {import("node:http").RequestListener} listener
 * @param {{ idle?: () => Promise<void>, close?: () => Promise<void> }} [program] `idle` resolves when all that was accepted is done
 */
export function serve(listener, { idle, close } = {}) {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1", () => {
    serveParent(
      { port: server.address().port },
      {
        /** In microseconds, of all threads, once there is nothing left to do. */
        async cpu() {
          await idle?.();
          const { user, system } = process.cpuUsage();
          return user + system;
        },
      },
      close,
    );
  });
}
