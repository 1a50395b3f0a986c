/** @param {readonly number[]} values at least one */
export function medianOf(values) {
  return quantileOf(values, 0.5);
}

/**
 * @param {readonly number[]} values at least one
 * @param {number} q 0 to 1
 */
export function quantileOf(values, q) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

/**
 * The median of each field over the rounds.
 * @param {readonly Record<string, number>[]} rounds of the same fields
 */
export function mediansOf(rounds) {
  const [first = {}] = rounds;
  return Object.fromEntries(
    Object.keys(first).map((name) => [name, medianOf(rounds.map((round) => round[name]))]),
  );
}
