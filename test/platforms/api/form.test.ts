import { Readable } from "node:stream";
import fc from "fast-check";
import { createForm, type Form } from "../../../src/platforms/api/form";
import { mediaTypeOf } from "../../../src/platforms/api/media-type";

async function bytesOf(form: Form): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of form.open(() => undefined)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Node's own reader of forms. */
async function read(bytes: Buffer, { contentType }: Form): Promise<FormData> {
  return new Response(new Uint8Array(bytes), { headers: { "Content-Type": contentType } }).formData();
}

// A % in a name is read as the beginning of an encoded character, by whichever reader there is.
const names = fc.string({ unit: "binary", minLength: 1 }).filter((name) => !/%|^\s|\s$/.test(name));

it("is read by others as it was meant, whatever is in it", async () => {
  await fc.assert(
    fc.asyncProperty(names, fc.string({ unit: "binary" }), fc.uint8Array(), async (name, text, data) => {
      const form = await createForm({ text, nothing: undefined }, "files", { data, name });
      const bytes = await bytesOf(form);
      expect(form.size).toBe(bytes.length);
      const parts = await read(bytes, form);
      expect([...parts.keys()]).toEqual(["text", "files"]);
      expect(parts.get("text")).toBe(text);
      const file = parts.get("files");
      if (!(file instanceof Blob)) throw new Error("the file was read as a text");
      expect([file.name, Buffer.from(await file.arrayBuffer())]).toEqual([name, Buffer.from(data)]);
    }),
    { numRuns: 200 },
  );
});

it("can be opened again, unless it has a stream that was begun", async () => {
  const again = await createForm({}, "files", { data: Buffer.from("x"), name: "x" });
  expect(await bytesOf(again)).toEqual(await bytesOf(again));
  expect(again.canOpen()).toBe(true);

  const once = await createForm({}, "files", { stream: Readable.from([Buffer.from("x")]), name: "x" });
  once.open(() => undefined);
  expect(once.canOpen()).toBe(true); // nothing has been read
  await bytesOf(once);
  expect(once.canOpen()).toBe(false);
});

it.each([
  ["a.PNG", "image/png"],
  ["archive.tar.zip", "application/zip"],
  ["README", "application/octet-stream"],
  ["a.webp", "image/webp"],
  ["a.ics", "text/calendar"],
  ["a.eml", "message/rfc822"],
  ["a.mp3", "audio/mpeg"],
  ["a.heic", "image/heic"],
  ["a.yaml", "text/yaml"],
  ["a.log", "text/plain"],
  ["a.ts", "text/plain"],
  [".png", "application/octet-stream"],
  ["a.constructor", "application/octet-stream"],
])("takes %s for %s", (name, type) => {
  expect(mediaTypeOf(name)).toBe(type);
});
