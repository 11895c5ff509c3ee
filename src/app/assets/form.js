// Step 4: the form as it will be printed. Each figure tells on a click where it comes from.

import { el, icon, button, capital, put } from "./dom.js";
import { t, count } from "./words.js";
import { ask, download } from "./server.js";
import { SheetView } from "./sheet.js";
import { place } from "./sheet-data.js";
import { verdictChart, ratioChart, VERDICTS } from "./charts.js";
import { dialog, field, saving } from "./dialogs.js";
import { Browser } from "./browse.js";

const KINDS = ["form", "annotated", "report-html", "report-xlsx", "prefill", "table"];

export function form(app) {
  // What was described of copies lies in a folder that nobody finds again.
  const kinds = app.folder.copy && app.folder.mapping && !app.folder.mapping.bundled ? [...KINDS, "mapping"] : KINDS;
  const paper = el("div", { class: "paper-place" }, el("p", { class: "wait", role: "status" }, t("form.loading")));
  const side = el("aside", { class: "form-side", "aria-label": t("form.side") });
  const sheet = new SheetView({ label: t("sheet"), left: () => back?.focus() });
  const origin = el("section", {
    class: "card origin",
    "aria-labelledby": "origin-title",
    hidden: true,
    tabindex: "-1",
  });
  const working = el("span", { class: "working", role: "status" });
  let shown = null;
  let back = null;
  const element = el(
    "div",
    { class: "form" },
    el("h1", { class: "said" }, t("step.form")),
    toolbar(),
    el("div", { class: "form-grid" }, paper, side),
  );

  function toolbar() {
    const menu = el(
      "details",
      {
        class: "menu",
        on: {
          keydown: (event) => {
            if (event.key === "Escape") {
              menu.open = false;
              menu.firstChild.focus();
            }
          },
          focusout: (event) => {
            if (!menu.contains(event.relatedTarget)) menu.open = false;
          },
        },
      },
      el("summary", {}, icon("down"), t("form.others")),
      el(
        "ul",
        {},
        kinds.slice(1).map((kind) =>
          el(
            "li",
            {},
            el(
              "button",
              {
                type: "button",
                on: {
                  click: () => {
                    menu.open = false;
                    get([kind]);
                  },
                },
              },
              el("b", {}, t(`kind.${kind}`)),
              el("small", {}, t(`kind.${kind}.text`)),
            ),
          ),
        ),
      ),
    );
    return el(
      "div",
      { class: "toolbar" },
      button(t("form.download"), () => get(["form"]), { class: "primary", icon: "save", data: { download: "" } }),
      menu,
      button(t("form.save"), saveTo, { icon: "folder" }),
      button(t("form.print"), () => print(), { icon: "print" }),
      working,
    );
  }

  async function get(wanted) {
    working.textContent = t("form.working");
    await app.try(async () => {
      const { downloads } = await ask("convert", { folder: app.folder.id, submission: app.submission, kinds: wanted });
      for (const one of downloads) download(one);
      app.news(t("form.downloaded", { files: downloads.map((one) => one.name).join(", ") }));
    });
    working.textContent = "";
  }

  async function saveTo() {
    const place = new Browser({
      app,
      title: t("save.to"),
      start: app.folder.copy ? null : app.folder.path.replace(/[\\/][^\\/]+[\\/]?$/, "") || null,
      level: "h3",
    });
    const boxes = kinds.map((kind) =>
      el(
        "label",
        { class: "check" },
        el("input", { type: "checkbox", value: kind, checked: kind === "form" || kind === "mapping" }),
        t(`kind.${kind}`),
      ),
    );
    const answer = await dialog({
      title: t("form.save"),
      wide: true,
      focus: () => place.input,
      body: [
        place.element,
        el("p", { class: "aside" }, t("save.hint")),
        el("fieldset", {}, el("legend", {}, t("save.what")), boxes),
      ],
      actions: [
        {
          word: t("save"),
          primary: true,
          check: () => {
            const wanted = boxes
              .map((it) => it.firstChild)
              .filter((it) => it.checked)
              .map((it) => it.value);
            return wanted.length && place.path ? { to: place.path, kinds: wanted } : undefined;
          },
        },
        { word: t("cancel"), value: null },
      ],
    });
    if (!answer) return;
    await app.try(async () => {
      const body = { folder: app.folder.id, submission: app.submission, ...answer };
      let done;
      try {
        done = await ask("save", { ...body, force: false });
      } catch (trouble) {
        if (!["exists", "edited-meanwhile"].includes(trouble.code)) throw trouble;
        const sure = await dialog({
          title: t("save.exists"),
          text: capital(trouble.message),
          actions: [
            { word: t("cancel"), value: false, primary: true },
            { word: t("edited.replace"), value: true },
          ],
        });
        if (!sure) return;
        done = await ask("save", { ...body, force: true });
      }
      app.news(t("save.done", { files: (done.saved ?? []).join(", ") }));
    });
  }

  async function load() {
    const asked = {};
    shown = asked;
    await app.try(async () => {
      const data = await ask("form", { folder: app.folder.id, submission: app.submission });
      if (shown !== asked) return;
      draw(data);
    });
    if (!paper.querySelector("table")) paper.firstChild.textContent = t("form.none");
  }

  function draw(data) {
    const heads = header(data);
    const table = el(
      "table",
      { class: "appendix" },
      el("thead", {}, heads),
      el(
        "tbody",
        {},
        data.rows.map((row) => line(row, data.columns)),
      ),
    );
    const corner = (data.corner ?? []).length
      ? el(
          "div",
          { class: "corner-lines" },
          data.corner.map((lines) =>
            el(
              "div",
              {},
              [lines].flat().map((text) => el("p", {}, text)),
            ),
          ),
        )
      : null;
    const sign = (data.sign ?? []).length
      ? el(
          "div",
          { class: "sign-lines" },
          data.sign.map((text) => el("p", {}, text)),
        )
      : null;
    put(
      paper,
      el(
        "article",
        { class: "paper", "aria-label": t("step.form") },
        corner,
        el(
          "header",
          {},
          (data.title ?? []).map((text, at) => el(at ? "p" : "h2", {}, text)),
        ),
        el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("form.table") }, table),
        (data.notes ?? []).length
          ? el(
              "ul",
              { class: "notes" },
              data.notes.map((text) => el("li", {}, text)),
            )
          : null,
        sign,
      ),
    );
    roving(table);
    aside(data);
  }

  /** The header, with its merged cells. */
  function header({ header, columns }) {
    if (!header?.cells?.length)
      return [
        el(
          "tr",
          {},
          columns.map((it) => el("th", { scope: "col" }, it.title)),
        ),
      ];
    return Array.from({ length: header.depth }, (_, row) =>
      el(
        "tr",
        {},
        header.cells
          .filter((it) => it.row === row)
          .sort((one, other) => one.column - other.column)
          .map((it) =>
            el(
              "th",
              {
                scope: it.columns > 1 ? "colgroup" : "col",
                colspan: it.columns > 1 ? it.columns : null,
                rowspan: it.rows > 1 ? it.rows : null,
              },
              it.t,
            ),
          ),
      ),
    );
  }

  function line(row, columns) {
    const section = row.kind === "section";
    const label = columns.findIndex((it) => it.key === "label");
    let skip = 0;
    const cells = row.cells.map((cell, at) => {
      if (skip-- > 0) return null;
      let span = 1;
      if (section && at === label) {
        while (at + span < row.cells.length && !row.cells[at + span]?.t) span++;
        skip = span - 1;
      } else if (skip < 0) skip = 0;
      // Figures, and what stands for them: ">90", "–", "…".
      const number =
        at > label && !["unit", "verdict", "note"].includes(columns[at]?.key) && !/\p{L}/u.test(cell?.t ?? "");
      const { key, align } = columns[at] ?? {};
      const words = [
        number || align === "r" ? "num" : "",
        key === "verdict" && row.verdict ? `verdict-${row.verdict}` : "",
        !number && (align === "c" || key === "tt" || key === "unit") ? "mid" : "",
      ]
        .filter(Boolean)
        .join(" ");
      const text = cell?.origins?.length
        ? el(
            "button",
            {
              type: "button",
              class: "fig",
              tabindex: "-1",
              "aria-haspopup": "true",
              data: { column: String(at) },
              on: { click: (event) => tell(event.currentTarget, row, cell, columns[at], label) },
            },
            cell.t || "…",
          )
        : (cell?.t ?? "");
      return at === label
        ? el(
            "th",
            { scope: section ? "rowgroup" : "row", class: `level-${row.level ?? 0}`, colspan: span > 1 ? span : null },
            text,
            row.mark && !section
              ? el(
                  "span",
                  { class: "mark", title: t("form.mark", { cells: row.mark }) },
                  "◂",
                  el("span", { class: "said" }, t("form.mark", { cells: row.mark })),
                )
              : null,
          )
        : el("td", { class: words || null, colspan: span > 1 ? span : null }, text);
    });
    return el("tr", { class: `kind-${row.kind}${row.mark ? " marked" : ""}` }, cells);
  }

  /** One figure takes part in the order of Tab; the arrows go from figure to figure. */
  function roving(table) {
    const all = [...table.querySelectorAll(".fig")];
    if (all[0]) all[0].tabIndex = 0;
    table.addEventListener("focusin", (event) => {
      if (!event.target.classList?.contains("fig")) return;
      for (const it of all) it.tabIndex = it === event.target ? 0 : -1;
    });
    table.addEventListener("keydown", (event) => {
      const at = all.indexOf(event.target);
      if (at < 0) return;
      const row = (it) => it.closest("tr");
      const same = (step) => {
        for (let next = at + step; all[next]; next += step)
          if (row(all[next]) !== row(event.target) && all[next].dataset.column === event.target.dataset.column)
            return all[next];
        return null;
      };
      const next = {
        ArrowRight: () => all[at + 1],
        ArrowLeft: () => all[at - 1],
        ArrowDown: () => same(1),
        ArrowUp: () => same(-1),
        Home: () => all[0],
        End: () => all.at(-1),
      }[event.key]?.();
      if (!next) return;
      event.preventDefault();
      next.focus();
      next.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  }

  /** Where a figure comes from: its cells, and the first of them in its sheet. */
  function tell(from, row, cell, column, label) {
    back = from;
    for (const it of paper.querySelectorAll(".fig.here")) it.classList.remove("here");
    from.classList.add("here");
    const title = row.cells[label]?.t ?? "";
    const spots = cell.origins
      .slice(0, 40)
      .map((it) =>
        el(
          "li",
          {},
          el(
            "button",
            { type: "button", class: "spot", disabled: !it.fileId, on: { click: () => look(it, cell.origins) } },
            el(
              "bdi",
              {},
              it.fileName ??
                (it.file ?? app.folder.files.find((one) => one.id === it.fileId)?.name ?? "").split(/[\\/]/).pop(),
            ),
            it.sheet && it.sheet !== "CSV" ? el("span", {}, ` › ${it.sheet}`) : null,
            " ",
            el("b", {}, it.cell),
          ),
        ),
      );
    put(
      origin,
      el(
        "header",
        {},
        el("h2", { id: "origin-title" }, t("origin.title")),
        button(
          t("close"),
          () => {
            origin.hidden = true;
            back?.focus();
          },
          { icon: "cross", quiet: true, class: "ghost" },
        ),
      ),
      el("p", {}, el("b", { class: "big" }, cell.t), " ", `${title} · ${column?.title.split(" > ").pop() ?? ""}`),
      cell.origins.length > 1 ? el("p", { class: "aside" }, t("origin.sum", { n: count(cell.origins.length) })) : null,
      el("ul", { class: "spots" }, spots),
      cell.origins.length > 40
        ? el("p", { class: "aside" }, t("more.left", { n: count(cell.origins.length - 40) }))
        : null,
      sheet.element,
    );
    origin.hidden = false;
    origin.scrollIntoView({ block: "nearest" });
    origin.focus({ preventScroll: true });
    const first = cell.origins.find((it) => it.fileId);
    if (first) look(first, cell.origins);
    else sheet.clear();
  }

  async function look(at, all) {
    await sheet.show(at.fileId, at.sheet ?? null);
    const marks = new Map();
    for (const one of all)
      if (one.fileId === at.fileId && one.sheet === at.sheet) {
        const where = place(one.cell);
        if (where)
          marks.set(`${where.row},${where.column}`, { kind: one === at ? "origin" : "source", say: t("mark.origin") });
      }
    sheet.mark(marks);
    const where = place(at.cell);
    if (where) sheet.go(where.row, where.column, { middle: true });
  }

  function aside(data) {
    const { counts } = data;
    const all = VERDICTS.reduce((sum, key) => sum + (counts[key] ?? 0), 0);
    const sections = data.sections ?? sectionsOf(data);
    const ratio = data.columns.findIndex((it) => it.key === "ratio");
    const label = data.columns.findIndex((it) => it.key === "label");
    const points = data.rows
      .filter((row) => row.kind !== "section" && ratio >= 0)
      .map((row) => ({
        label: row.cells[label]?.t ?? "",
        text: row.cells[ratio]?.t ?? "",
        ratio: decimal(row.cells[ratio]?.t),
        verdict: row.verdict,
      }))
      .filter((it) => it.ratio !== null);
    const keep = document.activeElement?.closest?.(".fields") ? document.activeElement.name : null;
    put(
      side,
      origin,
      el(
        "section",
        { class: "card counts", "aria-labelledby": "verdicts" },
        el("h2", { id: "verdicts" }, t("form.verdicts")),
        el(
          "dl",
          { class: "tiles" },
          VERDICTS.map((key) =>
            el(
              "div",
              { class: `tile-${key}` },
              el("dt", {}, capital(t(`verdict.${key}`))),
              el("dd", {}, count(counts[key] ?? 0)),
            ),
          ),
        ),
        el(
          "p",
          { class: "aside" },
          t("form.both", {
            good: count((counts.exceeded ?? 0) + (counts.met ?? 0)),
            all: count(all),
            exceeded: count(counts.exceeded ?? 0),
          }),
        ),
        sections.length > 1 ? verdictChart(sections) : null,
      ),
      data.fields ? fields(data.fields) : null,
      points.length > 1
        ? el(
            "section",
            { class: "card", "aria-labelledby": "ratios" },
            el("h2", { id: "ratios" }, t("form.ratios")),
            ratioChart(points),
          )
        : null,
    );
    if (keep) side.querySelector(`[name="${CSS.escape(keep)}"]`)?.focus();
  }

  function sectionsOf(data) {
    const label = data.columns.findIndex((it) => it.key === "label");
    const found = [];
    for (const row of data.rows) {
      if (row.kind === "section") found.push({ label: row.cells[label]?.t ?? "" });
      else if (row.kind === "indicator" && found.length) {
        const key = row.verdict ?? "none";
        found.at(-1)[key] = (found.at(-1)[key] ?? 0) + 1;
      }
    }
    return found.filter((it) => VERDICTS.some((key) => it[key]));
  }

  /** What is typed here is kept in the mapping of the folder. */
  function fields(all) {
    const inputs = all.map((it) => [
      it,
      el("input", {
        type: "text",
        name: it.key,
        value: it.value ?? "",
        autocomplete: "off",
        placeholder: it.type === "date" ? t("fields.date") : null,
      }),
    ]);
    const done = el("span", { class: "working", role: "status" });
    return el(
      "section",
      { class: "card fields", "aria-labelledby": "fields" },
      el("h2", { id: "fields" }, t("fields.title")),
      el(
        "form",
        {
          on: {
            submit: async (event) => {
              event.preventDefault();
              const values = Object.fromEntries(
                inputs
                  .filter(([it, input]) => input.value !== (it.value ?? ""))
                  .map(([it, input]) => [it.key, input.value]),
              );
              if (!Object.keys(values).length) {
                done.textContent = t("fields.same");
                return;
              }
              await app.try(async () => {
                const saved = await saving((force) =>
                  ask("fields", { folder: app.folder.id, submission: app.submission, values, force }),
                );
                if (!saved) return;
                done.textContent = t("fields.saved");
                await load();
              });
            },
          },
        },
        inputs.map(([it, input]) => field(it.label, input)),
        el("footer", {}, el("button", { type: "submit" }, icon("save"), el("span", {}, t("fields.save"))), done),
        el("small", {}, t("fields.where")),
      ),
    );
  }

  load();
  return { element, update: load };
}

/** A figure as it is printed, as a number for the chart only. */
function decimal(text) {
  if (!/^-?[\d.,]+$/.test(text ?? "")) return null;
  const comma = document.documentElement.lang === "vi" || /,\d{1,2}$/.test(text);
  const plain = comma ? text.replaceAll(".", "").replace(",", ".") : text.replaceAll(",", "");
  return Number.isFinite(Number(plain)) ? Number(plain) : null;
}
