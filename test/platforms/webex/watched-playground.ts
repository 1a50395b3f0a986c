import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type RequestHandler } from "express";
import { createPlayground, type Playground } from "../../../src/playground";
import { callFaultsOf, faultsOf, operationFor } from "../../playground/published-api";

/** A playground on a free port that compares all that is said with the published description. */
export interface WatchedPlayground extends Playground {
  readonly apiBaseUrl: string;
  /** Where the two sides and the description disagree, calls and what they were granted. */
  readonly mismatches: string[];
  /** Operations that were called, refused ones included. */
  readonly called: Set<string>;
  close(): Promise<void>;
}

export async function openWatchedPlayground(): Promise<WatchedPlayground> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/playground`; // it listens on a port
  const playground = createPlayground({ publicUrl: url });
  const apiBaseUrl = url + playground.webex.apiPath;
  const mismatches: string[] = [];
  const called = new Set<string>();
  const watch: RequestHandler = (request, response, next) => {
    const { pathname, searchParams } = new URL(request.originalUrl, url);
    const path = pathname.slice(new URL(apiBaseUrl).pathname.length);
    const operation = operationFor(request.method, path);
    const chunks: Buffer[] = [];
    // A listener for data would start the flow before the playground reads the body.
    const push = request.push.bind(request);
    request.push = (chunk: Buffer | null, encoding) => {
      if (chunk !== null) chunks.push(chunk);
      return push(chunk, encoding);
    };
    const end = response.end.bind(response);
    response.end = (...args: unknown[]) => {
      if (operation !== undefined) {
        called.add(operation);
        const isForm = request.headers["content-type"]?.startsWith("multipart/") ?? false;
        if (!isForm)
          mismatches.push(...callFaultsOf(operation, searchParams, toValue(Buffer.concat(chunks))));
        const { statusCode } = response;
        if (statusCode < 300) mismatches.push(...faultsOf(operation, statusCode, toValue(args[0])));
      } else if (!path.startsWith("/contents/"))
        mismatches.push(`${request.method} ${path}: no such operation`);
      return (end as (...args: unknown[]) => typeof response)(...args); // it has four overloads
    };
    next();
  };
  server.on("request", express().use(watch).use("/playground", playground.app));
  return {
    ...playground,
    apiBaseUrl,
    mismatches,
    called,
    close: async () => {
      await playground.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What JSON says; `undefined` for no body. */
function toValue(body: unknown): unknown {
  const text = String(body ?? "");
  return text === "" ? undefined : JSON.parse(text);
}
