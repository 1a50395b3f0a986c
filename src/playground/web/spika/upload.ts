import { postJson } from "../http";
import { JsonObject } from "../json";
import { parseFile, type SpikaFile } from "./wire";

const chunkBytes = 512 * 1024;

/** Sends a file as Spika takes it: in parts, with a digest of the whole at the end. */
export async function upload(apiBase: string, file: File): Promise<SpikaFile> {
  // Elsewhere the browser makes no digest, without which the server takes no file.
  if (!isSecureContext) throw new Error("A file can be sent to Spika from this computer or over https only.");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const clientId = crypto.randomUUID();
  const total = Math.max(1, Math.ceil(bytes.length / chunkBytes));
  for (let offset = 0; offset < total; offset++) {
    const part = bytes.subarray(offset * chunkBytes, (offset + 1) * chunkBytes);
    await postJson(`${apiBase}/upload/files`, { clientId, offset, chunk: toBase64(part) });
  }
  const answer = await postJson(`${apiBase}/upload/files/verify`, {
    ...{ clientId, total, size: bytes.length },
    fileName: file.name,
    mimeType: file.type || "application/octet-stream",
    fileHash: toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))),
  });
  return parseFile(new JsonObject("upload", new JsonObject("answer", answer).get("data")).get("file"));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
