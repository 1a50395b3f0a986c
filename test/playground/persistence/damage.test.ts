import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import type { LogFields, Logger } from "../../../src/core/contract/logger";
import { type ListeningPlayground, listenPlayground } from "../../../src/playground/listen";
import { decodeState, encodeState } from "../../../src/playground/persistence/encode";
import { Keeper } from "../../../src/playground/persistence/persister";
import { tempDir } from "../../inbox/temp-dir";

let stateDir: string;
let warnings: { readonly sentence: string; readonly fields: LogFields | undefined }[];
const log: Logger = {
  debug() {},
  info() {},
  warn: (sentence, fields) => void warnings.push({ sentence, fields }),
  error() {},
};
const stateFile = (): string => join(stateDir, "state.json");

beforeEach(() => {
  stateDir = join(tempDir(), "playground");
  warnings = [];
});

function open(): Promise<ListeningPlayground> {
  return listenPlayground({ stateDir, logger: log });
}

/** Writes a playground in which somebody has said something into the folder. */
async function keepOne(): Promise<string> {
  const playground = await open();
  await playground.says("Ada", "hello");
  await playground.close();
  return readFileSync(stateFile(), "utf8");
}

/** As another program would have written it: whole, and without what this one needs. */
function withoutPeople(text: string): string {
  const state = decodeState(text, () => undefined);
  return encodeState({ ...state, webex: { ...state.webex, people: [] } }).text;
}

it.each<[string, (text: string) => string]>([
  ["is empty", () => ""],
  ["is cut off", (text) => text.slice(0, text.length / 2)],
  ["lacks its last character but one", (text) => `${text.slice(0, -2)}\n`],
  ["was changed by hand", (text) => text.replace("hello", "hullo")],
  ["has another version", (text) => text.replace('"version":1', '"version":2')],
  ["is no JSON", () => "state\n"],
  ["is JSON of something else", () => "{}\n{}\n"],
  ["has nobody in it", withoutPeople],
])("sets aside a state that %s, says so with both names, and begins anew", async (_fact, damage) => {
  const damaged = damage(await keepOne());
  writeFileSync(stateFile(), damaged);
  const playground = await open();
  expect(warnings).toMatchObject([{ fields: { folder: stateDir, reason: expect.any(String) } }]);
  const renamedTo = String(warnings[0]?.fields?.renamedTo);
  expect(dirname(renamedTo)).toBe(dirname(stateDir));
  expect(readFileSync(join(renamedTo, "state.json"), "utf8")).toBe(damaged);
  await playground.says("Ada", "after");
  await playground.close();

  // What is kept from now on is read again.
  await (await open()).close();
  expect(warnings).toHaveLength(1);
});

it("does not mind what a process that died had begun to write", async () => {
  await keepOne();
  mkdirSync(join(stateDir, "files"), { recursive: true });
  writeFileSync(`${stateFile()}.new`, '{"version":1,"sha2');
  writeFileSync(join(stateDir, "files", "abc.new"), "half a fi");
  const playground = await open();
  await playground.says("Ada", "and on");
  await playground.close();
  expect(warnings).toEqual([]);
  expect(readdirSync(join(stateDir, "files"))).toEqual([]);
});

it("goes on without a file that is gone, and says which", async () => {
  const first = await open();
  const form = new FormData();
  form.set("roomId", first.webex.lobbyId);
  form.set("text", "see");
  form.set("files", new Blob(["bytes"]), "a.txt");
  const headers = { Authorization: `Bearer ${first.webex.botToken}` };
  const sent = await fetch(`${first.apiBaseUrl}/messages`, { method: "POST", headers, body: form });
  const { id } = (await sent.json()) as { id: string };
  await first.close();
  const [name = ""] = readdirSync(join(stateDir, "files"));
  rmSync(join(stateDir, "files", name));

  const second = await open();
  expect(warnings).toMatchObject([{ fields: { file: join(stateDir, "files", name) } }]);
  const answer = await fetch(`${second.apiBaseUrl}/messages/${id}`, { headers });
  const message = (await answer.json()) as { text: string; files: [string] };
  expect(message.text).toBe("see");
  expect((await fetch(message.files[0], { headers })).status).toBe(404);
  await second.close();
});

it("plays on where nothing can be written, and says so once", async () => {
  mkdirSync(dirname(stateDir), { recursive: true });
  writeFileSync(stateDir, "a file where the folder should be");
  const playground = await open();
  await playground.says("Ada", "one");
  await playground.save();
  await playground.says("Ada", "two");
  await playground.close();
  expect(warnings).toMatchObject([{ sentence: expect.stringContaining("cannot be kept") }]);
});

it("never takes a part of a state for a state", async () => {
  const text = await keepOne();
  fc.assert(
    fc.property(fc.nat({ max: text.length - 1 }), (length) => {
      expect(() => decodeState(text.slice(0, length), () => undefined)).toThrow(Error);
    }),
  );
});

it("writes nothing by itself once it is closed, where another one may be writing", async () => {
  const playground = await open();
  await playground.says("Ada", "before");
  await playground.close();
  const kept = readFileSync(stateFile(), "utf8");
  expect(kept).toContain("before");
  await playground.says("Ada", "after");
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(readFileSync(stateFile(), "utf8")).toBe(kept);
});

it("writes a thousand changes that come together once", async () => {
  const playground = await open();
  await playground.says("Ada", "hello");
  await playground.save();
  const state = decodeState(readFileSync(stateFile(), "utf8"), () => undefined);
  let taken = 0;
  const written: string[] = [];
  const folder = { write: async ({ text }: { text: string }) => void written.push(text) };
  const keeper = new Keeper(
    folder,
    () => {
      taken++;
      return state;
    },
    log,
  );
  for (let n = 0; n < 1_000; n++) keeper.changed();
  await Promise.all([keeper.save(), keeper.save()]);
  expect([taken, written.length]).toEqual([1, 1]);
  await keeper.save();
  expect(taken).toBe(1);
  await playground.close();
  expect(existsSync(stateFile())).toBe(true);
});

it("narrows what others could read, and keeps it readable by its owner only", async () => {
  await keepOne();
  const tree = [dirname(stateFile()), stateFile()];
  for (const path of tree) chmodSync(path, 0o777);
  const playground = await open();
  expect(tree.map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  await playground.close();
  expect([statSync(stateFile()).mode & 0o777, warnings]).toEqual([0o600, []]);
});
