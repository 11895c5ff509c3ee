// Opens the page as an officer does: the program is started on a folder, and Chromium goes to the
// address that it prints. Whatever the page complains of, in its console or by a policy, is kept.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const tools = path.resolve(process.env.BIEU_BROWSER_TOOLS ?? "target/browser");
const need = createRequire(pathToFileURL(path.join(tools, "package.json")));
const { chromium } = need("playwright-core");
const axe = fs.readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");

export const bieu = path.resolve(process.env.BIEU ?? "target/debug/bieu");
export const samples = path.resolve(process.env.BIEU_SAMPLES ?? "samples");

/** A folder of its own for one test, with copies of samples: `{name: sample}`. */
export function workFolder(copies = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bieu-page-"));
  for (const [name, sample] of Object.entries(copies))
    fs.cpSync(path.join(samples, sample), path.join(folder, name), { recursive: true });
  return folder;
}

/** What a command prints, run beside the page. */
export async function run(cwd, ...args) {
  const child = spawn(bieu, args, { cwd, env: { ...process.env, BIEU_LANG: "vi" } });
  const out = [];
  let said = "";
  child.stdout.on("data", (data) => out.push(data));
  child.stderr.on("data", (data) => (said += data));
  const [code] = await once(child, "close");
  if (code > 1) throw new Error(`bieu ${args.join(" ")}: ${said}`);
  return Buffer.concat(out).toString("utf8");
}

/** Starts the program; answers with the address that it prints. */
export async function start(folder, { home, cwd } = {}) {
  delete process.env.BIEU_LANG;
  const kept = fs.mkdtempSync(path.join(os.tmpdir(), "bieu-home-"));
  const child = spawn(bieu, ["app", ...(folder ? [folder] : []), "--no-browser"], {
    cwd,
    env: { ...process.env, BIEU_HOME: kept, HOME: home ?? process.env.HOME },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const url = await new Promise((done, failed) => {
    const hear = (data) => {
      said += data;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\w+/.exec(said);
      if (found) done(found[0]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("close", () => failed(new Error(`the program ended: ${said}`)));
    setTimeout(() => failed(new Error(`no address in 30 s: ${said}`)), 30000).unref();
  });
  return {
    child,
    url,
    stop() {
      child.kill("SIGKILL");
      fs.rmSync(kept, { recursive: true, force: true });
    },
  };
}

export async function browser() {
  const named = [
    process.env.BIEU_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ].find((it) => it && fs.existsSync(it));
  return chromium.launch({ executablePath: named, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** A page with ears: `trouble` holds what it complained of. */
export async function open(chrome, url, { width = 1280, height = 800, colorScheme = "light" } = {}) {
  const context = await chrome.newContext({
    viewport: { width, height },
    colorScheme,
    acceptDownloads: true,
    locale: "vi-VN",
  });
  const page = await context.newPage();
  // Generous: what is slow here is measured by measure.mjs, and this may run beside other work.
  page.setDefaultTimeout(90000);
  const trouble = [];
  page.on(
    "console",
    (message) =>
      ["error", "warning"].includes(message.type()) && trouble.push(`${message.text()} ${message.location().url}`),
  );
  page.on(
    "response",
    async (response) =>
      response.status() >= 400 &&
      trouble.push(
        `${response.status()} ${response.url()} ${response.request().postData()} ${await response.text().catch(() => "")}`,
      ),
  );
  page.on("dialog", (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("pageerror", (error) => trouble.push(String(error.stack ?? error)));
  page.on("requestfailed", (request) => request.url().includes("/assets/") && trouble.push(`failed: ${request.url()}`));
  page.on("request", (request) => {
    if (
      !request.url().startsWith(new URL(url).origin) &&
      !request.url().startsWith("data:") &&
      !request.url().startsWith("blob:")
    )
      trouble.push(`outside: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector("#main > *");
  return { page, context, trouble };
}

/** What axe-core finds wrong with what is shown now. */
export async function violations(page) {
  // In the page's world by the debugger, which the policy of the page does not concern.
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map(
    (it) =>
      `${it.id}: ${it.nodes
        .slice(0, 3)
        .map((node) => `${node.target.join(" ")} ${node.failureSummary?.split("\n").slice(1, 2).join("").trim()}`)
        .join(" | ")}`,
  );
}

/** A list of checks: each is told as it passes; the first that fails ends the run. */
export function check(what, holds, more = "") {
  if (!holds) throw new Error(`${what}${more ? `: ${typeof more === "string" ? more : JSON.stringify(more)}` : ""}`);
  console.log(`ok  ${what}`);
}

export function same(what, seen, wanted) {
  check(
    what,
    JSON.stringify(seen) === JSON.stringify(wanted),
    `seen ${JSON.stringify(seen)}, wanted ${JSON.stringify(wanted)}`,
  );
}
