/**
 * The name that was probably meant: the nearest by letters that are added, left out, changed or swapped, without regard
 * to case. `undefined` when none is near.
 */
export function suggest(given: string, names: Iterable<string>): string | undefined {
  const wanted = given.toLowerCase();
  const limit = Math.min(3, Math.floor(wanted.length / 3) + (wanted.length > 1 ? 1 : 0));
  let best: string | undefined;
  let least = limit + 1;
  for (const name of names) {
    // Each letter more is a step more: a long text is not compared letter by letter.
    if (Math.abs(name.length - wanted.length) > limit) continue;
    const steps = distance(wanted, name.toLowerCase());
    if (steps >= least || name === given) continue;
    best = name;
    least = steps;
  }
  return best;
}

/** `, did you mean "name"?` or nothing, for the end of a message. */
export function didYouMean(given: string, names: Iterable<string>): string {
  const meant = suggest(given, names);
  return meant === undefined ? "" : `, did you mean "${meant}"?`;
}

/** What to do, after the name that was probably meant, if there is one: `did you mean "name"? Otherwise remove it`. */
export function meantOr(otherwise: string, given: string, names: Iterable<string>): string {
  const meant = suggest(given, names);
  return meant === undefined ? otherwise : `did you mean "${meant}"? Otherwise ${otherwise}`;
}

/** Optimal string alignment. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      const isSwapped = row > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (line[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + cost,
          isSwapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = above;
    above = line;
  }
  return above[b.length] ?? 0;
}
