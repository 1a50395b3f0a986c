/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
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
  testTimeout: 30_000,
};
