// The folders of this computer, as the program lists them: to choose what to read, and where to save.

import { el, icon, button, put, id } from "./dom.js";
import { t, count, date, size } from "./words.js";
import { ask } from "./server.js";

/** `opened(path)` when a workbook is taken; without it only folders are listed. */
export class Browser {
  #parent = null;
  #asked = 0;
  /** Whether the path was typed in since it was last asked for: an answer that is late leaves it alone. */
  #typed = false;

  constructor({ app, title, opened = null, start = null, level = "h2" }) {
    this.app = app;
    this.opened = opened;
    const name = id("browse");
    this.path = null;
    this.moved = () => {};
    this.input = el("input", {
      type: "text",
      class: "path",
      "aria-label": t("choose.path"),
      spellcheck: "false",
      autocomplete: "off",
      on: {
        input: () => (this.#typed = true),
        keydown: (event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            event.stopPropagation();
            this.go(this.input.value.trim() || null, true);
          }
        },
      },
    });
    this.up = button(t("choose.up"), () => this.go(this.#parent, true), { icon: "up", quiet: true, class: "ghost" });
    this.roots = el("ul", { class: "roots" });
    this.list = el("ul", { class: "entries", "aria-labelledby": name });
    this.here = el("p", { class: "here", role: "status" });
    this.foot = el("footer", {}, this.here);
    this.element = el(
      "section",
      { class: "card chooser", "aria-labelledby": name },
      el(level, { id: name }, title),
      el(
        "div",
        { class: "address-line" },
        this.up,
        this.input,
        button(t("choose.go"), () => this.go(this.input.value.trim() || null, true)),
      ),
      el("div", { class: "places" }, this.roots, this.list),
      this.foot,
    );
    this.go(start);
  }

  async go(to, focus = false) {
    // Nothing is chosen until it is known what is there.
    const before = this.path;
    this.path = null;
    this.moved();
    const asked = ++this.#asked;
    this.#typed = false;
    const found = await this.app.try(() => ask("browse", { path: to }));
    if (asked !== this.#asked) return;
    if (!found) {
      this.path = before;
      this.moved();
      return;
    }
    this.path = found.path;
    this.element.dataset.path = found.path ?? "";
    this.#parent = found.parent;
    if (!this.#typed) this.input.value = found.path ?? "";
    this.up.disabled = found.parent === null;
    put(
      this.roots,
      found.roots.map((root) =>
        el(
          "li",
          {},
          el(
            "button",
            {
              type: "button",
              "aria-current": root.path === this.path ? "true" : null,
              on: { click: () => this.go(root.path, true) },
            },
            root.name,
          ),
        ),
      ),
    );
    const entries = found.entries.filter((entry) => this.opened || entry.kind === "folder");
    put(
      this.list,
      entries.map((entry) => this.#entry(entry)),
      entries.length ? null : el("li", { class: "none" }, t(this.opened ? "choose.empty" : "choose.noFolders")),
      found.truncated ? el("li", { class: "none" }, t("choose.truncated")) : null,
    );
    this.here.textContent = found.workbooks
      ? t("choose.workbooks", { n: count(found.workbooks) })
      : t("choose.noWorkbooks");
    this.here.hidden = !this.opened;
    this.moved();
    if (focus) (this.list.querySelector("button") ?? this.input).focus();
  }

  #entry(entry) {
    const sign = { folder: "folder", mapping: "note" }[entry.kind] ?? "file";
    const run = { folder: () => this.go(entry.path, true), workbook: () => this.opened(entry.path) }[entry.kind];
    return el(
      "li",
      {},
      el(
        run ? "button" : "span",
        { type: run ? "button" : null, class: entry.kind, title: entry.name, on: run ? { click: run } : {} },
        icon(sign),
        el("bdi", {}, entry.name),
        el("small", {}, entry.kind === "folder" ? "" : `${size(entry.size)} · ${date(entry.modified)}`),
      ),
    );
  }
}
