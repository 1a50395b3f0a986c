// Builds what changed in src, so that a test which starts the program, or one of its threads, tests today's code.
const { execFileSync } = require("node:child_process");
const { join } = require("node:path");

module.exports = () => {
  execFileSync(process.execPath, [join(__dirname, "../scripts/build.mjs"), "--js"], { stdio: "inherit" });
};
