import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const SCRIPT = resolve(__dirname, "../../scripts/check-regexps.mjs");

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bellhop-regexps-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function check(source: string): { status: number | null; output: string } {
  writeFileSync(join(dir, "planted.ts"), source);
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, dir], { encoding: "utf8" });
  return { status, output: stdout + stderr };
}

it("the check of regular expressions fails on vulnerable ones, with line, degree and attack", () => {
  const { status, output } = check(
    [
      "export const exponential = /^(?:x+x+)+y/;",
      "export const trimmed = (text: string) => text.replace(/ +$/, '');",
      'export const made = new RegExp("^(z|z)*" + "$", "i");',
    ].join("\n"),
  );
  expect(status).toBe(1);
  expect(output).toMatch(/planted\.ts:1: \/\^\(\?:x\+x\+\)\+y\/\n {2}takes exponential time, for 'x/);
  expect(output).toMatch(/planted\.ts:2: \/ \+\$\/\n {2}takes 2nd degree polynomial time, for ' /);
  expect(output).toMatch(/planted\.ts:3: \/\^\(z\|z\)\*\$\/i\n {2}takes exponential time/);
  expect(output).toMatch(/3 regular expressions, 3 problem\(s\)/);
}, 120_000);

it("the check of regular expressions passes ordinary ones", () => {
  const { status, output } = check(
    "export const day = /^\\d{4}-\\d{2}-\\d{2}$/;\nexport const word = /[a-z]+/g;\n",
  );
  expect(output).toBe("2 regular expressions, 0 problem(s)\n");
  expect(status).toBe(0);
}, 120_000);
