// As much of vitest as bellhop/testing/vitest needs to be compiled; whoever imports that has the real one.
// biome-ignore lint/suspicious/noExplicitAny: as vitest has it
export interface Matchers<T = any> {
  not: Matchers<T>;
}
export const expect: { extend(matchers: object): void };
