// Step 2: what each row and column of the files is. The draft is shown as a picture of each sheet; what
// it is not sure of stands first. Every choice is drafted anew by the program, and can be undone.

import { el, icon, button, capital, fits, put } from "./dom.js";
import { t, count } from "./words.js";
import { ask } from "./server.js";
import { workbench } from "./workbench.js";
import { area, place } from "./sheet-data.js";
import { dialog, field, saving } from "./dialogs.js";
import { pickIndicator } from "./pick.js";
import { before, entriesOf, formula, sheetOf, tintsOf, titled } from "./draft.js";

const STATES = ["open", "likely", "certain", "out"];
const kept = { folder: null, states: new Set(["open", "likely"]), query: "", chosen: null };

export function describe(app) {
  const key = `${app.folder.id}/${app.submission}`;
  if (kept.folder !== key)
    Object.assign(kept, { folder: key, states: new Set(["open", "likely"]), query: "", chosen: null });
  const { sheet, tabs, files, list, search } = workbench({
    kept,
    label: t("draft.search"),
    pick: (row, column) => pick(row, column),
    leave: () => focusChosen(),
    look: (file, name) => look(file ?? shownFile, name),
    searched: () => {
      room = 60;
      draw();
    },
  });
  const tally = el("div", { class: "tally", role: "group", "aria-label": t("draft.states") });
  const figures = el("p", { class: "figures", role: "status", "aria-live": "polite" });
  const tools = el("div", { class: "toolbar" });
  const basis = el("div", { class: "basis" });
  const detail = el("article", { class: "detail", tabindex: "-1" });
  const relations = el("details", { class: "relations", hidden: true });
  const element = el(
    "div",
    { class: "split describe" },
    el("h1", { class: "said" }, t("step.describe")),
    el(
      "section",
      { class: "pane list-pane", "aria-label": t("draft.list") },
      tools,
      figures,
      basis,
      tally,
      el("div", { class: "filters" }, el("span", { class: "search" }, icon("search"), search)),
      list,
    ),
    el(
      "section",
      { class: "pane sheet-pane", "aria-label": t("mend.place") },
      detail,
      el("div", { class: "sheet-tools" }, files, legend()),
      sheet.element,
      tabs.element,
      relations,
    ),
  );
  let data = null;
  let entries = [];
  let shown = [];
  let room = 60;
  let shownFile = null;
  let shownSheet = null;
  let busy = false;

  // A folder that nobody has described is described as a whole.
  const where = () => ({ folder: app.folder.id, ...(app.many ? { submission: app.submission } : {}) });

  function read(answer) {
    data = answer;
    entries = entriesOf(data.draft);
  }

  function draw() {
    const some = entries
      .filter(
        (it) =>
          kept.states.has(it.state) &&
          fits(kept.query, it.label, ...(it.path ?? []), it.indicator ?? "", it.fileName, it.sheet),
      )
      .sort(before);
    shown = some;
    if (!entries.some((it) => it.id === kept.chosen)) kept.chosen = shown[0]?.id ?? entries[0]?.id ?? null;
    const keyed = new Map();
    for (const it of some.slice(0, room)) {
      const name = t(`draft.group.${it.state}`);
      if (!keyed.has(name)) keyed.set(name, []);
      keyed.get(name).push(it);
    }
    put(
      list,
      ...[...keyed].flatMap(([name, group]) => [
        el(
          "h2",
          { class: "group" },
          name,
          el("span", { class: "count" }, count(some.filter((it) => it.state === group[0].state).length)),
        ),
        el("ol", {}, group.map(entry)),
      ]),
    );
    if (some.length > room)
      list.append(
        button(t("more", { n: count(some.length - room) }), () => {
          room += 60;
          draw();
        }),
      );
    if (!some.length)
      list.append(
        el(
          "p",
          { class: "nothing" },
          icon("check"),
          t(kept.query ? "mend.noHits" : entries.length ? "draft.sure" : "draft.nothing"),
        ),
      );
    put(
      tally,
      ...STATES.map((state) =>
        el(
          "button",
          {
            type: "button",
            class: `chip state-${state}`,
            "aria-pressed": String(kept.states.has(state)),
            on: {
              click: () => {
                kept.states.has(state) ? kept.states.delete(state) : kept.states.add(state);
                draw();
              },
            },
          },
          el("i", { class: `dot ${state}`, "aria-hidden": "true" }),
          el("b", {}, count(entries.filter((it) => it.state === state).length)),
          ` ${t(`draft.${state}`)}`,
        ),
      ),
    );
    head();
  }

  function head() {
    const had = document.activeElement?.dataset?.tool;
    put(
      tools,
      button(t("draft.save"), save, { class: "primary", icon: "save", data: { tool: "save" } }),
      button(t("draft.undo"), () => change("draft/undo"), {
        icon: "undo",
        quiet: true,
        disabled: !data.undo,
        data: { tool: "undo" },
      }),
      button(t("draft.redo"), () => change("draft/redo"), {
        icon: "redo",
        quiet: true,
        disabled: !data.redo,
        data: { tool: "redo" },
      }),
    );
    if (had) tools.querySelector(`[data-tool="${had}"]`)?.focus();
    const left = entries.filter((it) => it.state === "open" || it.state === "likely").length;
    put(
      figures,
      el("b", {}, count(data.readings ?? 0)),
      ` ${t("draft.readings")} · `,
      el("b", {}, count(left)),
      ` ${t("draft.left")}`,
      data.findings?.length ? [" · ", el("b", {}, count(data.findings.length)), ` ${t("draft.findings")}`] : "",
    );
    if (!basis.children.length || basis.dataset.now !== `${data.catalogue}/${data.period}`) {
      basis.dataset.now = `${data.catalogue}/${data.period}`;
      const catalogue = el(
        "select",
        { on: { change: () => change("draft", { catalogue: catalogue.value || null }) } },
        el("option", { value: "", selected: !data.catalogue }, t("draft.ownCatalogue")),
        (data.catalogues ?? []).map((it) =>
          el("option", { value: it.name, selected: it.name === data.catalogue }, titled(it)),
        ),
      );
      const period = el("input", {
        type: "text",
        value: data.period ?? "",
        size: "9",
        on: { change: () => change("draft", { period: period.value.trim() || null }) },
      });
      put(basis, field(t("draft.catalogue"), catalogue), field(t("draft.period"), period));
    }
  }

  function entry(it) {
    return el(
      "li",
      {},
      el(
        "button",
        {
          type: "button",
          class: `finding draft-entry state-${it.state}`,
          "aria-current": it.id === kept.chosen ? "true" : null,
          data: { id: it.id },
          on: { click: () => choose(it.id, true) },
        },
        el("i", { class: `dot ${it.state}`, "aria-hidden": "true" }),
        el(
          "span",
          { class: "what" },
          it.kind === "sheet" ? el("span", {}, `${t("draft.sheet")} `) : null,
          el("bdi", {}, labelOf(it)),
          it.kind === "column" ? el("span", { class: "said" }, ` (${t("draft.column")})`) : null,
        ),
        el("span", { class: "takes" }, "→ ", taken(it)),
        el(
          "span",
          { class: "where-line" },
          el("bdi", {}, [it.fileName, it.sheet === "CSV" ? null : it.sheet].filter(Boolean).join(" › ")),
          it.kind === "sheet"
            ? null
            : el(
                "b",
                { class: "cell-name" },
                it.kind === "row" ? t("draft.row.at", { n: it.row }) : t("draft.column.at", { n: it.column }),
              ),
        ),
      ),
    );
  }

  /** A file of text is its own sheet. */
  function labelOf(it) {
    const name = it.kind === "sheet" && it.sheet === "CSV" ? it.fileName : it.label;
    return name.trim() || t("draft.noLabel");
  }

  /** What an entry is taken for, in words. */
  function taken(it) {
    if (it.kind === "sheet")
      return it.status === "left-out" && it.evidence
        ? `${t("draft.as.ignore")}: ${it.evidence}`
        : t(`draft.sheet.${it.status}`, { like: it.like });
    const known = it.indicator && data.indicators?.find((one) => one.id === it.indicator);
    const measure =
      it.measure && it.kind === "column"
        ? (data.measures?.find((one) => one.id === it.measure)?.label ?? it.measure)
        : null;
    if (it.measure === "note" || it.measure === "ignore") return t(`draft.as.${it.measure}`);
    if (it.indicator) return [known?.label ?? it.indicator, measure].filter(Boolean).join(" · ");
    if (it.kind === "column") return measure ?? t("draft.as.open");
    return it.role === "ignore"
      ? `${t("draft.as.ignore")}${it.chosen && it.evidence ? `: ${it.evidence}` : ""}`
      : t(`draft.as.${it.role ?? "open"}`);
  }

  function choose(id, open = false) {
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
    const at = shown.findIndex((it) => it.id === kept.chosen);
    const next = shown[Math.max(0, Math.min(shown.length - 1, at + step))];
    if (!next) return;
    choose(next.id, element.classList.contains("opened"));
    if (!detail.contains(document.activeElement) && document.activeElement !== sheet.grid) focusChosen();
  }

  function focusChosen() {
    const item = list.querySelector("[aria-current]");
    if (item && item.offsetParent) item.focus({ preventScroll: true });
    else detail.focus({ preventScroll: true });
  }

  function tell({ still = false } = {}) {
    const it = entries.find((one) => one.id === kept.chosen);
    if (!it) {
      put(detail);
      return;
    }
    const at = shown.indexOf(it);
    const near = (it.alternatives ?? []).filter((id) => id !== it.indicator).slice(0, 3);
    put(
      detail,
      el(
        "header",
        {},
        el(
          "span",
          { class: `pill state-${it.state}` },
          el("i", { class: `dot ${it.state}`, "aria-hidden": "true" }),
          t(`draft.${it.state}`),
        ),
        it.chosen ? el("span", { class: "pill" }, t("draft.chosen")) : null,
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
          at >= 0 ? el("span", { class: "position" }, `${count(at + 1)} / ${count(shown.length)}`) : null,
          button(t("next"), () => move(1), {
            icon: "down",
            quiet: true,
            class: "ghost",
            disabled: at < 0 || at >= shown.length - 1,
          }),
        ),
      ),
      el(
        "h2",
        {},
        it.kind === "sheet" ? `${t("draft.sheet")} ` : null,
        (it.path ?? [labelOf(it)]).map((part, n, all) => [
          n ? el("span", { class: "path-mark" }, " › ") : null,
          el(n === all.length - 1 ? "span" : "small", {}, part.trim()),
        ]),
      ),
      el(
        "p",
        { class: "action" },
        el("b", {}, t(it.kind === "sheet" ? "draft.sheet.now" : "draft.taken")),
        " ",
        taken(it),
        it.indicator ? el("code", {}, it.indicator) : null,
        unitOf(it),
      ),
      it.evidence && !it.chosen
        ? el("p", { class: "cause" }, el("b", {}, t("draft.why")), " ", capital(it.evidence))
        : null,
      near.length
        ? el(
            "p",
            { class: "near" },
            el("b", {}, t("draft.near")),
            near.map((id) => {
              const known = data.indicators?.find((one) => one.id === id);
              return button(known?.label ?? id, () => settle(it, { indicator: id }), { class: "spot", title: id });
            }),
          )
        : null,
      it.kind === "sheet" && it.state === "open"
        ? el("p", { class: "cause" }, t(it.hasTables ? "draft.sheet.do" : "draft.sheet.none"))
        : null,
      el(
        "footer",
        {},
        it.state === "likely" || (it.state === "open" && it.indicator)
          ? button(t("draft.right"), () => settle(it, same(it)), { icon: "check", data: { right: "" } })
          : null,
        it.kind === "sheet"
          ? null
          : button(t("draft.other"), () => other(it), { icon: "search", data: { other: "" } }),
        (it.state === "out" && it.role === "ignore") || (it.kind === "sheet" && it.state !== "open")
          ? null
          : button(`${capital(t(it.kind === "sheet" ? "draft.sheet.out" : "draft.out"))}…`, () => out(it), {
              icon: "cross",
              data: { out: "" },
            }),
        it.chosen ? button(t("draft.auto"), () => settle(it, { auto: true }), { icon: "undo" }) : null,
      ),
    );
    look(
      it.file,
      it.sheet,
      it.kind === "sheet"
        ? { row: 0, column: 0 }
        : it.kind === "row"
          ? { row: it.row - 1, column: place(`${it.table.label_columns?.[0] ?? "A"}1`)?.column ?? 0 }
          : { row: (it.table.header_rows?.at(-1) ?? 1) - 1, column: place(`${it.column}1`).column },
      still,
    );
  }

  function unitOf(it) {
    const unit = data.indicators?.find((one) => one.id === it.indicator)?.unit;
    return unit ? el("span", { class: "unit" }, ` · ${t("draft.unit")} ${unit}`) : null;
  }

  /** The choice that keeps what was guessed. */
  function same(it) {
    if (it.kind === "column" && it.measure)
      return it.indicator ? { indicator: it.indicator, measure: it.measure } : { measure: it.measure };
    if (it.indicator) return { indicator: it.indicator };
    return ["member", "total", "heading"].includes(it.role)
      ? { [it.role]: true }
      : { ignore: it.chosen ? (it.evidence ?? "") : "" };
  }

  async function other(it) {
    const choice = await pickIndicator({
      title: it.label.trim(),
      entry: it,
      indicators: data.indicators ?? [],
      measures: data.measures ?? [],
    });
    if (choice) await settle(it, choice);
  }

  async function out(it) {
    const why = el("input", { type: "text", value: it.chosen ? (it.evidence ?? "") : "" });
    const answer = await dialog({
      title: t("out.title"),
      text: labelOf(it),
      focus: why,
      body: [field(t("out.reason"), why, t("out.hint"))],
      actions: [
        { word: capital(t("draft.out")), primary: true, check: () => ({ ignore: why.value.trim() }) },
        { word: t("cancel"), value: null },
      ],
    });
    if (answer) await settle(it, answer);
  }

  async function settle(it, as) {
    const next = shown[shown.indexOf(it) + 1]?.id;
    const line = { row: { row: it.row }, column: { column: it.column }, sheet: {} }[it.kind];
    const done = await change("draft/choose", {
      choice: { file: it.filePath, sheet: it.sheet, table: it.area, ...line, as },
    });
    // What was settled leaves the list of what is left: the next one takes its place.
    if (done && !shown.some((one) => one.id === it.id) && next) choose(next);
    detail.focus({ preventScroll: true });
  }

  async function change(path, more = {}) {
    if (busy) return false;
    busy = true;
    element.setAttribute("aria-busy", "true");
    const had = data?.readings;
    const answer = await app.try(() => ask(path, { ...where(), ...more }));
    busy = false;
    element.removeAttribute("aria-busy");
    if (!answer) return false;
    read(answer);
    draw();
    tell({ still: true });
    paint();
    if (had !== undefined && had !== data.readings)
      app.news(t("draft.now", { n: count(data.readings), before: count(had) }));
    return true;
  }

  async function save() {
    await app.try(async () => {
      const done = await saving((force) => ask("draft/save", { ...where(), force }));
      if (!done) return;
      app.news(
        app.folder.copy
          ? t("draft.savedCopy")
          : t("draft.saved", { files: done.saved.map((it) => it.split(/[\\/]/).pop()).join(", ") }),
        "good",
      );
      // The files are judged with it at once; what comes of it is shown then.
      app.goal = "sua";
      app.settle();
    });
  }

  async function look(file, name, at = null, still = false) {
    const known = app.folder.files.find((it) => it.id === file);
    const page = name ?? known?.sheets?.[0]?.name ?? null;
    const changed = file !== shownFile || page !== shownSheet;
    shownFile = file;
    shownSheet = page;
    if (changed) {
      put(files, ...app.folder.files.map((it) => el("option", { value: it.id, selected: it.id === file }, it.name)));
      tabs.set(
        (known?.sheets ?? []).map((it) => {
          const some = entries.filter(
            (one) => one.file === file && one.sheet === it.name && (one.state === "open" || one.state === "likely"),
          );
          return {
            ...it,
            count: some.length,
            level: some.some((one) => one.state === "open") ? "error" : some.length ? "warning" : null,
          };
        }),
        page,
      );
      await sheet.show(file, page);
      if (shownFile !== file || shownSheet !== page) return;
      related();
    }
    paint();
    if (at && !still) sheet.go(at.row, at.column, { middle: true });
  }

  /** Tints, and beside the row numbers what each row is taken for. */
  function paint() {
    const mine = entries.filter((it) => it.file === shownFile && it.sheet === shownSheet);
    const tables = sheetOf(data.draft, shownFile, shownSheet)?.tables ?? [];
    sheet.tint(...tintsOf(tables));
    const rows = new Map();
    for (const it of mine) if (it.kind === "row" && !rows.has(it.row - 1)) rows.set(it.row - 1, it);
    const headed = new Map(
      tables.flatMap((table) => table.rows.filter((it) => it.role === "heading").map((it) => [it.row - 1, it])),
    );
    sheet.gutter({
      width: 250,
      title: t("draft.gutter"),
      cell: (row) => {
        const it = rows.get(row);
        if (!it) return headed.has(row) ? el("span", { class: "heading" }, t("draft.as.heading")) : null;
        return el(
          "button",
          {
            type: "button",
            tabindex: "-1",
            class: `takes${it.id === kept.chosen ? " here" : ""}`,
            title: it.indicator ?? "",
            on: { click: () => choose(it.id, true) },
          },
          el("i", { class: `dot ${it.state}`, "aria-hidden": "true" }),
          el("span", { class: "said" }, `${t(`draft.${it.state}`)}: `),
          taken(it),
        );
      },
    });
    const marks = new Map();
    for (const it of mine)
      if (it.kind === "column") {
        const last = Math.max(...it.table.header_rows) - 1;
        const column = place(`${it.column}1`).column;
        const top = sheet.data?.under.get(`${last},${column}`) ?? [last, column];
        marks.set(top.join(","), {
          kind: `is-${it.state}`,
          text: null,
          say: `${t(`draft.${it.state}`)}: ${taken(it)}`,
        });
      }
    const it = entries.find((one) => one.id === kept.chosen);
    if (it?.area && it.file === shownFile && it.sheet === shownSheet) {
      const all = area(it.area);
      if (it.kind === "row")
        for (let column = all.left; column <= all.right; column++)
          marks.set(`${it.row - 1},${column}`, { kind: "line" });
      else
        for (let row = all.top; row <= all.bottom; row++) {
          const column = place(`${it.column}1`).column;
          if (!sheet.data?.under.has(`${row},${column}`))
            marks.set(`${row},${column}`, { ...marks.get(`${row},${column}`), kind: "line" });
        }
    }
    sheet.mark(marks);
  }

  /** The relations found in the sheet, with how often each holds. */
  function related() {
    const some = sheetOf(data.draft, shownFile, shownSheet)?.relations ?? [];
    const was = relations.open;
    put(
      relations,
      el("summary", {}, t("relations", { n: count(some.length) })),
      el(
        "ul",
        {},
        some.map((it) =>
          el(
            "li",
            {},
            el(
              "button",
              {
                type: "button",
                class: "spot",
                on: {
                  click: () => {
                    const at = place(it.total);
                    sheet.go(at.row, at.column, { middle: true });
                  },
                },
              },
              el("b", {}, formula(it)),
            ),
            " ",
            el(
              "span",
              { class: it.support[0] < it.support[1] ? "some" : "" },
              t(it.along === "columns" ? "relations.rows" : "relations.columns", {
                held: count(it.support[0]),
                all: count(it.support[1]),
              }),
            ),
            it.written ? "" : el("small", {}, ` ${t("relations.remark")}`),
          ),
        ),
      ),
    );
    relations.hidden = !some.length;
    relations.open = was;
  }

  function pick(row, column) {
    const mine = entries.filter((it) => it.file === shownFile && it.sheet === shownSheet);
    const within = (it) => {
      const all = area(it.area);
      return row >= all.top && row <= all.bottom;
    };
    const found =
      mine.find((it) => it.kind === "row" && it.row - 1 === row) ??
      mine.find(
        (it) =>
          it.kind === "column" &&
          place(`${it.column}1`).column === column &&
          within(it) &&
          row <= Math.max(...it.table.header_rows) - 1,
      );
    if (found) choose(found.id, true);
  }

  function start() {
    element.setAttribute("aria-busy", "true");
    put(list, el("p", { class: "nothing", role: "status" }, t("draft.loading")));
    app
      .try(async () => {
        read(await ask("draft", where()));
        draw();
        tell();
      })
      .then(() => {
        element.removeAttribute("aria-busy");
        if (!data) put(list, el("p", { class: "nothing" }, t("draft.nothing")));
      });
  }

  function legend() {
    return el(
      "span",
      { class: "tint-legend" },
      ["header", "label", "unit"].map((kind) =>
        el("span", {}, el("i", { class: `tint-${kind}`, "aria-hidden": "true" }), t(`tint.${kind}`)),
      ),
    );
  }

  element.addEventListener("keydown", (event) => {
    const undo =
      (event.ctrlKey || event.metaKey) &&
      !event.target.closest("input, select") &&
      { z: "undo", y: "redo" }[event.key.toLowerCase()];
    if (!undo || !data?.[undo]) return;
    event.preventDefault();
    change(`draft/${undo}`);
  });
  start();
  return {
    element,
    update: start,
    key(event) {
      if (!data) return false;
      if (event.key === "n" || event.key === "j") move(1);
      else if (event.key === "p" || event.key === "k") move(-1);
      else if (event.key === "/") search.focus();
      else if (event.key === "g") sheet.focus();
      else if (event.key === "Escape" && element.classList.contains("opened")) element.classList.remove("opened");
      else return false;
      return true;
    },
    leave() {},
  };
}
