// The five steps on the samples, as an officer takes them with the mouse; what the page says is held
// against what the commands say of the same files, and every screen against axe-core.

import fs from "node:fs";
import path from "node:path";
import { browser, check, open, run, same, samples, start, violations, workFolder } from "./page.mjs";

const work = workFolder({
  "so-lieu-2023": "luc-binh-2023",
  "nop-ve/xa-1": "luc-binh-2023",
  "nop-ve/xa-2": "luc-binh-2023-da-sua",
});
fs.mkdirSync(path.join(work, "xa-moi"));
fs.copyFileSync(path.join(samples, "bieu-3-nam-2024/xa-hoi.csv"), path.join(work, "xa-moi/so-lieu-xa-hoi.csv"));
const strange = "<img src=x onerror=alert(1)>Đàn ngựa lạ<script>alert(2)</script>";
const strangeFile = "<img src=y onerror=alert(3)>\"'&.csv";
fs.mkdirSync(path.join(work, "la"));
fs.writeFileSync(
  path.join(work, "la", strangeFile),
  `Chỉ tiêu;Kế hoạch;Thực hiện\n${strange};10;12\nĐàn dê;20;31\nĐàn trâu;5;7\n`,
);
fs.mkdirSync(path.join(work, "hai-tep"));
fs.copyFileSync(
  path.join(samples, "bieu-6-thang-2024/so-lieu-6-thang.xlsx"),
  path.join(work, "hai-tep/so-lieu-6-thang.xlsx"),
);
fs.writeFileSync(
  path.join(work, "hai-tep/khac.csv"),
  "Chỉ tiêu;ĐVT;Kế hoạch;Thực hiện\nQuán nước ven đường;cái;7;9\nCầu treo;cái;4;3\n",
);
const before = hashes(path.join(work, "so-lieu-2023"));
const server = await start(null, { home: work });
const chrome = await browser();

function hashes(folder) {
  return Object.fromEntries(
    fs
      .readdirSync(folder)
      .filter((it) => !it.endsWith(".toml"))
      .sort()
      .map((it) => [it, fs.readFileSync(path.join(folder, it)).toString("base64")]),
  );
}

async function report(folder) {
  return JSON.parse(await run(work, "validate", folder, "--format", "json", "--quiet"));
}

/** How many open findings of a level a judged submission has. */
function level(submission, severity) {
  return submission.findings.filter((it) => it.severity === severity && it.suppressed === null).length;
}

const capital = (text) => text.charAt(0).toLocaleUpperCase("vi") + text.slice(1);
const digits = (text) => Number(text.replace(/\D/g, ""));

try {
  const { page, context, trouble } = await open(chrome, server.url);
  const text = async (selector) => (await page.textContent(selector)).replace(/\s+/g, " ").trim();
  const texts = (selector) =>
    page.$$eval(selector, (all) => all.map((it) => it.textContent.replace(/\s+/g, " ").trim()));
  const clean = async (screen) => {
    await page.waitForFunction(
      () =>
        !document.querySelector("[aria-busy=true]") &&
        [...document.querySelectorAll(".note")].every((it) => !it.getAnimations().length),
    );
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      same(`axe-core finds nothing: ${screen}, ${colorScheme}`, await violations(page), []);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.waitForTimeout(150);
    same(`axe-core finds nothing: ${screen}, 360 pixels wide`, await violations(page), []);
    check(
      `nothing is cut off at 360 pixels: ${screen}`,
      await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
    );
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.waitForTimeout(100);
  };
  const browse = async (...names) => {
    await page.click('[data-key="chon"]');
    await page.fill(".path", work);
    await page.press(".path", "Enter");
    for (const name of names) await page.click(`.entries button:has(bdi:text-is("${name}"))`);
    await page.waitForFunction((last) => document.querySelector(".chooser").dataset.path?.endsWith(last), names.at(-1));
    await page.click("[data-open]");
    await page.waitForFunction(
      (name) =>
        document.querySelector(".summary h2")?.textContent.includes(name) && !document.getElementById("reading"),
      names.at(-1),
    );
  };

  // 1 Choose
  await clean("choose");
  await browse("so-lieu-2023");
  let judged = (await report("so-lieu-2023")).submissions[0];
  check("all files are read", (await text(".facts")).includes(String(judged.files.length)), await text(".facts"));
  check(
    "period and form are shown",
    (await text(".facts")).includes(judged.period) && (await text(".facts")).includes(judged.catalogue),
  );
  check(
    "what is left to look at is what validate finds",
    (await text(".summary footer")).includes(`${level(judged, "error")} lỗi, ${level(judged, "warning")} cảnh báo`),
    await text(".summary footer"),
  );
  await clean("what was read");

  // 3 Correct
  await page.click(".summary .primary");
  await page.waitForSelector(".finding");
  const tally = () =>
    page.$$eval(".tally .chip b", (all) => all.slice(0, 3).map((it) => Number(it.textContent.replace(/\D/g, ""))));
  same(
    "errors, warnings and notes are counted as by validate",
    await tally(),
    ["error", "warning", "info"].map((it) => level(judged, it)),
  );
  await page.click(".tally .level-info");
  const told = await texts(".finding .what");
  same(
    "the findings are those of validate",
    [...told].sort(),
    judged.findings
      .filter((it) => it.suppressed === null)
      .map((it) => capital(it.message).replace(/\s+/g, " ").trim())
      .sort(),
  );
  await page.click(".tally .level-info");
  let seen = 0;
  for (const finding of await page.$$eval(".finding", (all) =>
    all.map((it) => [it.dataset.id, it.querySelector(".cell-name")?.textContent]),
  )) {
    await page.waitForFunction((id) => document.querySelector(".finding[aria-current]")?.dataset.id === id, finding[0]);
    if (finding[1]) {
      await page.waitForFunction(
        (cell) => document.querySelector(".formula .address").textContent === cell,
        finding[1],
      );
      await page.waitForSelector(".grid .cell.active .text, .grid .cell.active");
      seen += 1;
    }
    await page.keyboard.press("n");
  }
  check(`the key n goes through all, and each shows its cell (${seen})`, seen > 10);
  await page.fill('.mend input[type="search"]', "binh quan luong thuc");
  await page.waitForFunction(() => document.querySelectorAll(".finding").length === 1);
  await page.click(".finding");
  const wanted = judged.findings.find((it) => it.code === "ratio-mismatch" && it.message.includes("lương thực"));
  await page.waitForFunction(
    (cell) => document.querySelector(".formula .address").textContent === cell,
    wanted.target.cell,
  );
  check("a search without marks finds it, and its cell is the guilty one", true);
  await page.waitForSelector(".grid .mark-target");
  check(
    "partners and the proposal are marked",
    (await page.$$(".grid .mark-source, .grid .mark-suspect")).length >= 1 &&
      (await text(".grid .proposal")).startsWith("→"),
  );
  await clean("correct");
  await page.click("[data-explain]");
  await page.waitForSelector("dialog .prose p");
  same("axe-core finds nothing: explanation", await violations(page), []);
  check(
    "the explanation is that of the command",
    (await run(work, "explain", wanted.code)).replace(/\s+/g, " ").includes(await text("dialog .prose p")),
    await text("dialog .prose p"),
  );
  await page.keyboard.press("Escape");

  // "Known, because …"
  await page.click("[data-known]");
  await page.fill("dialog textarea", "tỷ lệ tính theo dân số cuối năm");
  await page.fill('dialog input[type="text"]', "Văn phòng");
  same("axe-core finds nothing: reason", await violations(page), []);
  await page.click("dialog .primary");
  await page.waitForFunction(
    (left) => Number(document.querySelector(".tally .chip b").textContent.replace(/\D/g, "")) === left,
    level(judged, "error") - 1,
    { timeout: 90000 },
  );
  check(
    "the reason stands in bieu.toml",
    fs.readFileSync(path.join(work, "so-lieu-2023/bieu.toml"), "utf8").includes("tỷ lệ tính theo dân số cuối năm"),
  );
  judged = (await report("so-lieu-2023")).submissions[0];
  same(
    "validate counts the same with it",
    await tally(),
    ["error", "warning", "info"].map((it) => level(judged, it)),
  );

  // What is saved in Excel shows by itself. The page has read the sheet anew by then.
  await page.waitForTimeout(600);
  await page.fill('.mend input[type="search"]', "");
  fs.copyFileSync(
    path.join(samples, "luc-binh-2023-da-sua/trong-trot-2023.xlsx"),
    path.join(work, "so-lieu-2023/trong-trot-2023.xlsx"),
  );
  await page.waitForSelector(".changes summary", { timeout: 90000 });
  await page.waitForFunction(
    () => /Đã sửa xong \d+/i.test(document.querySelector(".changes summary")?.textContent ?? ""),
    null,
    { timeout: 90000 },
  );
  const after = (await report("so-lieu-2023")).submissions[0];
  same(
    "after a save the counts are those of validate",
    await tally(),
    ["error", "warning", "info"].map((it) => level(after, it)),
  );
  check("what was corrected is told", digits((await text(".changes summary span")).match(/sửa xong (\d+)/)[1]) > 0);
  await page.click(".changes summary");
  await clean("after a save");

  // 4 Form
  await page.click('[data-key="bieu"]');
  await page.waitForSelector(".appendix tbody tr");
  same("verdicts are those of validate", (await texts(".tiles dd")).slice(0, 3).map(digits), [
    after.verdicts.exceeded,
    after.verdicts.met,
    after.verdicts.missed,
  ]);
  const figures = await page.$$(".appendix .fig");
  check("figures can be asked where they come from", figures.length > 20, figures.length);
  await page.click(".appendix tbody tr:has(th:text('lương thực')) .fig >> nth=0");
  await page.waitForSelector(".origin .mark-origin");
  check(
    "a figure leads to its cell",
    (await text(".origin .formula .content")).length > 0 && /^[A-Z]+\d+$/.test(await text(".origin .formula .address")),
  );
  await clean("form");
  await page.fill('.fields input[name="office"]', "Đảng ủy xã Thử Nghiệm");
  await page.click('.fields button[type="submit"]');
  await page.waitForFunction(
    () => document.querySelector(".paper header")?.textContent.includes("Đảng ủy xã Thử Nghiệm"),
    null,
    { timeout: 90000 },
  );
  check(
    "the field is kept in the mapping of the folder",
    /office = "Đảng ủy xã Thử Nghiệm"/.test(fs.readFileSync(path.join(work, "so-lieu-2023/mapping.toml"), "utf8")),
  );
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("[data-download]")]);
  await run(work, "convert", "so-lieu-2023", "-o", "bieu.xlsx", "--quiet");
  const bytes = fs.readFileSync(await file.path());
  check(
    "the workbook is that of convert, byte for byte",
    bytes.equals(fs.readFileSync(path.join(work, "bieu.xlsx"))),
    `${bytes.length} bytes`,
  );
  await page.emulateMedia({ media: "print" });
  check(
    "on paper there is the form alone",
    !(await page.isVisible(".form-side")) && !(await page.isVisible("#bar")) && (await page.isVisible(".appendix")),
  );
  await page.emulateMedia({ media: "screen" });

  // 5 Many
  await browse("nop-ve");
  await page.click(".summary .primary");
  await page.waitForSelector(".submissions tbody tr");
  const all = (await report("nop-ve")).submissions;
  const listed = await page.$$eval(".submissions tbody tr", (rows) =>
    rows.map((row) => [
      row.querySelector("th bdi").textContent,
      ...[...row.querySelectorAll(".num")].map((it) => Number(it.textContent.replace(/\D/g, "") || 0)),
    ]),
  );
  const rank = all
    .map((it) => [it.path.split("/").pop(), level(it, "error"), level(it, "warning"), level(it, "info"), it.readings])
    .sort((one, other) => other[1] - one[1] || other[2] - one[2] || other[3] - one[3]);
  same("submissions stand worst first, with the counts of validate", listed, rank);
  await clean("many");
  for (const box of await page.$$(".submissions input")) await box.check();
  await page.click("[data-compare]");
  await page.waitForSelector(".compared table, .compared ul");
  check("two submissions are compared", (await texts(".compared h3")).length === 3);
  await clean("comparison");
  const [together] = await Promise.all([page.waitForEvent("download"), page.click("[data-consolidate]")]);
  await run(work, "consolidate", "nop-ve", "-o", "tong-hop.xlsx", "--quiet");
  check(
    "consolidating gives what the command gives",
    fs.readFileSync(await together.path()).equals(fs.readFileSync(path.join(work, "tong-hop.xlsx"))),
  );
  const [sheets] = await Promise.all([page.waitForEvent("download"), page.click("[data-feedback]")]);
  check("there is a sheet of findings for each office", fs.statSync(await sheets.path()).size > 1000);
  await page.click(".submissions .link-like >> nth=0");
  await page.waitForSelector(".finding");
  check("a submission opens at its findings", (await tally())[0] === rank[0][1]);

  // 2 Describe
  await browse("xa-moi");
  await page.click('[data-key="khai-bao"]');
  await page.waitForSelector(".describe .finding, .describe .nothing", { timeout: 90000 });
  await page.waitForSelector(".grid .tint-header");
  check("header and labels are tinted", (await page.$$(".grid .tint-label")).length > 0);
  const readings = async () => digits(await text(".figures b"));
  const first = await readings();
  check("figures are taken by the guess", first > 0);
  await clean("describe");
  await page.click(".tally .state-certain");
  await page.click(".draft-entry:has-text('dòng') >> nth=0");
  const chosen = await text(".detail h2");
  await page.click("[data-out]");
  await page.fill("dialog input", "không có trong biểu");
  await page.click("dialog .primary");
  await page.waitForFunction(
    (n) => Number(document.querySelector(".figures b").textContent.replace(/\D/g, "")) < n,
    first,
    { timeout: 90000 },
  );
  check(`to leave "${chosen}" out shows at once in the figures taken`, (await readings()) < first);
  await page.click('[data-tool="undo"]');
  await page.waitForFunction(
    (n) => Number(document.querySelector(".figures b").textContent.replace(/\D/g, "")) === n,
    first,
    { timeout: 90000 },
  );
  check("and can be undone", true);
  await page.click(".draft-entry:has-text('dòng') >> nth=0");
  await page.click("[data-other]");
  await page.fill("dialog [role=combobox]", "ho");
  same("axe-core finds nothing: choice of an indicator", await violations(page), []);
  await page.keyboard.press("Escape");
  await page.click('[data-tool="save"]');
  await page.waitForFunction(() => document.querySelector('[data-key="sua"]:not([aria-disabled])'), null, {
    timeout: 90000,
  });
  check("the mapping is saved in the folder", fs.existsSync(path.join(work, "xa-moi/mapping.toml")));
  const mapped = (await report("xa-moi")).submissions[0];
  check(
    "and fits",
    mapped.status !== "unmapped" && mapped.readings === first,
    `${mapped.status}, ${mapped.readings} readings, ${first} on the page`,
  );

  // Names and cells of a stranger are texts
  await browse("la");
  await page.click('[data-key="khai-bao"]');
  await page.click(".tally .state-certain");
  await page.waitForSelector(".describe .finding");
  check(
    "what a stranger wrote is shown as it stands",
    (await text(".list-pane")).includes(strange) && (await text(".sheet-tools")).includes(strangeFile),
  );
  check("and is no element", (await page.$$("main img, main script, main iframe, main object")).length === 0);

  // A sheet that the catalogue does not know
  await browse("hai-tep");
  await page.click('[data-key="khai-bao"]');
  await page.waitForSelector(".describe .finding, .describe .nothing", { timeout: 90000 });
  await page.selectOption(".basis select", "bieu-6-thang");
  const whole = ".draft-entry.state-open:has-text('Sheet khac.csv')";
  await page.waitForSelector(whole, { timeout: 90000 });
  check("rows of a sheet that is not read are open", (await page.$$(".draft-entry:has-text('Cầu treo')")).length === 1);
  await clean("a sheet that is not read");
  await page.click(".draft-entry:has-text('Cầu treo')");
  await page.click("[data-other]");
  check("and can be given an indicator", (await page.$$("dialog [role=combobox]")).length === 1);
  await page.keyboard.press("Escape");
  await page.click(whole);
  await page.click("[data-out]");
  await page.fill("dialog input", "nộp riêng");
  await page.click("dialog .primary");
  await page.waitForFunction(() => !document.querySelector(".draft-entry.state-open"), null, { timeout: 90000 });
  await page.click(".tally .state-out");
  check("the sheet is left out with its reason", (await text(".list-pane")).includes("để ngoài: nộp riêng"));

  // Language
  await page.click('[data-key="lang"]');
  await page.waitForFunction(
    () =>
      document.documentElement.lang === "en" &&
      !document.querySelector("[aria-busy=true]") &&
      /Choose/.test(document.querySelector(".steps").textContent),
  );
  same("axe-core finds nothing: English", await violations(page), []);
  await page.click('[data-key="lang"]');
  await page.waitForFunction(() => document.documentElement.lang === "vi");

  // A program that hangs, and goes on
  server.child.kill("SIGSTOP");
  const stopped = Date.now();
  await page.waitForSelector("#lost");
  // Five seconds where nothing else runs; the page counts them, and other work delays it.
  check(`a lost connection shows after ${((Date.now() - stopped) / 1000).toFixed(1)} s`, Date.now() - stopped <= 15000);
  same("axe-core finds nothing: connection lost", await violations(page), []);
  server.child.kill("SIGCONT");
  await page.waitForSelector("#lost", { state: "detached" });
  check("and mends by itself", true);

  const now = hashes(path.join(work, "so-lieu-2023"));
  delete now["trong-trot-2023.xlsx"];
  delete before["trong-trot-2023.xlsx"];
  check("no source was changed", JSON.stringify(now) === JSON.stringify(before));
  // What was lost on purpose is told by the browser too.
  same(
    "the page complains of nothing",
    trouble.filter((it) => !/ERR_|api\/events/.test(it)),
    [],
  );
  await context.close();
} finally {
  await chrome.close();
  server.stop();
  fs.rmSync(work, { recursive: true, force: true });
}
