/** Every way a bot's module can be written and can get hold of the framework; each bot's handler returns its `marker`. */
export const WAYS_TO_IMPORT: Readonly<Record<string, string>> = {
  "module.ts": `
    import { defineBot, marker } from "bellhop";
    import type { Context } from "bellhop";
    export default defineBot((bot) => bot.hears(bot.name, (_ctx: Context) => marker));`,
  "module-all.mts": `
    import * as bellhop from "bellhop";
    export default bellhop.defineBot((bot) => bot.hears(bot.name, () => bellhop.marker));`,
  "module-await.ts": `
    const { defineBot, marker } = await import("bellhop");
    export default defineBot((bot) => bot.hears(bot.name, () => marker));`,
  "module-later.ts": `
    import { defineBot } from "bellhop";
    export default defineBot((bot) => bot.hears(bot.name, async () => (await import("bellhop")).marker));`,
  "module.mjs": `
    import { defineBot, marker } from "bellhop";
    export default defineBot((bot) => bot.hears(bot.name, () => marker));`,
  "module-later.mjs": `
    import { defineBot } from "bellhop";
    export default defineBot((bot) => bot.hears(bot.name, async () => (await import("bellhop")).marker));`,
  "module-in-js.js": `
    import { defineBot, marker } from "bellhop";
    export default defineBot((bot) => bot.hears(bot.name, () => marker));`,
  "module-neighbours.mjs": `
    import { marker } from "./_shared.mjs";
    import { marker as upstairs } from "../lib/upstairs.js";
    import { defineBot } from "bellhop";
    export default defineBot((bot) => bot.hears(bot.name, () => (marker === upstairs ? marker : "different")));`,
  "module-neighbours.ts": `
    import { defineBot } from "bellhop";
    import { marker } from "./_typed";
    import { marker as upstairs } from "../lib/upstairs";
    export default defineBot((bot) => bot.hears(bot.name, () => (marker === upstairs ? marker : "different")));`,
  "module-packages.ts": `
    import { readFileSync } from "node:fs";
    import { defineBot, marker } from "bellhop";
    import common, { named } from "common-package";
    import modern from "modern-package";
    if (typeof readFileSync !== "function" || common() !== 1 || named !== 2 || modern !== 3) throw new Error("interop");
    export default defineBot((bot) => bot.hears(bot.name, () => marker));`,
  "module-packages.mjs": `
    import fs from "fs";
    import { defineBot, marker } from "bellhop";
    import common from "common-package";
    import modern from "modern-package";
    if (typeof fs.readFileSync !== "function" || common() !== 1 || modern !== 3) throw new Error("interop");
    export default defineBot((bot) => bot.hears(bot.name, () => marker));`,
  "module-once.mjs": `
    import { defineBot, marker } from "bellhop";
    globalThis.timesRun = (globalThis.timesRun ?? 0) + 1;
    const timesRun = globalThis.timesRun;
    export default defineBot((bot) => bot.hears(bot.name, () => (timesRun === 1 ? marker : "run twice")));`,
  "typescript-only.ts": `
    import { defineBot, marker } from "bellhop";
    enum Answer { Yes = 1 }
    namespace Space { export const one: number = 1 }
    class Keeper { constructor(private readonly kept: string) {} get() { return this.kept } }
    export default defineBot((bot) =>
      bot.hears(bot.name, () => (Answer.Yes === Space.one ? new Keeper(marker).get() : "different")));`,
  "common.cjs": `
    const { defineBot, marker } = require("bellhop");
    module.exports = defineBot((bot) => bot.hears(bot.name, () => marker));`,
  "common.cts": `
    const { defineBot, marker } = require("bellhop");
    module.exports = defineBot((bot: any) => bot.hears(bot.name, () => marker));`,
  "common-in-js.js": `
    const { defineBot, marker } = require("bellhop");
    module.exports = defineBot((bot) => bot.hears(bot.name, () => marker));`,
  "common-compiled.cjs": `
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    const bellhop_1 = require("bellhop");
    exports.default = (0, bellhop_1.defineBot)((bot) => bot.hears(bot.name, () => bellhop_1.marker));`,
  "common-later.cjs": `
    const { defineBot } = require("bellhop");
    module.exports = defineBot((bot) => bot.hears(bot.name, async () => (await import("bellhop")).marker));`,
  "common-neighbours.cjs": `
    const { defineBot } = require("bellhop");
    const { marker } = require("./_shared.cjs");
    const common = require("common-package");
    if (common() !== 1) throw new Error("interop");
    module.exports = defineBot((bot) => bot.hears(bot.name, () => marker));`,
};

/** What stands beside the bots, by path as seen from their folder. */
export const NEIGHBOURS: Readonly<Record<string, string>> = {
  "_shared.mjs": `export { marker } from "bellhop";`,
  "_shared.cjs": `exports.marker = require("bellhop").marker;`,
  "_typed.ts": `export { marker } from "bellhop"; export type Nothing = never;`,
  "../lib/upstairs.js": `import { marker } from "bellhop"; export { marker };`,
  "node_modules/common-package/package.json": `{ "name": "common-package", "main": "main.js" }`,
  "node_modules/common-package/main.js": `module.exports = () => 1; module.exports.named = 2;`,
  "node_modules/modern-package/package.json": `{ "name": "modern-package", "type": "module", "exports": "./main.js" }`,
  "node_modules/modern-package/main.js": `export default 3;`,
};

/** Another copy of the framework, as an older installation leaves it. */
export const FOREIGN_FRAMEWORK: Readonly<Record<string, string>> = {
  "node_modules/bellhop/package.json": `{ "name": "bellhop", "exports": { "require": "./main.js", "import": "./main.mjs" } }`,
  "node_modules/bellhop/main.js": `
    exports.marker = "foreign";
    exports.defineBot = (setup) => ({ [Symbol.for("bellhop.bot-definition")]: setup });`,
  "node_modules/bellhop/main.mjs": `
    export const marker = "foreign";
    export const defineBot = (setup) => ({ [Symbol.for("bellhop.bot-definition")]: setup });`,
};
