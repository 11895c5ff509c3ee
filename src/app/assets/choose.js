// Step 1: which files. A folder of this computer, one used before, or files dropped on the page, which
// are copies then. Below it what was read: files, sheets, period, form.

import { el, icon, button, capital, put, scroller } from "./dom.js";
import { t, count, date, size } from "./words.js";
import { ask, packed } from "./server.js";
import { Browser } from "./browse.js";

export function choose(app) {
  const element = el("div", { class: "choose" });
  const chooser = new Browser({ app, title: t("choose.folder"), opened: (path) => open(path) });
  const use = button(t("choose.open"), () => open(chooser.path), {
    class: "primary",
    icon: "folder",
    data: { open: "" },
  });
  chooser.foot.append(use);
  chooser.moved = () => {
    use.disabled = !chooser.path;
  };
  chooser.moved();

  async function open(at) {
    busy(t("choose.reading"));
    await app.try(async () => {
      const { folder } = await ask("open", { path: at });
      await app.open(folder);
      summaryFocus();
    });
    busy("");
  }

  async function drop(files) {
    const limit = app.state.limits?.uploadBytes;
    const sum = files.reduce((all, file) => all + file.size, 0);
    if (!files.length) return;
    if (limit && sum > limit) {
      app.news(t("drop.tooLarge", { size: size(limit) }), "bad");
      return;
    }
    busy(t("choose.reading"));
    await app.try(async () => {
      const sent = await Promise.all(files.map(async (file) => ({ name: file.name, base64: await packed(file) })));
      const { folder } = await ask("upload", { files: sent });
      await app.open(folder);
      summaryFocus();
    });
    busy("");
  }

  const wait = el("p", { class: "wait", role: "status" });
  const busy = (text) => (wait.textContent = text);
  const input = el("input", {
    type: "file",
    multiple: true,
    accept: ".xlsx,.xlsm,.xlsb,.xls,.ods,.csv,.tsv,.html,.htm,.xml,.toml,.zip",
    class: "said",
    tabindex: "-1",
    "aria-hidden": "true",
    on: { change: () => drop([...input.files]) },
  });
  const dropZone = el(
    "section",
    {
      class: "drop",
      "aria-label": t("drop.title"),
    },
    icon("copy"),
    el("p", {}, el("b", {}, t("drop.title")), el("br"), t("drop.text")),
    button(t("drop.pick"), () => input.click(), { icon: "file" }),
    input,
  );

  const recent = el(
    "section",
    { class: "card recent" },
    el("h2", {}, t("recent")),
    app.state.recent?.length
      ? el(
          "ul",
          {},
          app.state.recent.map((it) =>
            el(
              "li",
              {},
              el(
                "button",
                { type: "button", title: it.path, on: { click: () => open(it.path) } },
                icon("folder"),
                el("span", {}, el("bdi", { class: "name" }, it.name), el("bdi", { class: "at" }, it.path)),
                el("small", {}, date(it.when)),
              ),
            ),
          ),
        )
      : el("p", { class: "aside" }, t("recent.none")),
  );

  const summary = el("div", { class: "summary-place" });
  element.append(
    el("div", { class: "intro" }, el("h1", {}, t("choose.title")), el("p", {}, t("choose.text"))),
    ...(app.state.startError ? [el("p", { class: "bad", role: "alert" }, icon("stop"), app.state.startError)] : []),
    wait,
    summary,
    el("div", { class: "choose-grid" }, chooser.element, el("div", { class: "choose-side" }, recent, dropZone)),
  );
  const refresh = () => put(summary, ...(app.folder ? [whatIsRead(app)] : []));
  const summaryFocus = () => document.querySelector(".summary h2")?.focus();
  refresh();
  return { element, update: refresh, drop };
}

/** Folders that are dropped are taken with the files in them. */
export async function dropped(data) {
  const entries = [...(data.items ?? [])].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...data.files];
  const files = [];
  const walk = async (entry, depth) => {
    if (entry.isFile) files.push(await new Promise((done, failed) => entry.file(done, failed)));
    else if (depth < 3) {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((done, failed) => reader.readEntries(done, failed));
        if (!some.length) break;
        for (const one of some) await walk(one, depth + 1);
      }
    }
  };
  for (const entry of entries) await walk(entry, 0);
  return files;
}

/** What was found in the folder, and the way on. */
function whatIsRead(app) {
  const { folder } = app;
  const one = folder.submissions?.[0];
  const sheets = folder.files.reduce((sum, file) => sum + (file.sheets?.length ?? 0), 0);
  const bad = folder.files.filter((file) => file.error || file.status === "unreadable");
  const facts = [
    [t("read.files"), `${count(folder.files.length)}${sheets ? ` · ${t("read.sheets", { n: count(sheets) })}` : ""}`],
    [t("read.period"), folder.period ?? t("unknown")],
    [t("read.form"), folder.catalogue ?? t("read.noForm")],
    [
      t("read.mapping"),
      folder.mapping
        ? `${folder.mapping.name}${folder.mapping.bundled ? ` (${t("read.bundled")})` : ""}`
        : t("read.noMapping"),
    ],
  ];
  let word = "";
  let next = null;
  if (folder.error) word = folder.error;
  else if (folder.busy) word = t("reading");
  else if (folder.kind === "empty") word = t("read.empty");
  else if (folder.kind === "many") {
    word = t("read.many", { n: count(folder.submissions.length) });
    next = ["nhieu", t("step.many")];
  } else if (folder.kind === "undescribed") {
    word = t("read.undescribed");
    next = ["khai-bao", t("step.describe")];
  } else if (one) {
    const parts = [];
    if (one.errors) parts.push(t("n.errors", { n: count(one.errors) }));
    if (one.warnings) parts.push(t("n.warnings", { n: count(one.warnings) }));
    word = parts.length ? t("read.findings", { what: parts.join(", ") }) : t("read.clean");
    next = parts.length ? ["sua", t("step.mend")] : ["bieu", t("step.form")];
  }
  return el(
    "section",
    { class: "card summary", "aria-labelledby": "what-is-read" },
    el(
      "header",
      {},
      el("h2", { id: "what-is-read", tabindex: "-1" }, icon("check"), t("read.title"), " ", el("bdi", {}, app.name)),
      el(
        "p",
        { class: "watch" },
        folder.copy ? t("read.copy") : t(folder.watching === "polling" ? "read.polling" : "read.watching"),
      ),
    ),
    el(
      "dl",
      { class: "facts" },
      facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
    ),
    bad.length
      ? el(
          "ul",
          { class: "bad" },
          bad
            .slice(0, 8)
            .map((file) => el("li", {}, el("bdi", {}, file.name), ": ", capital(file.error ?? t("read.unreadable")))),
        )
      : null,
    el(
      "details",
      {},
      el("summary", {}, t("read.list")),
      scroller(
        t("read.list"),
        el(
          "ul",
          { class: "file-list" },
          folder.files
            .slice(0, 300)
            .map((file) =>
              el(
                "li",
                {},
                icon("file"),
                el("bdi", {}, file.name),
                el(
                  "small",
                  {},
                  (file.sheets ?? [])
                    .map((sheet) => sheet.name + (sheet.hidden ? ` (${t("sheet.hidden")})` : ""))
                    .join(" · "),
                ),
              ),
            ),
        ),
      ),
      folder.files.length > 300
        ? el("p", { class: "aside" }, t("more.left", { n: count(folder.files.length - 300) }))
        : null,
    ),
    el(
      "footer",
      {},
      el("p", {}, capital(word)),
      next
        ? button(t("read.next", { step: next[1] }), () => app.go(next[0]), { class: "primary", icon: "right" })
        : null,
    ),
  );
}
