import { createHash } from "node:crypto";
import { Router } from "express";
import { fieldsOf } from "../fields-of";
import { SpikaError, success } from "./answers";
import type { SpikaFile } from "./records";
import type { SpikaServer } from "./server";

/** One transparent pixel. A server of 2024 has a picture for whoever asks for a file that is not there. */
const NO_IMAGE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII=",
  "base64",
);

/** Files: sent in parts, put together, and read by whoever knows the number. */
export function fileRoutes(server: SpikaServer): Router {
  const router = Router();
  router.post("/", (request, response) => {
    const { chunk, offset, clientId } = fieldsOf(request.body);
    if (typeof chunk !== "string" || typeof offset !== "number" || typeof clientId !== "string")
      throw new SpikaError(400, "Invalid params ValidationError: body.chunk is a required field");
    const parts = server.uploads.get(clientId) ?? new Map<number, Buffer>();
    server.uploads.set(clientId, parts);
    parts.set(offset, Buffer.from(chunk, "base64"));
    response.json(success({ uploadedChunks: [...parts.keys()] }));
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
  const parts = server.uploads.get(clientId);
  if (parts === undefined || parts.size < total) throw new SpikaError(410, "Chunks are missing");
  const bytes = Buffer.concat(
    Array.from({ length: total }, (_, index) => parts.get(index) ?? Buffer.alloc(0)),
  );
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
