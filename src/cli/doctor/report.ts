import type { Diagnostic } from "../../core/contract/diagnostic";

/** A finding with what it belongs to. */
export interface Reported extends Diagnostic {
  /** `webex/default`; absent for what belongs to the program as a whole. */
  readonly account?: string;
}

/** Findings as lines for people, those of each account below its name. */
export function toWords(findings: readonly Reported[]): string {
  const accounts = [...new Set(findings.map(({ account }) => account))];
  const lines = accounts.flatMap((account) => {
    const own = findings.filter((one) => one.account === account);
    const width = Math.max(...own.map(({ check }) => check.length));
    return [...(account === undefined ? [] : [account]), ...own.flatMap((one) => toLines(one, width)), ""];
  });
  return [...lines, `${count(findings, "fault")}, ${count(findings, "warning")}`].join("\n");
}

function count(findings: readonly Diagnostic[], state: "fault" | "warning"): string {
  const many = findings.filter((one) => one.state === state).length;
  return `${many} ${state}${many === 1 ? "" : "s"}`;
}

const MARKS = { well: "ok  ", warning: "warn", fault: "BAD ", skipped: "-   " } as const;

function toLines({ check, state, says, remedy }: Diagnostic, width: number): string[] {
  const indent = " ".repeat(width + 8);
  const [first = "", ...more] = says.split("\n");
  return [
    `${MARKS[state]}  ${check.padEnd(width)}  ${first}`,
    ...more.map((line) => `${indent}${line}`),
    ...(remedy === undefined ? [] : [`${indent}→ ${remedy}`]),
  ];
}
