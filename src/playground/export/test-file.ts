import type { Person, Room } from "../webex/records";
import type { Act, Scene, Written } from "./script";

/** Where a test finds the bots and cards, as seen from where it is run. */
export interface Project {
  readonly bots: string;
  readonly cards: string;
}

/** A room, and who is in it when the conversation begins; the one who opened it first. */
export interface Stage {
  readonly room: Room;
  readonly members: readonly Person[];
}

/** Files beyond this are not written into a test, in bytes. */
const MOST_FILE_BYTES = 20_000;

/** A conversation as a test file for jest, which passes while the bots answer as they did. */
export function toTestFile(stage: Stage, scenes: readonly Scene[], project: Project): string {
  const writer = new Writer(stage, scenes);
  const title = stage.room.type === "direct" ? "answers in private" : `answers in ${stage.room.title}`;
  return [
    `import { createPlayground, type TestPlayground } from "bellhop/testing";`,
    `import "bellhop/testing/jest";`,
    "",
    "let playground: TestPlayground;",
    "beforeAll(async () => {",
    "  playground = await createPlayground();",
    `  await playground.serve({ bots: ${literal(project.bots)}, cards: ${literal(project.cards)} });`,
    "});",
    "afterAll(() => playground.close());",
    "",
    `it(${literal(title)}, async () => {`,
    ...writer.lines().map((line) => (line === "" ? "" : `  ${line}`)),
    "});",
    "",
  ].join("\n");
}

/** Writes scenes as statements, and knows what is called what. */
class Writer {
  readonly #stage: Stage;
  readonly #scenes: readonly Scene[];
  readonly #people = new Map<string, string>();
  /** By id of what was said, and of what was answered: the variable with the turn. */
  readonly #turns = new Map<string, string>();
  /** By id of an answer: which one of its turn it is. */
  readonly #places = new Map<string, number>();

  constructor(stage: Stage, scenes: readonly Scene[]) {
    this.#stage = stage;
    this.#scenes = scenes;
  }

  lines(): readonly string[] {
    const cast = [...this.#stage.members, ...this.#scenes.map(({ who }) => who)].filter(
      ({ type }) => type === "person",
    );
    const people = [...new Map(cast.map((one) => [one.id, one])).values()].map((one) => {
      const name = this.#nameFor(one);
      return `const ${name} = playground.person(${literal(one.displayName)});`;
    });
    const room = this.#roomLines();
    return [...people, ...room, ...this.#scenes.flatMap((scene, index) => this.#scene(scene, index + 1))];
  }

  #roomLines(): readonly string[] {
    const { room, members } = this.#stage;
    if (room.type === "direct") return [];
    const [opener, ...others] = members;
    if (opener === undefined || opener.type === "bot") return [];
    const brought = others.map((one) => this.#member(one)).join(", ");
    return [`const room = await ${this.#person(opener)}.open(${literal(room.title)}, [${brought}]);`];
  }

  #scene({ who, act, replies }: Scene, number: number): readonly string[] {
    const turn = `turn${number}`;
    const call = this.#call(who, act);
    if (call === undefined) return ["", `// ${NOT_WRITTEN}`];
    if (act.kind === "say") this.#turns.set(act.id, turn);
    for (const [place, { id }] of replies.entries()) {
      this.#turns.set(id, turn);
      this.#places.set(id, place);
    }
    return ["", `const ${turn} = await ${call};`, ...expectations(turn, replies)];
  }

  #call(who: Person, act: Act): string | undefined {
    const person = this.#person(who);
    switch (act.kind) {
      case "say":
        return this.#say(person, act);
      case "edit": {
        const said = this.#turns.get(act.id);
        return said && `${person}.edit(${said}, ${literal(act.text)})`;
      }
      case "remove": {
        const said = this.#turns.get(act.id);
        return said && `${person}.remove(${said})`;
      }
      case "click": {
        const asked = this.#turns.get(act.id);
        const entered = Object.keys(act.entered).length === 0 ? "" : `, ${entries(act.entered)}`;
        return asked && `${person}.click(${this.#cardIn(asked, act.id)}, ${literal(act.button)}${entered})`;
      }
      case "join": {
        const [opener] = this.#stage.members;
        return opener && `${this.#person(opener)}.add(${this.#member(act.member)}, room)`;
      }
      case "leave": {
        const [opener] = this.#stage.members;
        if (act.member.type === "person") return `${person}.leave(room)`;
        return opener && `${this.#person(opener)}.expel(${this.#member(act.member)}, room)`;
      }
      default:
        return act satisfies never;
    }
  }

  #say(person: string, act: Extract<Act, { kind: "say" }>): string | undefined {
    const isGroup = this.#stage.room.type === "group";
    const thread = act.parentId === undefined ? undefined : this.#threadOf(act.parentId);
    const options = [
      isGroup ? "in: room" : "",
      thread === undefined ? "" : `thread: ${thread}`,
      isGroup && !act.isToBot ? "mention: false" : "",
      act.isMarkdown ? "markdown: true" : "",
    ].filter((option) => option !== "");
    if (act.file === undefined) return call(`${person}.say`, literal(act.text), options);
    const { bytes, fileName, mediaType } = act.file;
    if (bytes.length > MOST_FILE_BYTES) return undefined;
    const isText = mediaType.startsWith("text/");
    const content = isText
      ? literal(bytes.toString())
      : `Buffer.from(${literal(bytes.toString("base64"))}, "base64")`;
    const file = `{ name: ${literal(fileName)}, type: ${literal(mediaType)}, content: ${content} }`;
    return call(
      `${person}.upload`,
      file,
      act.text === "" ? options : [`text: ${literal(act.text)}`, ...options],
    );
  }

  /** A turn's card is the last one in it; another one has to be told. */
  #cardIn(turn: string, messageId: string): string {
    const place = this.#places.get(messageId) ?? 0;
    const isOnly = ![...this.#turns].some(
      ([id, other]) => other === turn && (this.#places.get(id) ?? -1) > place,
    );
    return isOnly ? turn : `(await ${turn}.replies())[${place}] ?? ${turn}`;
  }

  #threadOf(messageId: string): string | undefined {
    const turn = this.#turns.get(messageId);
    if (turn === undefined) return undefined;
    return this.#places.has(messageId) ? `(await ${turn}.replies())[${this.#places.get(messageId)}]` : turn;
  }

  #member(person: Person): string {
    return person.type === "bot" ? "playground.bot" : this.#person(person);
  }

  #person(person: Person): string {
    return this.#people.get(person.id) ?? this.#nameFor(person);
  }

  #nameFor(person: Person): string {
    const first = person.firstName.toLowerCase().replace(/[^a-z]/g, "") || "somebody";
    const taken = new Set([...this.#people.values(), ...NO_NAMES]);
    let name = first;
    for (let number = 2; taken.has(name); number++) name = `${first}${number}`;
    this.#people.set(person.id, name);
    return name;
  }
}

/** Words of the language that a name in letters can be, and what the file calls something else. */
const NO_NAMES: readonly string[] = [
  ...["await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do"],
  ...[
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
  ],
  ...["in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public"],
  ...[
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
  ],
  ...["with", "yield", "arguments", "eval", "undefined", "it", "expect", "playground", "room"],
];

const NOT_WRITTEN =
  "Something was done here that cannot be written as a test: it is about what came before, or a large file.";

function expectations(turn: string, replies: readonly Written[]): readonly string[] {
  if (replies.length === 0) return [`await expect(${turn}).not.toHaveReplied();`];
  return replies.map(({ text, cardTexts }) =>
    cardTexts === undefined
      ? `await expect(${turn}).toHaveReplied(${literal(text)});`
      : `await expect(${turn}).toHaveSentCard([${cardTexts.map(literal).join(", ")}]);`,
  );
}

function entries(entered: Readonly<Record<string, unknown>>): string {
  const written = Object.entries(entered).map(([id, value]) => {
    const name = /^[A-Za-z_$][\w$]*$/.test(id) ? id : literal(id);
    return `${name}: ${typeof value === "string" ? literal(value) : JSON.stringify(value)}`;
  });
  return `{ ${written.join(", ")} }`;
}

function call(name: string, argument: string, options: readonly string[]): string {
  return options.length === 0 ? `${name}(${argument})` : `${name}(${argument}, { ${options.join(", ")} })`;
}

/** A text as TypeScript, on one line; what ends a line elsewhere than in JSON is written out. */
function literal(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
