// Measures a sheet of 10,000 rows and 30 columns in the page: how soon the largest thing is painted,
// how soon a key or a click shows, how much moves by itself, and how many nodes there are.
//
//     BIEU=target/release/bieu node tests/browser/measure.mjs

import fs from "node:fs";
import path from "node:path";
import { browser, check, open, start, workFolder } from "./page.mjs";

const ROWS = 10000;
const COLUMNS = 30;
const LIMITS = { lcp: 500, inp: 200, cls: 0.1, nodes: 3000 };

const folder = workFolder();
const cells = (row) =>
  Array.from({ length: COLUMNS - 2 }, (_, column) => ((row * 31 + column * 17) % 99991) / 100).map((it) =>
    String(it).replace(".", ","),
  );
const lines = [["Chỉ tiêu", "Thực hiện", ...Array.from({ length: COLUMNS - 2 }, (_, at) => `Cột ${at + 3}`)]];
for (let row = 1; row < ROWS; row++) lines.push([`Dòng ${row}`, row === 1 ? 31 : 10, ...cells(row)]);
fs.writeFileSync(path.join(folder, "lon.csv"), `\ufeff${lines.map((it) => it.join(";")).join("\r\n")}\r\n`);
fs.writeFileSync(
  path.join(folder, "chi-tieu.toml"),
  '[catalogue]\nid = "lon"\nperiod = "2023"\n[[indicator]]\nid = "tong"\nlabel = "Tổng"\nunit = "con"\nparts = ["mot", "hai"]\n[[indicator]]\nid = "mot"\nlabel = "Một"\nunit = "con"\n[[indicator]]\nid = "hai"\nlabel = "Hai"\nunit = "con"\n',
);
fs.writeFileSync(
  path.join(folder, "mapping.toml"),
  `[mapping]\nid = "lon"\ncatalogue = "chi-tieu.toml"\n[[source]]\nfile = "lon.csv"\nlabel = "Chỉ tiêu"\n[source.columns]\n"Thực hiện" = "actual"\n${lines[0]
    .slice(2)
    .map((it) => `"${it}" = "ignore"`)
    .join("\n")}\n[source.rows]\n"Dòng 1" = "tong"\n"Dòng 2" = "mot"\n"Dòng 3" = "hai"\n"*" = "ignore"\n`,
);

const server = await start(folder);
const chrome = await browser();
try {
  const { page, trouble } = await open(chrome, server.url);
  await page.waitForSelector(".summary .primary");
  await page.click(".summary .primary");
  await page.waitForSelector(".grid .cell .text");
  await page.evaluate(() => sessionStorage.setItem("measured", "1"));
  // Opened anew at the sheet, as a refresh does.
  await page.addInitScript(() => {
    globalThis.seen = { lcp: 0, cls: 0, events: new Map() };
    new PerformanceObserver((list) => {
      for (const it of list.getEntries()) seen.lcp = it.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
      for (const it of list.getEntries()) if (!it.hadRecentInput) seen.cls += it.value;
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      for (const it of list.getEntries())
        if (it.interactionId)
          seen.events.set(it.interactionId, Math.max(seen.events.get(it.interactionId) ?? 0, it.duration));
    }).observe({ type: "event", buffered: true, durationThreshold: 16 });
  });
  await page.reload();
  await page.waitForSelector(".grid .cell .text");
  await page.waitForTimeout(800);
  const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
  const active = () =>
    page.evaluate(() => document.querySelector(".grid .cell.active")?.id.split("-").slice(-2).map(Number));
  const most = [await nodes()];
  const lcp = await page.evaluate(() => seen.lcp);
  await page.focus(".grid");
  const times = async (key, n) => {
    for (let at = 0; at < n; at++) await page.keyboard.press(key);
    most.push(await nodes());
  };
  await times("Control+Home", 1);
  await times("ArrowDown", 30);
  await times("ArrowRight", 29);
  await times("PageDown", 30);
  await times("Control+End", 1);
  await page.waitForFunction(() => document.querySelector(".grid .cell.active .text"));
  const last = await active();
  const text = await page.textContent(".grid .cell.active .text");
  await times("Control+Home", 1);
  for (let at = 0; at < 20; at++) {
    await page.mouse.move(800, 600);
    await page.mouse.wheel(at % 3 ? 0 : 300, 4000);
    await page.waitForTimeout(30);
    most.push(await nodes());
  }
  for (let at = 0; at < 10; at++) await page.mouse.click(700 + at * 20, 500 + at * 15);
  await page.keyboard.press("n");
  await page.waitForTimeout(500);
  const { cls, events } = await page.evaluate(() => ({
    cls: seen.cls,
    events: [...seen.events.values()].sort((one, other) => other - one),
  }));
  const seen = {
    lcp: Math.round(lcp),
    inp: events[Math.floor(events.length / 50)] ?? 0,
    cls: Number(cls.toFixed(4)),
    nodes: Math.max(...most),
  };
  console.log(
    `LCP ${seen.lcp} ms, INP ${seen.inp} ms (of ${events.length} interactions of 16 ms or more), CLS ${seen.cls}, DOM nodes at most ${seen.nodes}`,
  );
  check("the keys reach the last cell", last[0] === ROWS - 1 && last[1] === COLUMNS - 1, last);
  check("and it holds what the file holds", text === lines[ROWS - 1][COLUMNS - 1], text);
  for (const [name, limit] of Object.entries(LIMITS))
    check(`${name} ${seen[name]} is at most ${limit}`, seen[name] <= limit);
  check("the page complains of nothing", trouble.length === 0, trouble);
} finally {
  await chrome.close();
  server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}
