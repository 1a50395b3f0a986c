const { availableParallelism } = require("node:os");

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  globalSetup: "<rootDir>/test/build.cjs",
  moduleNameMapper: {
    "^bellhop$": "<rootDir>/src/index.ts",
    "^bellhop/testing$": "<rootDir>/src/testing/index.ts",
    "^bellhop/testing/jest$": "<rootDir>/src/testing/jest.ts",
  },
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  // swc compiles; `npm run types` checks. `ignoreDynamic` keeps import() a real import().
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2023" },
        module: { type: "commonjs", ignoreDynamic: true },
        sourceMaps: "inline",
      },
    ],
  },
  // For a test that hangs; no test ends by it on a slow machine.
  testTimeout: 120_000,
  // By default jest leaves one core to itself, and two cores run one worker. Its own process is idle while tests run.
  maxWorkers: availableParallelism(),
};
