// Lets Node run the tests' TypeScript as jest does. jiti, which loads the bots, wraps what it imports, and Express's
// getters do not bear that.
const { transformFileSync } = require("@swc/core");
const [, options] = require("../../jest.config.js").transform["^.+\\.ts$"];

require.extensions[".ts"] = (module, file) => {
  module._compile(transformFileSync(file, { ...options, swcrc: false }).code, file);
};
