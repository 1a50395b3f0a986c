/**
 * Rows in columns, for people: the last column is cut off where the terminal ends.
 * @param width of the terminal, in characters
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const all = [head.map((name) => name.toUpperCase()), ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line)).join("\n");
}

const UNITS: readonly (readonly [limitMs: number, unitMs: number, name: string])[] = [
  [60_000, 1_000, "s"],
  [3_600_000, 60_000, "min"],
  [48 * 3_600_000, 3_600_000, "h"],
  [Number.POSITIVE_INFINITY, 86_400_000, "d"],
];

/** `3 min ago`, `in 20 s` @param at in milliseconds since 1970 */
export function ago(at: number, now = Date.now()): string {
  const ms = Math.abs(now - at);
  const [, unitMs, name] = UNITS.find(([limitMs]) => ms < limitMs) ?? [0, 86_400_000, "d"];
  const much = `${Math.floor(ms / unitMs)} ${name}`;
  return at > now ? `in ${much}` : `${much} ago`;
}
