// Draws docs/images/playground.png and its dark twin, the built program and the conversation a newcomer has with it,
// docs/images/intercom.png, a card where there are no cards, and docs/images/cards.png, its cards with one that is being
// written.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("..", import.meta.url));
const images = join(root, "docs/images");
const home = mkdtempSync(join(tmpdir(), "bellhop-screenshot-"));
cpSync(join(root, "cards"), join(home, "cards"), { recursive: true });
const program = startProgram();
let browser;
try {
  const url = await addressOf(program);
  browser = await chromium.launch({ executablePath: findBrowser(), args: browserFlags() });
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    reducedMotion: "reduce",
  });
  await page.goto(url);
  await converse(page);
  mkdirSync(images, { recursive: true });
  for (const [scheme, file] of [
    ["light", "playground.png"],
    ["dark", "playground-dark.png"],
  ]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: join(images, file) });
    console.log(join("docs/images", file));
  }
  await page.emulateMedia({ colorScheme: "light" });
  await fileAnExpense(page);
  await page.screenshot({ path: join(images, "intercom.png") });
  console.log("docs/images/intercom.png");
  await page.goto(new URL("cards", url).href);
  await page.getByRole("heading", { name: "greeting" }).waitFor();
  writeCardWithFaults();
  await page.getByRole("heading", { name: "approval" }).waitFor();
  await page.screenshot({ path: join(images, "cards.png") });
  console.log("docs/images/cards.png");
} finally {
  await browser?.close();
  if (program.exitCode === null && program.kill("SIGTERM")) await once(program, "exit");
  rmSync(home, { recursive: true, force: true });
}

async function converse(page) {
  const log = page.getByRole("log", { name: "Conversation" });
  await say(page, "hello", "Hello");
  await say(page, "card", "Your name");
  await log.getByLabel("Your name").fill("Ada");
  await log.getByRole("button", { name: "Send" }).click();
  await log.getByText("Sent at").waitFor();
  await log.getByText(/Ada!/).waitFor();
  // The delivery of the bot's own answer, which is the last to arrive.
  const calls = page.getByRole("complementary", { name: "Timeline" }).getByRole("listitem");
  await calls.first().filter({ hasText: "messages.created" }).waitFor();
  await letGo(page);
}

async function fileAnExpense(page) {
  await page.getByRole("tab", { name: "Intercom" }).click();
  await page.getByRole("heading", { name: "New conversation" }).waitFor();
  await say(page, "expense 12.50 EUR", "An expense to approve");
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByRole("article").filter({ hasText: "Comment?" }).waitFor();
  await say(page, "Enjoy your meal.", "Approved");
  await letGo(page);
}

async function say(page, text, answer) {
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.getByRole("textbox", { name: "Message" }).press("Enter");
  await page
    .getByRole("article", { name: /^Bellhop/ })
    .filter({ hasText: answer })
    .last()
    .waitFor();
}

/** Neither the focus nor the mouse is to be seen. */
async function letGo(page) {
  await page.evaluate("document.activeElement.blur()");
  await page.mouse.move(0, 0);
}

function writeCardWithFaults() {
  const body = [
    { type: "TextBlock", text: "Who approves this?", size: "large", style: "heading" },
    { type: "Input.Text", id: "approver", label: "Approver", placehoder: "ada@example.com" },
    { type: "Table", columns: [] },
  ];
  const card = { type: "AdaptiveCard", version: "1.3", body };
  writeFileSync(join(home, "cards/approval.json"), JSON.stringify(card, undefined, 2));
}

/** As somebody without an account starts it; the folder has no .env that could say otherwise. */
function startProgram() {
  const stranger = Object.entries(process.env).filter(
    ([name]) => name !== "HOST" && !name.startsWith("WEBEX_"),
  );
  return spawn(process.execPath, [join(root, "dist/cli/main.js"), "start"], {
    cwd: home,
    env: {
      ...Object.fromEntries(stranger),
      BOTS_DIR: join(root, "bots"),
      CARDS_DIR: join(home, "cards"),
      DATA_DIR: join(home, "data"),
      PORT: "0",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function addressOf(child) {
  let output = "";
  return new Promise((found, failed) => {
    child.stdout.on("data", (chunk) => {
      output += chunk;
      const words = output.split(/\s/).slice(0, -1);
      const url = words.find((word) => word.startsWith("http://") && word.endsWith("/playground/"));
      if (url !== undefined) found(url);
    });
    child.once("exit", () => failed(new Error(`The program ended before it served. It wrote:\n${output}`)));
  });
}

function findBrowser() {
  const places = [
    process.env.CHROMIUM_PATH,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  const found = places.find((path) => path !== undefined && existsSync(path));
  if (found === undefined)
    throw new Error(
      "No Chromium was found: install one (`apt-get install chromium`) or set CHROMIUM_PATH to it.",
    );
  return found;
}

function browserFlags() {
  // Chromium's sandbox refuses to run as root.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return [...sandbox, "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
}
