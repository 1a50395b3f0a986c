import { execFileSync } from "node:child_process";
import { join } from "node:path";

// Vitest's expect is an ES module, which jest does not load.
it("the matchers work in vitest's expect", () => {
  const output = execFileSync(process.execPath, [join(__dirname, "in-vitest.mjs")], { encoding: "utf8" });
  expect(JSON.parse(output)).toEqual({
    passed: ["toHaveReplied", "not.toHaveReplied", "toHaveSentCard"],
    failure: expect.stringMatching(/^Expected a reply with .*Bye.*\nThe bot wrote:\n {2}1\. .*Hello!/),
  });
});
