import { randomUUID } from "node:crypto";
import { Router } from "express";
import { fieldsOf } from "../read-fields";
import type { Attachment, KeptFile, Workspace } from "./workspace";

/** Keeps what came as bytes, and points to what is kept elsewhere. */
export function addAttachments(
  workspace: Workspace,
  filesUrl: string,
  { files, urls }: { readonly files: readonly unknown[]; readonly urls: readonly unknown[] },
): readonly Attachment[] {
  return [
    ...files.map((file) => {
      const { id, name, contentType, bytes } = keep(workspace, fieldsOf(file));
      const url = `${filesUrl}/${id}/${encodeURIComponent(name)}`;
      return { type: "upload", name, url, content_type: contentType, filesize: bytes.length } as const;
    }),
    ...urls.map(String).map((url) => {
      const name = url.split(/[?#]/)[0]?.split("/").at(-1) || "attachment";
      // Addresses are for pictures only.
      return { type: "upload", name, url, content_type: "image/*", filesize: null } as const;
    }),
  ];
}

function keep(
  workspace: Workspace,
  { name, content_type: contentType, data }: ReturnType<typeof fieldsOf>,
): KeptFile {
  const file = {
    id: randomUUID(),
    name: typeof name === "string" ? name : "attachment",
    contentType: typeof contentType === "string" ? contentType : "application/octet-stream",
    bytes: Buffer.from(typeof data === "string" ? data : "", "base64"),
  };
  workspace.files.set(file.id, file);
  return file;
}

/** The file whose address has this path below the API. Its id is random, so that the address cannot be guessed. */
export function attachmentAt(workspace: Workspace, path: string): KeptFile | undefined {
  const [, id = ""] = /\/attachments\/([\da-f-]{36})\/[^/]+$/.exec(path) ?? [];
  return workspace.files.get(id);
}

/** Files, which need their address and no token, as at Intercom. Nothing of them runs here. */
export function attachmentRoutes(workspace: Workspace): Router {
  const router = Router();
  router.get("/:id/:name", (request, response) => {
    const file = workspace.files.get(request.params.id);
    if (file === undefined) {
      response.sendStatus(404);
      return;
    }
    response.attachment(file.name).type("application/octet-stream");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.send(file.bytes);
  });
  return router;
}
