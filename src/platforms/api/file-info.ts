import type { FileInfo } from "../../core/contract/files";
import type { ApiDownload } from "./answer";
import { fileNameIn, safeFileName } from "./content-disposition";
import { mediaTypeOf } from "./media-type";

/** What the headers of an answer say of the file in it. */
export function fileInfoOf({ header }: Pick<ApiDownload, "header">): FileInfo {
  const size = header("content-length");
  const name = fileNameIn(header("content-disposition"));
  return {
    name,
    type: typeOf(header("content-type"), name),
    size: size === undefined ? undefined : Number(size),
  };
}

/** The facts about a file in a message, unchanged; fields of other types count as absent. */
export function statedFileInfo(name: unknown, type: unknown, size: unknown): FileInfo {
  const safeName = typeof name === "string" ? safeFileName(name) : undefined;
  return {
    name: safeName,
    type: typeOf(typeof type === "string" ? type : undefined, safeName),
    size: typeof size === "number" && Number.isSafeInteger(size) && size >= 0 ? size : undefined,
  };
}

/** A type that says nothing: servers and clients give it to whatever they do not know. */
const UNKNOWN = "application/octet-stream";

function typeOf(stated: string | undefined, name: string | undefined): string | undefined {
  const type = stated?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== undefined && type !== "" && type !== UNKNOWN) return type;
  const byName = name === undefined ? UNKNOWN : mediaTypeOf(name);
  return byName === UNKNOWN && type !== UNKNOWN ? undefined : byName;
}
