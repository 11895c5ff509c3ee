// The five steps without a mouse: Tab, arrows, Enter and the page's own keys, and nothing else.

import fs from "node:fs";
import path from "node:path";
import { browser, check, open, samples, start, workFolder } from "./page.mjs";

const work = workFolder({
  "so-lieu-2023": "luc-binh-2023",
  "nop-ve/xa-1": "luc-binh-2023",
  "nop-ve/xa-2": "luc-binh-2023-da-sua",
});
fs.mkdirSync(path.join(work, "xa-moi"));
fs.copyFileSync(path.join(samples, "bieu-3-nam-2024/xa-hoi.csv"), path.join(work, "xa-moi/so-lieu-xa-hoi.csv"));
const server = await start(null, { home: work });
const chrome = await browser();

try {
  const { page, trouble } = await open(chrome, server.url);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const on = (selector) => page.evaluate((it) => Boolean(document.activeElement?.matches(it)), selector);
  /** Goes on with Tab until the focus is where it is wanted. */
  const tab = async (selector, most = 80) => {
    for (let at = 0; at < most; at++) {
      if (await on(selector)) return;
      await press("Tab");
      const ring = await page.evaluate(() => {
        const it = document.activeElement;
        if (!it || it === document.body) return true;
        const style = getComputedStyle(it);
        return it.matches(":focus-visible") && (style.outlineStyle !== "none" || style.boxShadow !== "none");
      });
      if (!ring)
        check(
          "the focus is seen",
          await on("main, .summary h2, dialog, .origin, .compared, .detail"),
          await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200)),
        );
    }
    throw new Error(`no way by Tab to ${selector}`);
  };
  const folder = async (name) => {
    await press("1");
    await tab(".path");
    await press("Control+a");
    await page.keyboard.type(path.join(work, name));
    await press("Enter");
    await page.waitForFunction((it) => document.querySelector(".chooser").dataset.path?.endsWith(it), name);
    await tab("[data-open]");
    await press("Enter");
    await page.waitForFunction(
      (it) => document.querySelector(".summary h2")?.textContent.includes(it) && !document.getElementById("reading"),
      name,
      { timeout: 90000 },
    );
  };

  await press("Tab");
  check("Tab begins at the link to the content", await on(".skip"));
  await press("Enter");
  // Where the folders are listed late, what was typed meanwhile stays.
  await page.route("**/api/browse", async (route) => {
    await new Promise((done) => setTimeout(done, 1500));
    await route.continue();
  });
  await page.reload();
  await page.waitForSelector(".chooser .path");
  const late = page.waitForResponse("**/api/browse");
  await tab(".path");
  await page.keyboard.type("/mot-thu-muc");
  await late;
  await page.waitForSelector(".chooser .roots button");
  check("what is typed stays", (await page.inputValue(".path")) === "/mot-thu-muc");
  await page.unroute("**/api/browse");

  await folder("so-lieu-2023");
  await tab(".summary .primary");
  await press("Enter");
  await page.waitForSelector(".finding");
  check("1 choose", true);

  const chosen = () => page.evaluate(() => document.querySelector(".finding[aria-current]")?.dataset.id);
  const first = await chosen();
  await press("n", "n", "p");
  check("n and p go through the findings", (await chosen()) !== first);
  await press("g");
  await page.waitForFunction(() => document.activeElement.matches(".grid"));
  check("g goes to the sheet", true);
  await press("Control+End");
  const end = await page.textContent(".formula .address");
  await press("Control+Home", "ArrowDown", "ArrowRight");
  check("arrows move in the sheet", (await page.textContent(".formula .address")) !== end);
  await press("Escape");
  check("Escape goes back to the list", await on(".finding"));
  await press("e");
  await page.waitForSelector("dialog");
  await press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  await tab("[data-known]");
  await press("Enter");
  await page.waitForSelector("dialog textarea");
  await page.keyboard.type("đã đối chiếu với sổ gốc");
  await press("Tab", "Control+a");
  await page.keyboard.type("Văn phòng");
  await press("Enter");
  await page
    .waitForFunction(
      (id) => ![...document.querySelectorAll(".finding")].some((it) => it.dataset.id === id),
      await chosen(),
      { timeout: 90000 },
    )
    .catch(() => {});
  check("3 correct: the reason is written", fs.existsSync(path.join(work, "so-lieu-2023/bieu.toml")));

  await press("4");
  await page.waitForSelector(".appendix .fig");
  await tab(".fig");
  await press("ArrowDown", "ArrowRight", "Enter");
  await page.waitForSelector(".origin .mark-origin");
  await tab(".origin .grid");
  await press("ArrowDown", "Escape");
  check("4 form: a figure shows its origin, Escape goes back to it", await on(".fig"));
  await press("Shift+Tab");
  for (let at = 0; at < 12 && !(await on("[data-download]")); at++) await press("Shift+Tab");
  const [file] = await Promise.all([page.waitForEvent("download"), press("Enter")]);
  check("4 form: downloaded", (await file.path()) !== null);

  await folder("nop-ve");
  await press("5");
  await page.waitForSelector(".submissions tbody input");
  await tab(".submissions input");
  await press("Space", "Tab", "Tab", "Space");
  for (let at = 0; at < 20 && !(await on("[data-compare]")); at++) await press("Shift+Tab");
  await press("Enter");
  await page.waitForSelector(".compared h3");
  check("5 many: compared", await on(".compared"));
  await tab(".submissions .link-like");
  await press("Enter");
  await page.waitForSelector(".finding");
  check("5 many: opened", true);

  await folder("xa-moi");
  await press("2");
  await page.waitForSelector(".draft-entry, .describe .nothing", { timeout: 90000 });
  await tab(".chip.state-certain");
  await press("Enter");
  await tab('.draft-entry[data-id*="|r"]');
  await press("Enter");
  await tab("[data-other]");
  await press("Enter");
  await page.waitForSelector("dialog [role=combobox]");
  await page.keyboard.type("ho");
  await press("ArrowDown", "Enter");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.waitForFunction(
    () => document.querySelector('[data-tool="undo"]') && !document.querySelector('[data-tool="undo"]').disabled,
    null,
    { timeout: 90000 },
  );
  await press("Control+z");
  await page.waitForFunction(() => document.querySelector('[data-tool="undo"]').disabled, null, { timeout: 90000 });
  check("2 describe: chosen and undone", true);
  for (let at = 0; at < 60 && !(await on('[data-tool="save"]')); at++) await press("Shift+Tab");
  await press("Enter");
  await page.waitForFunction(() => document.querySelector('[data-key="sua"]:not([aria-disabled])'), null, {
    timeout: 90000,
  });
  check("2 describe: saved", fs.existsSync(path.join(work, "xa-moi/mapping.toml")));
  check("the page complains of nothing", trouble.length === 0, trouble);
} finally {
  await chrome.close();
  server.stop();
  fs.rmSync(work, { recursive: true, force: true });
}
