import type { Finding } from "../../core/finding";

/** A finding with what it belongs to. */
export interface Reported extends Finding {
  /** `webex/default`; absent for what belongs to the program as a whole. */
  readonly account?: string;
}

/** Findings as lines for people, those of each account below its name. */
export function toWords(findings: readonly Reported[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  let account: string | undefined;
  const lines = findings.flatMap((finding) => {
    const head = finding.account === account ? [] : ["", `${finding.account}`];
    account = finding.account;
    return [...head, ...toLines(finding, width)];
  });
  const count = (state: Finding["state"]): number => findings.filter((one) => one.state === state).length;
  return [...lines, "", `${count("fault")} faults, ${count("warning")} warnings`].join("\n");
}

const MARKS = { well: "ok  ", warning: "warn", fault: "BAD ", skipped: "-   " } as const;

function toLines({ check, state, says, remedy }: Finding, width: number): string[] {
  const indent = " ".repeat(width + 8);
  const [first = "", ...more] = says.split("\n");
  return [
    `${MARKS[state]}  ${check.padEnd(width)}  ${first}`,
    ...more.map((line) => `${indent}${line}`),
    ...(remedy === undefined ? [] : [`${indent}→ ${remedy}`]),
  ];
}
