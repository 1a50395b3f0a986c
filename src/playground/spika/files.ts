import { createHash } from "node:crypto";
import { type RequestHandler, Router } from "express";
import { fieldsOf } from "../read-fields";
import { SpikaError, success } from "./answers";
import type { SpikaFile } from "./records";
import type { SpikaServer } from "./server";

/** One transparent pixel. A server of 2024 has a picture for whoever asks for a file that is not there. */
const NO_IMAGE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII=",
  "base64",
);

/** Refuses parts of files for which there is no room, before their bodies are read. */
export function refuseWithoutRoom(server: SpikaServer): RequestHandler {
  return ({ headers, method, path }, _response, next) => {
    // Base64 has 4 characters for 3 bytes.
    if (method === "POST" && /^\/api\/upload\/files\/?$/i.test(path))
      server.uploads.requireRoomFor(Math.floor((Number(headers["content-length"] ?? 0) * 3) / 4));
    next();
  };
}

/** Files: sent in parts, put together, and read by number. */
export function fileRoutes(server: SpikaServer): Router {
  const router = Router();
  router.post("/", (request, response) => {
    const { chunk, offset, clientId } = fieldsOf(request.body);
    if (typeof chunk !== "string" || typeof offset !== "number" || typeof clientId !== "string")
      throw new SpikaError(400, "Invalid params ValidationError: body.chunk is a required field");
    const uploadedChunks = server.uploads.add(clientId, offset, Buffer.from(chunk, "base64"));
    response.json(success({ uploadedChunks }));
  });
  router.post("/verify", (request, response) => {
    const { bytes: _, ...file } = assemble(server, fieldsOf(request.body));
    response.json(success({ file }));
  });
  router.get("/:id", (request, response) => {
    const file = server.files.get(Number(request.params.id));
    if (file === undefined) {
      response.attachment("no-image-icon.png").type("image/png").send(NO_IMAGE);
      return;
    }
    response.attachment(file.fileName).type("application/octet-stream");
    response.setHeader("Cache-Control", "public, max-age=86400");
    response.send(file.bytes);
  });
  return router;
}

function assemble(server: SpikaServer, given: Readonly<Record<string, unknown>>): SpikaFile {
  const { total, size, mimeType, fileName, clientId, fileHash, metaData } = given;
  if (typeof clientId !== "string" || typeof total !== "number" || typeof fileHash !== "string")
    throw new SpikaError(400, "Invalid params ValidationError: body.fileHash must be a `string` type");
  const bytes = server.uploads.join(clientId, total);
  if (bytes === undefined) throw new SpikaError(410, "Chunks are missing");
  if (bytes.length !== size || createHash("sha256").update(bytes).digest("hex") !== fileHash)
    throw new SpikaError(411, "Hash does not match");
  server.uploads.delete(clientId);
  const { duration = 0, width = 0, height = 0 } = fieldsOf(metaData);
  const file: SpikaFile = {
    id: server.nextId("file"),
    fileName: String(fileName),
    mimeType: String(mimeType),
    size: bytes.length,
    metaData: { duration: Number(duration), width: Number(width), height: Number(height) },
    bytes,
  };
  server.files.set(file.id, file);
  return file;
}
