// Step 3: what is left to correct. The findings stand on the left, the gravest cause first; the sheet of
// the one that is looked at on the right, with the guilty cell, those it was judged from, and what is
// proposed. Nothing is corrected here: that is done in Excel, and the page shows what came of it.

import { el, icon, button, capital, fits, put, scroller } from "./dom.js";
import { t, count, time, figure } from "./words.js";
import { ask } from "./server.js";
import { workbench } from "./workbench.js";
import { place } from "./sheet-data.js";
import { LEVELS, marksOf } from "./marks.js";
import { dialog, explain, field } from "./dialogs.js";

const SURE = { certain: 0, likely: 1, open: 2 };
const PAGE = 60;

/** What is asked for and chosen outlives a change of language and a save in Excel. */
const kept = {
  folder: null,
  levels: new Set(["error", "warning"]),
  query: "",
  group: "level",
  suppressed: false,
  chosen: null,
  list: false,
};

export function mend(app) {
  if (kept.folder !== `${app.folder.id}/${app.submission}`)
    Object.assign(kept, {
      folder: `${app.folder.id}/${app.submission}`,
      query: "",
      chosen: null,
      suppressed: false,
      levels: new Set(["error", "warning"]),
    });
  const { sheet, tabs, files, list, search } = workbench({
    kept,
    label: t("mend.search"),
    pick: (row, column) => pick(row, column),
    leave: () => focusChosen(),
    look: (file, name) => look(file ?? shownFile, name),
    searched: () => {
      room = PAGE;
      draw();
    },
  });
  const tally = el("div", { class: "tally", role: "group", "aria-label": t("mend.levels") });
  const news = el("div", { class: "changes" });
  const detail = el("article", { class: "detail", "aria-live": "off", tabindex: "-1" });
  const group = el(
    "select",
    {
      "aria-label": t("mend.group"),
      on: {
        change: () => {
          kept.group = group.value;
          draw();
        },
      },
    },
    ["level", "file", "code"].map((it) => el("option", { value: it, selected: kept.group === it }, t(`mend.by.${it}`))),
  );
  const hits = el("p", { class: "hits", role: "status" });
  const element = el(
    "div",
    { class: "split mend" },
    el("h1", { class: "said" }, t("step.mend")),
    el(
      "section",
      { class: "pane list-pane", "aria-label": t("mend.list") },
      news,
      tally,
      el("div", { class: "filters" }, el("span", { class: "search" }, icon("search"), search), group),
      hits,
      list,
    ),
    el(
      "section",
      { class: "pane sheet-pane", "aria-label": t("mend.place") },
      detail,
      el("div", { class: "sheet-tools" }, files),
      sheet.element,
      tabs.element,
    ),
  );
  let findings = [];
  let shown = [];
  let room = PAGE;
  let shownFile = null;
  let shownSheet = null;

  function read() {
    findings = (app.judged?.findings ?? []).map((it, at) => ({ ...it, at }));
    if (!findings.some((it) => it.id === kept.chosen)) kept.chosen = null;
  }

  const rank = (it) => [
    it.suppressed ? 1 : 0,
    LEVELS.indexOf(it.severity),
    it.certainty ? SURE[it.certainty] : 3,
    -(it.consequences?.length ?? 0),
    it.at,
  ];
  const before = (one, other) => {
    const [left, right] = [rank(one), rank(other)];
    for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return left[at] - right[at];
    return 0;
  };

  function draw() {
    const some = findings
      .filter(
        (it) =>
          (it.suppressed ? kept.suppressed : kept.levels.has(it.severity)) &&
          fits(
            kept.query,
            it.message,
            it.action,
            it.code,
            it.target?.file,
            it.target?.sheet,
            it.target?.cell,
            it.indicator,
          ),
      )
      .sort(before);
    const keyed = new Map();
    for (const it of some) {
      const key = it.suppressed
        ? t("mend.suppressed")
        : kept.group === "level"
          ? t(`level.${it.severity}s`)
          : kept.group === "file"
            ? name(it.target?.file) || t("mend.noFile")
            : it.code;
      if (!keyed.has(key)) keyed.set(key, []);
      keyed.get(key).push(it);
    }
    shown = [...keyed.values()].flat();
    if (!shown.some((it) => it.id === kept.chosen)) kept.chosen = shown[0]?.id ?? null;
    let left = room;
    const parts = [];
    for (const [key, group] of keyed) {
      if (left <= 0) break;
      parts.push(
        el("h2", { class: "group" }, el("bdi", {}, key), el("span", { class: "count" }, count(group.length))),
        el("ol", {}, group.slice(0, left).map(entry)),
      );
      left -= group.length;
    }
    if (shown.length > room)
      parts.push(
        button(t("more", { n: count(shown.length - room) }), () => {
          room += PAGE;
          draw();
        }),
      );
    put(list, ...parts);
    if (!shown.length)
      list.append(
        el(
          "p",
          { class: "nothing" },
          icon("check"),
          t(findings.some((it) => !it.suppressed && it.severity !== "info") ? "mend.noHits" : "mend.clean"),
        ),
      );
    hits.textContent = kept.query ? t("mend.hits", { n: count(shown.length) }) : "";
    head();
  }

  function head() {
    const of = (level) => findings.filter((it) => it.severity === level && !it.suppressed).length;
    const quiet = findings.filter((it) => it.suppressed).length;
    put(
      tally,
      ...LEVELS.map((level) =>
        el(
          "button",
          {
            type: "button",
            class: `chip level-${level}`,
            "aria-pressed": String(kept.levels.has(level)),
            on: {
              click: () => {
                kept.levels.has(level) ? kept.levels.delete(level) : kept.levels.add(level);
                draw();
              },
            },
          },
          sign(level),
          el("b", {}, count(of(level))),
          ` ${t(`level.${level}s`).toLocaleLowerCase()}`,
        ),
      ),
      ...(quiet
        ? [
            el(
              "button",
              {
                type: "button",
                class: "chip",
                "aria-pressed": String(kept.suppressed),
                on: {
                  click: () => {
                    kept.suppressed = !kept.suppressed;
                    draw();
                  },
                },
              },
              el("b", {}, count(quiet)),
              ` ${t("mend.suppressed.short")}`,
            ),
          ]
        : []),
    );
    put(news);
    const { changes } = app;
    if (changes) {
      const part = (title, some, kind) =>
        some?.length
          ? el(
              "li",
              { class: kind },
              el("b", {}, t(title, { n: count(some.length) })),
              el(
                "ul",
                {},
                some.slice(0, 20).map((it) => el("li", {}, capital(it.message ?? String(it)))),
              ),
            )
          : null;
      news.append(
        el(
          "details",
          {},
          el("summary", {}, icon("save"), el("span", {}, el("time", {}, time(changes.at)), " ", app.changed())),
          scroller(
            t("changed.list"),
            el(
              "ul",
              {},
              part("changed.mendedTitle", changes.mended, "good"),
              part("changed.newTitle", changes.new, "bad"),
            ),
          ),
        ),
      );
    }
  }

  function entry(it) {
    const here = it.id === kept.chosen;
    const fresh = app.changes?.new?.some((other) => (other.fingerprint ?? other) === it.fingerprint);
    return el(
      "li",
      {},
      el(
        "button",
        {
          type: "button",
          class: `finding level-${it.severity}${it.suppressed ? " quiet" : ""}`,
          "aria-current": here ? "true" : null,
          data: { id: it.id },
          on: { click: () => pickFinding(it.id, true) },
        },
        sign(it.severity),
        el("span", { class: "what" }, capital(it.message)),
        el("span", { class: "on-paper" }, `${t("mend.action")} ${capital(it.action)}`),
        el(
          "span",
          { class: "where-line" },
          fresh ? el("em", { class: "fresh" }, t("mend.fresh")) : null,
          el(
            "bdi",
            {},
            [name(it.target?.file), it.target?.sheet === "CSV" ? null : it.target?.sheet].filter(Boolean).join(" › "),
          ),
          it.target?.cell ? el("b", { class: "cell-name" }, it.target.cell) : null,
          it.consequences?.length
            ? el("span", { class: "follow" }, t("mend.follow", { n: count(it.consequences.length) }))
            : null,
        ),
      ),
    );
  }

  function pickFinding(id, open = false) {
    kept.chosen = id;
    for (const it of list.querySelectorAll("[aria-current]")) it.removeAttribute("aria-current");
    const item = [...list.querySelectorAll("[data-id]")].find((it) => it.dataset.id === id);
    item?.setAttribute("aria-current", "true");
    item?.scrollIntoView({ block: "nearest" });
    if (open) element.classList.add("opened");
    tell();
    detail.parentNode.scrollTop = 0;
  }

  function move(step) {
    if (!shown.length) return;
    const at = shown.findIndex((it) => it.id === kept.chosen);
    const next = Math.max(0, Math.min(shown.length - 1, at + step));
    if (next >= room) {
      room = next + PAGE;
      draw();
    }
    pickFinding(shown[next].id, element.classList.contains("opened"));
    if (!detail.contains(document.activeElement) && document.activeElement !== sheet.grid) focusChosen();
    else if (detail.contains(document.activeElement) || document.activeElement === document.body)
      detail.focus({ preventScroll: true });
  }

  function focusChosen() {
    const item = list.querySelector("[aria-current]");
    if (item && item.offsetParent) item.focus({ preventScroll: true });
    else detail.focus({ preventScroll: true });
  }

  /** The card of the finding that is looked at; `again` where its sheet has been saved meanwhile. */
  function tell(again = false) {
    const it = findings.find((one) => one.id === kept.chosen);
    if (!it) {
      put(detail);
      detail.hidden = true;
      const first = app.folder.files.find((file) => file.sheets?.length);
      if (shownFile) look(shownFile, shownSheet, null, false, again);
      else if (first) look(first.id, null);
      return;
    }
    detail.hidden = false;
    const at = shown.indexOf(it);
    const target = it.target ?? {};
    const facts = [];
    // Suspected cells say what they hold themselves.
    const told = it.hypotheses?.some((one) => one.target.cell === target.cell && one.target.sheet === target.sheet);
    if (it.found !== null && it.found !== undefined && target.cell && !told)
      facts.push([t("mend.found"), spot(target, target.raw ?? it.found)]);
    if (it.expected && it.certainty !== "open")
      facts.push([t("mend.expected"), el("b", { class: "expected" }, figure(it.expected))]);
    if (it.sources?.length)
      facts.push([
        t("mend.sources"),
        [
          ...it.sources.slice(0, 12).map((one) => spot(one, one.raw)),
          it.sources.length > 12 ? t("more.left", { n: count(it.sources.length - 12 + (it.more_sources ?? 0)) }) : null,
        ],
      ]);
    if (it.hypotheses?.length)
      facts.push([
        t("mend.suspects"),
        it.hypotheses.slice(0, 8).map((one) => spot(one.target, one.target.raw, one.to)),
      ]);
    put(
      detail,
      el(
        "header",
        {},
        el("span", { class: `pill level-${it.severity}` }, sign(it.severity), t(`level.${it.severity}`)),
        it.suppressed ? el("span", { class: "pill" }, t("mend.suppressed.short")) : null,
        it.certainty ? el("span", { class: "sure" }, t(`sure.${it.certainty}`)) : null,
        el(
          "span",
          { class: "pager" },
          button(
            t("mend.back"),
            () => {
              element.classList.remove("opened");
              focusChosen();
            },
            { class: "ghost back", icon: "left" },
          ),
          button(t("previous"), () => move(-1), { icon: "up", quiet: true, class: "ghost", disabled: at <= 0 }),
          el("span", { class: "position" }, `${count(at + 1)} / ${count(shown.length)}`),
          button(t("next"), () => move(1), {
            icon: "down",
            quiet: true,
            class: "ghost",
            disabled: at >= shown.length - 1,
            data: { next: "" },
          }),
        ),
      ),
      el("h2", {}, capital(it.message)),
      el("p", { class: "action" }, el("b", {}, t("mend.action")), " ", capital(it.action)),
      it.diagnosis ? el("p", { class: "cause" }, el("b", {}, t("mend.cause")), " ", capital(it.diagnosis)) : null,
      facts.length
        ? el(
            "dl",
            {},
            facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
          )
        : null,
      it.suppressed ? el("p", { class: "reason" }, el("b", {}, t("mend.reason")), " ", it.suppressed) : null,
      it.consequences?.length
        ? el(
            "details",
            { class: "consequences" },
            el("summary", {}, t("mend.consequences", { n: count(it.consequences.length) })),
            scroller(
              t("mend.consequences", { n: count(it.consequences.length) }),
              el(
                "ul",
                {},
                it.consequences
                  .slice(0, 60)
                  .map((one) =>
                    el("li", {}, one.target?.cell ? spot(one.target, one.target.raw) : null, " ", capital(one.message)),
                  ),
              ),
            ),
          )
        : null,
      el(
        "footer",
        {},
        button(t("mend.explain"), () => app.try(() => explain(it.code)), { icon: "info", data: { explain: "" } }),
        it.suppressed
          ? button(t("mend.unknown"), () => unsuppress(it), { icon: "undo" })
          : button(t("mend.known"), () => suppress(it), { icon: "note", data: { known: "" } }),
        it.mapping
          ? el("small", { class: "rule" }, t("mend.rule", { file: name(it.mapping.file), line: it.mapping.line }))
          : null,
      ),
    );
    detail.scrollTop = 0;
    const near = [target, ...(it.sources ?? [])].find((one) => one.fileId);
    if (near) look(near.fileId, near.sheet, near.cell, false, again);
    else if (shownFile) look(shownFile, shownSheet, null, false, again);
  }

  /** A cell as a button that shows it in its sheet. */
  function spot(at, raw, to = null) {
    const words = [
      el(
        "b",
        {},
        [
          at.sheet && at.sheet !== shownSheetOf() ? `${at.sheet === "CSV" ? "" : `${at.sheet}!`}` : "",
          at.cell ?? "",
        ].join(""),
      ),
      raw !== null && raw !== undefined ? el("span", {}, ` ${figure(raw, true)}`) : null,
      to !== null ? el("span", { class: "to" }, ` → ${figure(to)}`) : null,
    ];
    return at.fileId && at.cell
      ? el(
          "button",
          { type: "button", class: "spot", on: { click: () => look(at.fileId, at.sheet, at.cell, true) } },
          words,
        )
      : el("span", { class: "spot" }, words);
  }

  function shownSheetOf() {
    return findings.find((one) => one.id === kept.chosen)?.target?.sheet ?? null;
  }

  async function look(file, name, cell = null, focus = false, again = false) {
    const known = app.folder.files.find((it) => it.id === file);
    const chosen = name ?? known?.sheets?.[0]?.name ?? null;
    shownFile = file;
    shownSheet = chosen;
    put(files, ...app.folder.files.map((it) => el("option", { value: it.id, selected: it.id === file }, it.name)));
    tabs.set(
      (known?.sheets ?? []).map((it) => ({ ...it, ...worst(file, it.name) })),
      chosen,
    );
    await sheet.show(file, chosen, { again });
    if (shownFile !== file || shownSheet !== chosen) return;
    marks();
    const at = place(cell);
    if (at) sheet.go(at.row, at.column, { middle: true, focus });
  }

  /** How many findings a sheet has, for its tab. */
  function worst(file, name) {
    const some = findings.filter(
      (it) => !it.suppressed && kept.levels.has(it.severity) && it.target?.fileId === file && it.target?.sheet === name,
    );
    return { count: some.length, level: LEVELS.find((level) => some.some((it) => it.severity === level)) };
  }

  function marks() {
    sheet.mark(marksOf(findings, { file: shownFile, sheet: shownSheet, levels: kept.levels, chosen: kept.chosen }));
  }

  /** A click on a cell that has findings shows the gravest, a further one the next. */
  function pick(row, column) {
    const some = findings
      .filter((it) => !it.suppressed && it.target?.fileId === shownFile && it.target?.sheet === shownSheet)
      .filter((it) => {
        const at = place(it.target.cell);
        return at && at.row === row && at.column === column;
      })
      .sort(before);
    if (!some.length) return;
    const next = some[(some.findIndex((it) => it.id === kept.chosen) + 1) % some.length];
    if (next.id === kept.chosen) return;
    if (!shown.includes(next)) {
      kept.levels.add(next.severity);
      kept.query = search.value = "";
      draw();
    }
    pickFinding(next.id, true);
  }

  async function suppress(it) {
    const why = el("textarea", { rows: "3", required: true });
    const by = el("input", { type: "text", value: app.state.name ?? "", autocomplete: "name" });
    const need = el("p", { class: "bad", role: "alert" });
    const answer = await dialog({
      title: t("known.title"),
      text: capital(it.message),
      focus: why,
      body: [field(t("known.reason"), why, t("known.hint")), field(t("known.by"), by), need],
      actions: [
        {
          word: t("known.save"),
          primary: true,
          check: () => {
            if (why.value.trim() && by.value.trim()) return { reason: why.value.trim(), by: by.value.trim() };
            need.textContent = t("known.need");
            (why.value.trim() ? by : why).focus();
            return undefined;
          },
        },
        { word: t("cancel"), value: null },
      ],
    });
    if (!answer) return;
    await app.try(async () => {
      await ask("suppress", {
        folder: app.folder.id,
        submission: app.submission,
        fingerprint: it.fingerprint,
        ...answer,
      });
      if (answer.by !== app.state.name) {
        app.state.name = answer.by;
        await ask("settings", { name: answer.by });
      }
      app.news(t("known.saved"));
    });
  }

  async function unsuppress(it) {
    await app.try(() =>
      ask("unsuppress", { folder: app.folder.id, submission: app.submission, fingerprint: it.fingerprint }),
    );
  }

  function update() {
    read();
    const had = document.activeElement?.closest?.(".list-pane")
      ? "list"
      : detail.contains(document.activeElement)
        ? "detail"
        : null;
    draw();
    tell(true);
    if (had === "list" && !list.contains(document.activeElement)) focusChosen();
    if (had === "detail" && !detail.contains(document.activeElement)) detail.focus({ preventScroll: true });
  }

  read();
  draw();
  if (!app.report) {
    put(list, el("p", { class: "nothing", role: "status" }, t("reading")));
    sheet.clear();
  }
  tell();
  return {
    element,
    update,
    key(event) {
      if (event.key === "n" || event.key === "j") move(1);
      else if (event.key === "p" || event.key === "k") move(-1);
      else if (event.key === "/") search.focus();
      else if (event.key === "e" && kept.chosen)
        app.try(() => explain(findings.find((it) => it.id === kept.chosen).code));
      else if (event.key === "g") sheet.focus();
      else if (event.key === "Escape" && element.classList.contains("opened")) {
        element.classList.remove("opened");
        focusChosen();
      } else return false;
      return true;
    },
  };
}

function name(path) {
  return path ? path.split(/[\\/]/).pop() : "";
}

/** The level as a sign of its own shape, so that colour is not needed. */
export function sign(level) {
  return icon({ error: "stop", warning: "warn", info: "info" }[level] ?? "info");
}
