import { SHAPES, type Shape } from "./shapes";

/**
 * Doubling the text may multiply the time by this much. Two doublings in a row have to exceed it, because memory that no
 * longer fits into a cache does so once.
 */
const MOST = 2.5;
/** Time that is long enough to be compared, in milliseconds of CPU. */
const MEASURABLE_MS = 2;
/** Longest text that is doubled twice, in UTF-16 units. */
const LONGEST = 65_536;
/** How many of the slowest shapes are measured. A shape that grows faster than the others is among them. */
const SLOWEST = 3;
/** A busy machine can double a measurement. It does not do so each time. */
const ROUNDS = 4;
/** Growth that no busy machine explains. */
const CLEAR = 3.3;

/**
 * Tries a function with all shapes, and measures how the time of the slowest ones grows.
 * @param size length of the texts that all shapes are tried with
 * @returns what grows too fast, in words; nothing if all is well
 */
export async function findFastGrowth(call: Call, size: number): Promise<readonly string[]> {
  // The first calls compile the code, and count for nothing.
  for (const [at, shape] of SHAPES.entries()) if (at % 8 === 0) await attempt(call, shape.text(size));
  const measured: { readonly shape: Shape; readonly ms: number }[] = [];
  for (const shape of SHAPES) measured.push({ shape, ms: await best(call, shape.text(size), 3) });
  const slowest = measured.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
  const found: string[] = [];
  for (const { shape } of slowest) {
    const growth = await growthOf(call, shape, size);
    if (growth !== undefined) found.push(growth);
  }
  return found;
}

/** A function under test, which may return a promise. */
export type Call = (text: string) => unknown;

async function growthOf(call: Call, shape: Shape, size: number): Promise<string | undefined> {
  let length = size;
  while (length < LONGEST && (await best(call, shape.text(2 * length))) < MEASURABLE_MS) length *= 2;
  let ratios: readonly [number, number] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const once = await best(call, shape.text(length));
    const twice = await best(call, shape.text(2 * length));
    if (twice < MEASURABLE_MS || twice <= MOST * once) return undefined;
    const fourTimes = await best(call, shape.text(4 * length));
    if (fourTimes <= MOST * twice) return undefined;
    ratios = [twice / once, fourTimes / twice];
    if (Math.min(...ratios) > CLEAR) break;
  }
  const [first, second] = ratios.map((ratio) => ratio.toFixed(1));
  return `${shape.name}: twice ${length} characters take ${first} times as long, four times as many ${second} times that`;
}

async function best(call: Call, text: string, runs = 5): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    least = Math.min(least, await cpuMs(call, text));
    // A text that takes this long is not a matter of chance.
    if (least > 200) break;
  }
  return least;
}

/** CPU time, which other processes do not add to. */
async function cpuMs(call: Call, text: string): Promise<number> {
  const before = process.cpuUsage();
  await attempt(call, text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** A refusal is an answer, too. */
async function attempt(call: Call, text: string): Promise<void> {
  try {
    await call(text);
  } catch (error) {
    if (error instanceof RangeError) throw error;
  }
}
