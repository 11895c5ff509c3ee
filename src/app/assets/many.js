// Step 5: a folder of submissions, the worst first; put together, compared, and sent back with their findings.

import { el, icon, button, capital, fits, put, scroller } from "./dom.js";
import { t, count } from "./words.js";
import { ask, download } from "./server.js";

const PAGE = 200;
const STATES = ["unreadable", "unmapped", "findings", "clean"];

export function many(app) {
  const search = el("input", {
    type: "search",
    placeholder: t("search"),
    "aria-label": t("many.search"),
    on: {
      input: () => {
        room = PAGE;
        draw();
      },
    },
  });
  const state = el(
    "select",
    { "aria-label": t("many.filter"), on: { change: () => draw() } },
    el("option", { value: "" }, t("many.all")),
    STATES.map((it) => el("option", { value: it }, capital(t(`status.${it}`)))),
  );
  const hits = el("p", { class: "hits", role: "status" });
  const body = el("tbody");
  const table = el(
    "table",
    { class: "submissions" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "col" }, el("span", { class: "said" }, t("many.compare"))),
        ["name", "state", "errors", "warnings", "infos", "readings"].map((it) =>
          el(
            "th",
            {
              scope: "col",
              class: ["errors", "warnings", "infos", "readings"].includes(it) ? `num col-${it}` : `col-${it}`,
            },
            t(`many.${it}`),
          ),
        ),
      ),
    ),
    body,
  );
  const more = el("p");
  const result = el("section", { class: "card compared", tabindex: "-1", "aria-labelledby": "compared", hidden: true });
  const working = el("span", { class: "working", role: "status" });
  const both = button(t("many.compareTwo"), () => compare(), { icon: "scale", data: { compare: "" } });
  const overview = el("div", { class: "overview" });
  const element = el(
    "div",
    { class: "many" },
    el("header", { class: "many-head" }, el("h1", {}, t("many.title")), overview),
    el(
      "div",
      { class: "toolbar" },
      button(t("many.consolidate"), () => make("consolidate"), {
        class: "primary",
        icon: "merge",
        data: { consolidate: "" },
      }),
      button(t("many.feedback"), () => make("feedback"), { icon: "note", data: { feedback: "" } }),
      both,
      working,
    ),
    el("div", { class: "filters" }, el("span", { class: "search" }, icon("search"), search), state, hits),
    result,
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("many.title") }, table),
    more,
  );
  const picked = new Set();
  let room = PAGE;

  function draw() {
    const all = app.folder.submissions;
    const some = all.filter(
      (it) => fits(search.value, it.name, it.path) && (!state.value || it.status === state.value),
    );
    put(body, ...some.slice(0, room).map(line));
    put(
      more,
      ...(some.length > room
        ? [
            button(t("more", { n: count(some.length - room) }), () => {
              room += PAGE;
              draw();
            }),
          ]
        : []),
    );
    hits.textContent = search.value || state.value ? t("many.hits", { n: count(some.length) }) : "";
    both.disabled = picked.size !== 2;
    const of = (key) => all.filter((it) => it.status === key).length;
    put(
      overview,
      el(
        "ul",
        { class: "stack", "aria-label": t("many.overview") },
        STATES.filter(of).map((key) =>
          el(
            "li",
            { class: `state-${key}`, style: { "flex-grow": String(of(key)) } },
            el("b", {}, count(of(key))),
            " ",
            t(`status.${key}`),
          ),
        ),
      ),
    );
    if (!some.length) body.append(el("tr", {}, el("td", { colspan: "7", class: "nothing" }, t("mend.noHits"))));
  }

  function line(it) {
    const box = el("input", {
      type: "checkbox",
      checked: picked.has(it.id),
      "aria-label": t("many.pick", { name: it.name }),
      on: {
        change: () => {
          if (box.checked) picked.add(it.id);
          else picked.delete(it.id);
          // Two are compared; a third takes the place of the first.
          if (picked.size > 2) {
            picked.delete([...picked][0]);
            draw();
            [...body.querySelectorAll("input")].find((one) => one.dataset.id === it.id)?.focus();
          }
          both.disabled = picked.size !== 2;
        },
      },
      data: { id: it.id },
    });
    return el(
      "tr",
      { class: `state-${it.status}` },
      el("td", {}, box),
      el(
        "th",
        { scope: "row" },
        el(
          "button",
          { type: "button", class: "link-like", data: { open: it.id }, on: { click: () => open(it) } },
          el("bdi", {}, it.name),
        ),
        el("small", {}, el("bdi", {}, it.path)),
      ),
      el("td", {}, el("span", { class: `pill state-${it.status}` }, capital(t(`status.${it.status}`)))),
      ["errors", "warnings", "infos", "readings"].map((key) =>
        el("td", { class: `num col-${key}${it[key] ? ` some-${key}` : ""}` }, it[key] ? count(it[key]) : "–"),
      ),
    );
  }

  async function open(it) {
    await app.try(() =>
      app.open(
        app.folder.id,
        it.id,
        it.status === "unmapped"
          ? "khai-bao"
          : it.errors + it.warnings + it.infos > 0 || it.status === "unreadable"
            ? "sua"
            : "bieu",
      ),
    );
  }

  async function make(what) {
    working.textContent = t("form.working");
    await app.try(async () => {
      const { downloads } = await ask(what, { folder: app.folder.id });
      for (const one of downloads) download(one);
      app.news(t("form.downloaded", { files: downloads.map((one) => one.name).join(", ") }));
    });
    working.textContent = "";
  }

  async function compare() {
    const [first, second] = [...picked].map((id) => app.folder.submissions.find((it) => it.id === id));
    if (!first || !second) return;
    working.textContent = t("form.working");
    await app.try(async () => {
      const found = await ask("compare", {
        folder: app.folder.id,
        submission: second.id,
        with: { folder: app.folder.id, submission: first.id },
      });
      const list = (title, some, kind) =>
        el(
          "section",
          { class: kind },
          el("h3", {}, t(title, { n: count(some.length) })),
          some.length
            ? scroller(
                t(title, { n: count(some.length) }),
                el(
                  "ul",
                  {},
                  some
                    .slice(0, 100)
                    .map((it) =>
                      el(
                        "li",
                        {},
                        it.target?.cell ? el("b", { class: "cell-name" }, it.target.cell) : null,
                        " ",
                        capital(it.message ?? String(it)),
                      ),
                    ),
                ),
              )
            : el("p", { class: "aside" }, t("none")),
        );
      const moved = found.moved ?? [];
      put(
        result,
        el(
          "header",
          {},
          el(
            "h2",
            { id: "compared" },
            t("many.compared"),
            " ",
            el("bdi", {}, first.name),
            " → ",
            el("bdi", {}, second.name),
          ),
          button(
            t("close"),
            () => {
              result.hidden = true;
              both.focus();
            },
            { icon: "cross", quiet: true, class: "ghost" },
          ),
        ),
        el(
          "div",
          { class: "compare-grid" },
          list("changed.mendedTitle", found.mended ?? [], "good"),
          list("changed.newTitle", found.new ?? [], "bad"),
        ),
        el(
          "section",
          {},
          el("h3", {}, t("many.moved", { n: count(moved.length) })),
          moved.length
            ? el(
                "table",
                {},
                el(
                  "thead",
                  {},
                  el(
                    "tr",
                    {},
                    ["label", "measure", "before", "after"].map((it) =>
                      el(
                        "th",
                        { scope: "col", class: it === "before" || it === "after" ? "num" : null },
                        t(`moved.${it}`),
                      ),
                    ),
                  ),
                ),
                el(
                  "tbody",
                  {},
                  moved
                    .slice(0, 300)
                    .map((it) =>
                      el(
                        "tr",
                        {},
                        el("th", { scope: "row" }, it.label ?? it.indicator),
                        el("td", {}, it.measure),
                        el("td", { class: "num" }, it.before ?? "…"),
                        el("td", { class: "num" }, it.after ?? "…"),
                      ),
                    ),
                ),
              )
            : el("p", { class: "aside" }, t("none")),
        ),
      );
      result.hidden = false;
      result.focus();
    });
    working.textContent = "";
  }

  draw();
  return {
    element,
    update: draw,
    key(event) {
      if (event.key === "/") search.focus();
      else return false;
      return true;
    },
  };
}
