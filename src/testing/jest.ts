/** Adds the matchers to jest's `expect`: `import "bellhop/testing/jest"`. */
import { type BellhopMatchers, matchers } from "./matchers";

declare global {
  namespace jest {
    // As @types/jest has it: only interfaces with the same parameters become one.
    // biome-ignore lint/complexity/noBannedTypes: its default is {}
    interface Matchers<R, T = {}> extends BellhopMatchers<Promise<R>> {}
  }
}

// Jest's own, which is there in its tests and nowhere else.
declare const expect: { extend(matchers: object): void };

expect.extend(matchers);
