// Choosing the indicator of a row: a combobox over label, path and id, with the nearest ones first.

import { el, button, fits, id } from "./dom.js";
import { t, count } from "./words.js";

const ROOM = 80;

/** Answers with a choice as `/api/draft/choose` takes it, or null. */
export function pickIndicator({ title, entry, indicators, measures }) {
  const column = entry.kind === "column";
  const name = id("pick");
  return new Promise((done) => {
    let value = null;
    let at = 0;
    let options = [];
    const input = el("input", {
      type: "text",
      role: "combobox",
      "aria-expanded": "true",
      "aria-controls": `${name}-list`,
      "aria-autocomplete": "list",
      "aria-label": t("pick.search"),
      placeholder: t("pick.search"),
      autocomplete: "off",
      spellcheck: "false",
      on: {
        input: () => {
          at = 0;
          draw();
        },
        keydown: key,
      },
    });
    const list = el("ul", { role: "listbox", id: `${name}-list`, "aria-label": t("pick.list"), class: "options" });
    const hits = el("p", { class: "hits", role: "status" });
    const measure = column
      ? el(
          "select",
          { "aria-label": t("pick.measure") },
          measures.map((it) => el("option", { value: it.id, selected: it.id === entry.measure }, it.label)),
        )
      : null;
    // Where a table has an indicator in each column its rows are villages and totals, and the other way round.
    const listed = entry.undecided || column === entry.byColumn;
    const roles = column ? [] : entry.byColumn || entry.undecided ? ["total", "member", "heading"] : ["heading"];
    const box = el(
      "dialog",
      {
        class: "wide pick",
        "aria-labelledby": name,
        on: {
          close: () => {
            box.remove();
            done(value);
          },
        },
      },
      el(
        "header",
        {},
        el("h2", { id: name }, t("pick.title"), " ", el("bdi", {}, `"${title}"`)),
        button(t("close"), () => box.close(), { icon: "cross", quiet: true, class: "ghost" }),
      ),
      el(
        "div",
        { class: "dialog-body" },
        column
          ? el(
              "div",
              { class: "pick-measure" },
              el("label", {}, t("pick.measure"), " ", measure),
              button(t(listed ? "pick.measureOnly" : "pick.take"), () => take({ measure: measure.value })),
            )
          : null,
        roles.length
          ? el(
              "p",
              { class: "near" },
              el("b", {}, t("pick.role")),
              roles.map((role) => button(t(`draft.as.${role}`), () => take({ [role]: true }), { class: "spot" })),
            )
          : null,
        listed ? [input, hits, list] : null,
      ),
      el(
        "footer",
        {},
        button(t("cancel"), () => box.close()),
      ),
    );

    function draw() {
      const near = new Set(entry.alternatives ?? []);
      const found = indicators.filter((it) => fits(input.value, it.label, way(it), it.id));
      options = [
        ...found.filter((it) => it.id === entry.indicator || near.has(it.id)),
        ...found.filter((it) => it.id !== entry.indicator && !near.has(it.id)),
      ].slice(0, ROOM);
      at = Math.min(at, Math.max(0, options.length - 1));
      list.replaceChildren(
        ...options.map((it, n) =>
          el(
            "li",
            {
              role: "option",
              id: `${name}-${n}`,
              "aria-selected": String(n === at),
              on: { click: () => take(choice(it)) },
            },
            el("b", {}, it.label),
            el("span", { class: "path" }, way(it)),
            it.unit ? el("span", { class: "unit" }, it.unit) : null,
            el("code", {}, it.id),
            it.id === entry.indicator
              ? el("em", {}, t("pick.now"))
              : near.has(it.id)
                ? el("em", {}, t("pick.near"))
                : null,
          ),
        ),
      );
      hits.textContent = found.length ? t("pick.hits", { n: count(found.length) }) : t("mend.noHits");
      point();
    }

    function point() {
      [...list.children].forEach((it, n) => it.setAttribute("aria-selected", String(n === at)));
      if (options.length) input.setAttribute("aria-activedescendant", `${name}-${at}`);
      else input.removeAttribute("aria-activedescendant");
      list.children[at]?.scrollIntoView({ block: "nearest" });
    }

    const choice = (it) => (measure?.value ? { indicator: it.id, measure: measure.value } : { indicator: it.id });
    const way = (it) =>
      (Array.isArray(it.path) ? it.path : [it.path])
        .filter(Boolean)
        .map((part) => part.trim())
        .filter((part) => part !== it.label)
        .join(" › ");

    function take(found) {
      value = found;
      box.close();
    }

    function key(event) {
      if (event.key === "ArrowDown") at = Math.min(options.length - 1, at + 1);
      else if (event.key === "ArrowUp") at = Math.max(0, at - 1);
      else if (event.key === "PageDown") at = Math.min(options.length - 1, at + 8);
      else if (event.key === "PageUp") at = Math.max(0, at - 8);
      else if (event.key === "Enter" && options[at]) {
        event.preventDefault();
        take(choice(options[at]));
        return;
      } else return;
      event.preventDefault();
      point();
    }

    document.body.append(box);
    draw();
    box.showModal();
    if (listed) input.focus();
    else (measure ?? box.querySelector(".near button"))?.focus();
  });
}
