/** Adds the matchers to vitest's `expect`: `import "bellhop/testing/vitest"`. Vitest can be imported by ES modules only. */
import { expect } from "vitest";
import { type BellhopMatchers, matchers } from "./matchers.js";

declare module "vitest" {
  // Only interfaces with the same parameters become one.
  // biome-ignore lint/suspicious/noExplicitAny: as vitest has it
  interface Matchers<T = any> extends BellhopMatchers<Promise<void>> {}
}

expect.extend(matchers);
