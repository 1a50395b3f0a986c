import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const remedy = "install one (`apt-get install chromium`) or set CHROMIUM_PATH to it";

/** `undefined` when there is none, which only a person's own computer may get away with. */
function findBrowser(): string | undefined {
  const told = process.env.CHROMIUM_PATH;
  const found = told === undefined ? usualPlaces.find((path) => existsSync(path)) : told;
  if (found !== undefined && existsSync(found)) return found;
  const where = told === undefined ? "in the usual places" : `at CHROMIUM_PATH "${told}"`;
  if (process.env.CI || told !== undefined)
    throw new Error(`The chat page's tests found no Chromium ${where}: ${remedy}.`);
  return undefined;
}

const executablePath = findBrowser();

/** `describe`, skipped out loud where there is no browser. */
export const describeInBrowser = executablePath === undefined ? skipLoudly : describe;

function skipLoudly(name: string, tests: () => void): void {
  process.stderr.write(`\nSKIPPED: ${name}: no Chromium was found; ${remedy}.\n`);
  describe.skip(name, tests);
}

/** Starts Chromium without a window and without calls to anybody. */
export async function launchBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(`There is no Chromium: ${remedy}.`);
  return await chromium.launch({
    executablePath,
    args: [
      "--headless",
      // Chromium's sandbox refuses to run as root, as which containers run.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
