// Makes the pictures of `bieu app` anew, from the samples and the program itself; `make.py app` runs it
// and then makes them small. Needs what tests/browser needs: node, Chromium, playwright-core.
//
//     BIEU=target/debug/bieu node docs/pictures/app.mjs

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { browser, open, samples, start, workFolder } from "../../tests/browser/page.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const top = workFolder({
  "Documents/so-lieu-2023": "luc-binh-2023",
  "Documents/nop-ve-2023/xa-1": "luc-binh-2023",
  "Documents/nop-ve-2023/xa-2": "luc-binh-2023-da-sua",
});
const work = path.join(top, "Documents");
fs.mkdirSync(path.join(work, "nop-ve-2023/xa-3"));
// A file that broke on its way.
const whole = fs.readFileSync(path.join(samples, "luc-binh-2023/giao-duc.xlsx"));
fs.writeFileSync(path.join(work, "nop-ve-2023/xa-3/giao-duc.xlsx"), whole.subarray(0, whole.length / 2));
// Names that no bundled mapping knows.
fs.mkdirSync(path.join(work, "xa-moi"));
for (const [from, to] of [
  ["trong-trot-2023.xlsx", "cay-trong.xlsx"],
  ["quoc-phong.csv", "quan-su.csv"],
])
  fs.copyFileSync(path.join(samples, "luc-binh-2023", from), path.join(work, "xa-moi", to));
const server = await start(null, { home: top, cwd: work });
const chrome = await browser();
try {
  const { page } = await open(chrome, server.url);
  const shot = async (name, settle = 350) => {
    await page.evaluate(() => document.querySelectorAll(".note").forEach((it) => it.remove()));
    await page.mouse.move(0, 0);
    await page.waitForTimeout(settle);
    await page.screenshot({ path: path.join(here, `${name}.png`) });
    console.log(`${name}.png`);
  };
  const folder = async (name) => {
    await page.click('[data-key="chon"]');
    await page.fill(".path", path.join(work, name));
    await page.press(".path", "Enter");
    await page.waitForFunction((it) => document.querySelector(".chooser").dataset.path?.endsWith(it), name);
    await page.click("[data-open]");
    await page.waitForFunction(
      (it) => document.querySelector(".summary h2")?.textContent.includes(it) && !document.getElementById("reading"),
      name,
      { timeout: 60000 },
    );
  };
  /** The folder for this run has a name that nobody need see. */
  const plain = () =>
    page.evaluate((it) => {
      for (const input of document.querySelectorAll("input"))
        input.value = input.value.replace(it, "C:/Users/canbo/Documents");
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walk.nextNode())
        if (walk.currentNode.data.includes(it))
          walk.currentNode.data = walk.currentNode.data.replace(it, "C:/Users/canbo/Documents");
      for (const root of document.querySelectorAll(".roots li"))
        if (!/^(Tài liệu|Màn hình|Tải xuống|Documents|Desktop|Downloads|Thư mục cá nhân)/.test(root.textContent))
          root.remove();
    }, work);

  await folder("nop-ve-2023");
  await folder("so-lieu-2023");
  await page.waitForTimeout(500);
  await plain();
  await shot("app-chon");

  await page.click(".summary .primary");
  await page.waitForSelector(".finding");
  await page.click(".finding:has-text('lương thực') >> nth=0");
  await page.waitForSelector(".grid .mark-target");
  await shot("app-sua");
  await page.click("[data-known]");
  await page.fill("dialog textarea", "Tính theo dân số cuối năm, đã báo cáo tại kỳ họp");
  await page.fill('dialog input[type="text"]', "Văn phòng UBND");
  await shot("app-da-biet");
  await page.keyboard.press("Escape");
  fs.copyFileSync(
    path.join(samples, "luc-binh-2023-da-sua/trong-trot-2023.xlsx"),
    path.join(work, "so-lieu-2023/trong-trot-2023.xlsx"),
  );
  await page.waitForSelector(".changes summary", { timeout: 60000 });
  await page.click(".changes summary");
  await page.emulateMedia({ colorScheme: "dark" });
  await shot("app-sau-khi-luu");
  await page.emulateMedia({ colorScheme: "light" });

  await page.click('[data-key="bieu"]');
  await page.waitForSelector(".appendix tbody tr");
  await page.click(".appendix tbody tr:has(th:text('lương thực')) .fig >> nth=1");
  await page.waitForSelector(".origin .mark-origin");
  await shot("app-bieu");

  await folder("xa-moi");
  await page.click('[data-key="khai-bao"]');
  await page.waitForSelector(".draft-entry", { timeout: 60000 });
  await page.selectOption(".basis select", "chi-tieu");
  await page.waitForFunction(
    () =>
      document.querySelector(".basis")?.dataset.now?.startsWith("chi-tieu/") && !document.querySelector("[aria-busy]"),
    null,
    { timeout: 60000 },
  );
  await page.click(".draft-entry >> nth=0");
  await page.waitForSelector(".grid .tint-header");
  await shot("app-khai-bao");
  await page.click("[data-other]");
  await page.keyboard.type("luong thuc");
  await shot("app-chon-chi-tieu");
  await page.keyboard.press("Escape");

  await folder("nop-ve-2023");
  await page.click(".summary .primary");
  await page.waitForSelector(".submissions tbody tr");
  await plain();
  await shot("app-nhieu");

  await folder("so-lieu-2023");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.click('[data-key="sua"]');
  await page.waitForSelector(".finding");
  await page.click(".finding >> nth=1");
  await page.waitForSelector(".grid .mark-target");
  await shot("app-360");
} finally {
  await chrome.close();
  server.stop();
  fs.rmSync(top, { recursive: true, force: true });
}
