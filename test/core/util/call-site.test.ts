import { sourceLines } from "../../../src/core/util/call-site";

describe("sourceLines", () => {
  it("reads every form in which a stack names a place", () => {
    const stack = [
      "Error: at somewhere (/not/a/place)",
      "    at Object.command (/app/my bots/echo.ts:12:7)",
      "    at async /app/bots/echo.ts:3:1",
      "    at /app/bots/a (copy).ts:4:1",
      "    at new Bot (file:///app/bots/with%20blank.mjs:5:9)",
      "    at C:\\app\\bots\\echo.ts:6:2",
      "    at node:internal/process/task_queues:95:5",
      "    at eval (eval at <anonymous> (unknown))",
    ].join("\n");
    expect(sourceLines(stack)).toEqual([
      { file: "/app/my bots/echo.ts", line: 12, column: 7 },
      { file: "/app/bots/echo.ts", line: 3, column: 1 },
      { file: "/app/bots/a (copy).ts", line: 4, column: 1 },
      { file: "/app/bots/with blank.mjs", line: 5, column: 9 },
      { file: "C:\\app\\bots\\echo.ts", line: 6, column: 2 },
    ]);
  });

  it("finds nothing in a stack that says nothing", () => {
    expect(sourceLines("")).toEqual([]);
    expect(sourceLines("Error: no frames")).toEqual([]);
  });
});
