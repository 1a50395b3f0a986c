import type { FileInfo } from "../../core/files";
import type { ApiDownload } from "./answer";
import { fileNameIn } from "./content-disposition";

/** What the headers of an answer say of the file in it. */
export function fileInfoOf({ header }: Pick<ApiDownload, "header">): FileInfo {
  const size = header("content-length");
  return {
    name: fileNameIn(header("content-disposition")),
    type: header("content-type")?.split(";")[0]?.trim(),
    size: size === undefined ? undefined : Number(size),
  };
}
