import { createHash } from "node:crypto";
import type { PlaygroundState } from "./state";

/** To be raised with every change to what a state consists of. */
const VERSION = 1;

/** A state as it is written: one file, and the bytes that it names. */
export interface EncodedState {
  readonly text: string;
  /** Bytes by the name that the text has for them: their SHA-256, hex. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** The first line of the text. */
interface Heading {
  readonly version: number;
  /** SHA-256 of what follows the heading, hex. */
  readonly sha256: string;
}

type Bytes = { readonly bytes: Buffer };
type Named<File extends Bytes> = Omit<File, "bytes"> & { readonly file: string };

/** The state with names in the place of bytes. */
interface WrittenState extends Omit<PlaygroundState, "webex" | "spika" | "intercom"> {
  readonly webex: Omit<PlaygroundState["webex"], "contents"> & {
    readonly contents: readonly Named<PlaygroundState["webex"]["contents"][number]>[];
  };
  readonly spika: Omit<PlaygroundState["spika"], "files"> & {
    readonly files: readonly Named<PlaygroundState["spika"]["files"][number]>[];
  };
  readonly intercom: Omit<PlaygroundState["intercom"], "files"> & {
    readonly files: readonly Named<PlaygroundState["intercom"]["files"][number]>[];
  };
}

export function encodeState(state: PlaygroundState): EncodedState {
  const files = new Map<string, Buffer>();
  const name = <File extends Bytes>({ bytes, ...rest }: File): Named<File> => {
    const file = nameOf(bytes);
    files.set(file, bytes);
    return { ...rest, file };
  };
  const written: WrittenState = {
    ...state,
    webex: { ...state.webex, contents: state.webex.contents.map(name) },
    spika: { ...state.spika, files: state.spika.files.map(name) },
    intercom: { ...state.intercom, files: state.intercom.files.map(name) },
  };
  const body = JSON.stringify(written);
  const heading: Heading = { version: VERSION, sha256: sha256(body) };
  return { text: `${JSON.stringify(heading)}\n${body}\n`, files };
}

/**
 * @param bytesOf what a name stands for; `undefined` when it is gone, and the file with it
 * @throws Error that says why the text is no state
 */
export function decodeState(text: string, bytesOf: (name: string) => Buffer | undefined): PlaygroundState {
  const end = text.indexOf("\n");
  const body = text.slice(end + 1, -1);
  const { version, sha256: expected } = readHeading(text.slice(0, Math.max(end, 0)));
  if (version !== VERSION)
    throw new Error(`it has version ${version}, and this program reads version ${VERSION}`);
  if (sha256(body) !== expected) throw new Error("it is not what was written: its checksum does not fit");
  // Written by this version of this code: the checksum fits.
  const written = JSON.parse(body) as WrittenState;
  const named = <File extends Bytes>({ file, ...rest }: Named<File>): File[] => {
    const bytes = bytesOf(file);
    return bytes === undefined ? [] : [{ ...rest, bytes } as unknown as File]; // Omit and back again
  };
  return {
    ...written,
    webex: { ...written.webex, contents: written.webex.contents.flatMap(named) },
    spika: { ...written.spika, files: written.spika.files.flatMap(named) },
    intercom: { ...written.intercom, files: written.intercom.files.flatMap(named) },
  };
}

function readHeading(line: string): Heading {
  try {
    const heading: unknown = JSON.parse(line);
    if (typeof heading === "object" && heading !== null && "version" in heading && "sha256" in heading)
      return { version: Number(heading.version), sha256: String(heading.sha256) };
  } catch {
    // Said below.
  }
  throw new Error("it does not begin with the line that says what it is");
}

const names = new WeakMap<Buffer, string>();

/** The same bytes are hashed once: nobody changes them. */
function nameOf(bytes: Buffer): string {
  let name = names.get(bytes);
  if (name === undefined) {
    name = sha256(bytes);
    names.set(bytes, name);
  }
  return name;
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
