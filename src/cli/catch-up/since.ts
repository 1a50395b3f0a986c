import { UsageError } from "../output";

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads `90m`, `2h`, `3d`, or a time in ISO 8601.
 * @returns in milliseconds since 1970
 * @throws UsageError
 */
export function readSince(text: string, now: number): number {
  const [, amount, unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const since = amount === undefined ? readTime(text) : now - Number(amount) * (UNITS_MS[unit] ?? 0);
  if (Number.isNaN(since) || since > now)
    throw new UsageError(
      `--since is "${text}" (expected 90m, 2h, 3d or a time that is past, 2026-01-31T08:00:00Z)`,
    );
  return since;
}

/** Date.parse takes much for a time; "2" is a month to it. */
function readTime(text: string): number {
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
}
