// A sheet as it looks in Excel. Only the rows and columns in view are in the document, so that a sheet
// of 10,000 rows is as quick as one of 10. It is an ARIA grid of its true size, and the keys are Excel's.

import { el, id, icon, reveal } from "./dom.js";
import { t, figure } from "./words.js";
import { SheetData, address, letters } from "./sheet-data.js";

const HEAD = 24;
const NUMBERS = 46;
const SPARE = 6;

export class SheetView {
  #id = id("sheet");
  #data = null;
  #marks = new Map();
  #tints = [];
  #rowTints = new Map();
  #shown = new Map();
  #columns = [0, 0];
  #active = { row: 0, column: 0 };
  #drawn = "";
  #frame = 0;
  #gutter = null;
  #asked = 0;
  #wanted = false;

  /** `picked(row, column)` when a cell is clicked or Enter is pressed on it; `moved` when the cursor is
   * elsewhere; `left` on Escape. */
  constructor({ label, picked = () => {}, moved = () => {}, left = () => {} }) {
    this.picked = picked;
    this.moved = moved;
    this.leave = left;
    this.letters = el("div", { class: "letters", role: "row", "aria-rowindex": "1" });
    this.head = el("div", { class: "sheet-head", role: "rowgroup" }, this.letters);
    this.frozen = el("div", { class: "frozen", "aria-hidden": "true" });
    this.body = el("div", { class: "sheet-body", role: "rowgroup" });
    this.grid = el(
      "div",
      {
        class: "grid",
        id: this.#id,
        role: "grid",
        tabindex: "0",
        "aria-label": label,
        "aria-readonly": "true",
        on: { keydown: (event) => this.#key(event), scroll: () => this.#later(), click: (event) => this.#click(event) },
      },
      this.head,
      this.frozen,
      this.body,
    );
    this.address = el("span", { class: "address" });
    this.content = el("span", { class: "content" });
    this.bar = el("div", { class: "formula" }, this.address, this.content);
    this.state = el("p", { class: "sheet-state", role: "status" });
    this.element = el("div", { class: "sheet" }, this.bar, this.grid, this.state);
    this.grid.hidden = true;
    new ResizeObserver(() => this.#later()).observe(this.grid);
  }

  get data() {
    return this.#data;
  }

  /** Shows a sheet; the same one anew keeps the place. */
  async show(file, sheet, { again = false } = {}) {
    const same = this.#data && this.#data.file === file && this.#data.sheet === sheet;
    if (same && !again) return;
    const asked = ++this.#asked;
    // The last sheet stays, dimmed, until the next one is there: less flickers, and the focus has a place.
    this.grid.setAttribute("aria-busy", "true");
    if (!this.#data) this.state.textContent = t("sheet.loading");
    try {
      const data = await new SheetData(file, sheet).open();
      if (asked !== this.#asked) return;
      const scroll = [this.grid.scrollTop, this.grid.scrollLeft];
      this.#data = data;
      this.grid.removeAttribute("aria-busy");
      data.loaded = () => this.#draw(true);
      data.failed = (trouble) => this.#fail(trouble);
      this.state.textContent = "";
      this.grid.hidden = false;
      if (this.#wanted) this.grid.focus();
      this.#wanted = false;
      this.grid.setAttribute("aria-rowcount", String(data.rows + 1));
      this.grid.setAttribute("aria-colcount", String(data.columns + 1));
      this.grid.setAttribute("aria-label", t("sheet.label", { sheet: data.name }));
      if (!same) {
        this.#active = { row: 0, column: 0 };
        this.#marks = new Map();
        this.tint([]);
      }
      this.#draw(true);
      [this.grid.scrollTop, this.grid.scrollLeft] = same ? scroll : [0, 0];
      this.#tell();
    } catch (trouble) {
      if (asked !== this.#asked) return;
      // What stands there is of another sheet.
      if (!same) this.#data = null;
      this.#fail(trouble);
    }
  }

  #fail(trouble) {
    this.grid.removeAttribute("aria-busy");
    this.grid.hidden = !this.#data;
    this.state.textContent = trouble.message;
  }

  /** Takes the focus, now or as soon as there is a sheet. */
  focus() {
    this.#wanted = this.grid.hidden;
    this.grid.focus();
  }

  clear(text = "") {
    this.#asked++;
    this.#data = null;
    this.grid.hidden = true;
    this.state.textContent = text;
    this.address.textContent = this.content.textContent = "";
  }

  /** Marks of cells: a map from "row,column" to `{kind, level, text, say}`. */
  mark(marks) {
    this.#marks = marks;
    this.#draw(true);
  }

  /** Areas in a tint: `{top, left, bottom, right, kind}`, and single rows by their number. */
  tint(areas, rows = new Map()) {
    this.#tints = areas;
    this.#rowTints = rows;
    this.#draw(true);
  }

  /** A column beside the row numbers that stays in view: `{width, title, cell(row) -> element | null}`. */
  gutter(gutter) {
    this.#gutter = gutter;
    this.element.classList.toggle("with-gutter", Boolean(gutter));
    this.#draw(true);
  }

  redraw() {
    this.#draw(true);
  }

  get #side() {
    return NUMBERS + (this.#gutter ? this.#gutterWidth : 0);
  }

  get #gutterWidth() {
    return Math.min(this.#gutter.width, Math.round(this.grid.clientWidth * 0.42));
  }

  /** Moves the cursor to a cell and brings it into view, with room around it. */
  go(row, column, { focus = false, middle = false } = {}) {
    const data = this.#data;
    if (!data) return;
    const under = data.under.get(`${row},${column}`);
    if (under) [row, column] = under;
    const before = this.#active;
    this.#active = {
      row: Math.max(0, Math.min(row, data.rows - 1)),
      column: Math.max(0, Math.min(column, data.columns - 1)),
    };
    this.#reveal(middle);
    this.#draw(false);
    this.#point(before);
    this.#tell();
    if (focus) this.grid.focus({ preventScroll: true });
    this.moved(this.#active.row, this.#active.column);
  }

  /** Moves the sign of the cursor; nothing else is drawn anew for a step to the next cell. */
  #point(before) {
    const { row, column } = this.#active;
    const cell = this.body.querySelector(`#${this.#id}-${row}-${column}`);
    if (!cell) return this.#draw(true);
    for (const it of this.body.querySelectorAll(".active")) {
      it.classList.remove("active");
      it.removeAttribute("aria-selected");
    }
    cell.classList.add("active");
    cell.setAttribute("aria-selected", "true");
    this.grid.setAttribute("aria-activedescendant", cell.id);
    this.#shown.get(before.row)?.classList.remove("here");
    this.#shown.get(row)?.classList.add("here");
    for (const it of this.letters.querySelectorAll(".letter"))
      it.classList.toggle("here", Number(it.getAttribute("aria-colindex")) === column + 2);
    const [from, to] = this.#frozenRows();
    // The copy of the header that stays in view shows the cursor too.
    if ((row >= from && row < to) || (before.row >= from && before.row < to)) this.#freeze(...this.#columns, true);
    return undefined;
  }

  #reveal(middle) {
    const data = this.#data;
    const { row, column } = this.#active;
    const merge = data.anchors.get(`${row},${column}`);
    const top = data.top(row);
    const bottom = data.top((merge?.[2] ?? row) + 1);
    const left = data.left(column);
    // Beside a marked cell there may be a proposal.
    const right =
      data.left((merge?.[3] ?? column) + 1) + (middle && this.#marks.get(`${row},${column}`)?.text ? 96 : 0);
    const high = this.grid.clientHeight - HEAD;
    const wide = this.grid.clientWidth - this.#side;
    const frozen = this.#frozenHeight(top);
    const { scrollTop, scrollLeft } = this.grid;
    if (middle && (top < scrollTop + frozen + 48 || bottom > scrollTop + high - 48))
      this.grid.scrollTop = Math.max(0, (top + bottom - high) / 2);
    else if (top < scrollTop + frozen) this.grid.scrollTop = Math.max(0, top - frozen);
    else if (bottom > scrollTop + high) this.grid.scrollTop = bottom - high;
    if (left < scrollLeft) this.grid.scrollLeft = middle ? Math.max(0, left - wide / 3) : left;
    else if (right > scrollLeft + wide) this.grid.scrollLeft = Math.min(left, right - wide + (middle ? wide / 4 : 0));
  }

  /** The last lines of a header stay in view when it is scrolled away, three at most. */
  #frozenRows() {
    const data = this.#data;
    const to = Math.min(data.header, data.rows);
    let from = Math.max(0, to - 3);
    while (from < to && data.top(to) - data.top(from) > this.grid.clientHeight * 0.3) from++;
    return [from, to];
  }

  #frozenHeight(top) {
    const [from, to] = this.#frozenRows();
    return to > from && top >= this.#data.top(to) ? this.#data.top(to) - this.#data.top(from) : 0;
  }

  #later() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw(false));
  }

  #draw(anew) {
    if (this.#frame) cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const data = this.#data;
    if (!data || this.grid.hidden) return;
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.grid;
    const side = this.#side;
    const top = Math.max(0, data.rowAt(scrollTop) - SPARE);
    const bottom = Math.min(data.rows - 1, data.rowAt(scrollTop + clientHeight) + SPARE);
    const left = Math.max(0, data.columnAt(scrollLeft) - 1);
    const right = Math.min(data.columns - 1, data.columnAt(scrollLeft + Math.max(0, clientWidth - side)) + 1);
    const drawn = `${top},${bottom},${left},${right},${side}`;
    const scrolled = this.#frozenHeight(scrollTop + this.#ahead()) > 0;
    this.frozen.hidden = !scrolled;
    if (!anew && drawn === this.#drawn) return;
    if (anew || left !== this.#columns[0] || right !== this.#columns[1]) this.#shown.clear();
    this.#columns = [left, right];
    this.#drawn = drawn;
    data.need(top, bottom);
    this.grid.style.setProperty("--side", `${side}px`);
    this.grid.style.setProperty("--numbers", `${NUMBERS}px`);
    this.grid.style.setProperty("--gutter", `${side - NUMBERS}px`);
    this.body.style.height = `${data.height}px`;
    this.body.style.width = this.head.style.width = `${data.width + side}px`;
    if (anew || !this.#shown.size) this.#letters(left, right);
    const rows = new Map();
    for (let row = top; row <= bottom; row++) rows.set(row, this.#shown.get(row) ?? this.#row(row, left, right));
    // A merged cell that begins above or left of the view reaches into it.
    for (const merge of data.merges) {
      const [from, first, to, last] = merge;
      if (to < top || from > bottom || last < left || first > right) continue;
      if (from >= top && first >= left) continue;
      if (from >= top) rows.get(from)?.append(this.#cell(from, first));
      else if (!rows.has(from))
        rows.set(from, this.#shown.get(from) ?? this.#row(from, Math.max(left, first), Math.min(right, last), [first]));
    }
    const active = this.#active.row;
    if (!rows.has(active)) rows.set(active, this.#row(active, this.#active.column, this.#active.column));
    else if (this.#active.column < left || this.#active.column > right) {
      const key = `${this.#id}-${active}-${this.#active.column}`;
      if (!rows.get(active).querySelector(`#${key}`)) rows.get(active).append(this.#cell(active, this.#active.column));
    }
    this.#shown = new Map([...rows].sort(([one], [other]) => one - other));
    this.body.replaceChildren(...this.#shown.values());
    this.#freeze(left, right, scrolled || anew);
    this.grid.setAttribute("aria-activedescendant", `${this.#id}-${this.#active.row}-${this.#active.column}`);
  }

  #ahead() {
    const [from, to] = this.#frozenRows();
    return this.#data.top(to) - this.#data.top(from);
  }

  #letters(left, right) {
    const data = this.#data;
    const corner = el(
      "div",
      { class: "corner", role: "columnheader", "aria-colindex": "1" },
      el("span", { class: "said" }, t("sheet.rows")),
    );
    const parts = [corner];
    if (this.#gutter) parts.push(el("div", { class: "gutter-title", "aria-hidden": "true" }, this.#gutter.title));
    for (let column = left; column <= right; column++) {
      const hidden = data.hiddenColumns.has(column);
      parts.push(
        el(
          "div",
          {
            class: `letter${hidden ? " away" : ""}${column === this.#active.column ? " here" : ""}`,
            role: "columnheader",
            "aria-colindex": String(column + 2),
            title: hidden ? t("sheet.hiddenColumn") : null,
            style: {
              left: `${this.#side + data.left(column)}px`,
              width: `${data.left(column + 1) - data.left(column)}px`,
            },
          },
          letters(column),
        ),
      );
    }
    this.letters.replaceChildren(...parts);
  }

  #row(row, left, right, more = []) {
    const data = this.#data;
    const hidden = data.rowHidden(row);
    const line = el(
      "div",
      {
        class: `row${hidden ? " away" : ""}${row === this.#active.row ? " here" : ""}`,
        role: "row",
        "aria-rowindex": String(row + 2),
        style: { top: `${data.top(row)}px`, height: `${data.top(row + 1) - data.top(row)}px` },
      },
      el(
        "div",
        { class: "number", role: "rowheader", "aria-colindex": "1", title: hidden ? t("sheet.hiddenRow") : null },
        String(row + 1),
        hidden ? el("span", { class: "said" }, t("sheet.hiddenRow")) : null,
      ),
    );
    if (this.#gutter) line.append(el("div", { class: "gutter", role: "gridcell" }, this.#gutter.cell(row)));
    for (const column of more) if (column < left) line.append(this.#cell(row, column));
    for (let column = left; column <= right; column++) {
      if (data.under.has(`${row},${column}`)) continue;
      line.append(this.#cell(row, column));
    }
    return line;
  }

  #cell(row, column, still = false) {
    const data = this.#data;
    const cell = data.cell(row, column);
    const merge = data.anchors.get(`${row},${column}`);
    const width = data.left((merge?.[3] ?? column) + 1) - data.left(column);
    const high = merge
      ? data.top(Math.min(merge[2] + 1, data.rows)) - data.top(row)
      : data.top(row + 1) - data.top(row);
    const mark = this.#marks.get(`${row},${column}`);
    const within = (it) => it && row >= it.top && row <= it.bottom && column >= it.left && column <= it.right;
    const tint = [this.#rowTints.get(row)].find(within) ?? this.#tints.find(within);
    const words = ["cell"];
    if (cell === undefined) words.push("coming");
    if (cell) {
      // What is merged over a table is a title or a header, and those are centred.
      const headed = row < data.header && cell.k === "text";
      words.push(`a-${headed && (merge || row >= this.#frozenRows()[0]) ? "c" : (cell.a ?? "l")}`);
      if (cell.b || (headed && row >= this.#frozenRows()[0])) words.push("bold");
      if (cell.i) words.push("italic");
      if (cell.s) words.push("struck");
      if (cell.u) words.push("unseen");
      if (cell.k === "error") words.push("broken");
      if (high > 30) words.push("tall");
    }
    if (merge) words.push("merged");
    if (data.hiddenColumns.has(column)) words.push("away");
    if (tint) words.push(`tint-${tint.kind}`);
    if (mark?.kind) words.push(`mark-${mark.kind}`);
    if (mark?.level) words.push(`level-${mark.level}`);
    const here = row === this.#active.row && column === this.#active.column;
    if (here) words.push("active");
    const node = el("div", {
      class: words.join(" "),
      role: still ? null : "gridcell",
      id: still ? null : `${this.#id}-${row}-${column}`,
      "aria-colindex": still ? null : String(column + 2),
      "aria-colspan": merge && !still ? String(merge[3] - merge[1] + 1) : null,
      "aria-rowspan": merge && !still ? String(merge[2] - merge[0] + 1) : null,
      "aria-selected": here && !still ? "true" : null,
      style: {
        left: `${this.#side + data.left(column)}px`,
        width: `${width}px`,
        ...(merge && merge[2] > merge[0] ? { height: `${high}px` } : {}),
      },
    });
    if (cell?.t) {
      node.append(el("span", { class: "text" }, cell.t));
      const spill = merge || cell.k === "number" || high > 30 ? 0 : this.#spill(row, column, cell, width);
      if (spill) {
        node.classList.add("spills");
        node.firstChild.style.width = `${width + spill - 8}px`;
      }
    }
    if (mark?.text) node.append(el("span", { class: "proposal" }, mark.text));
    if (mark?.say) node.append(el("span", { class: "said" }, mark.say));
    return node;
  }

  /** How far a text reaches over the blank cells to its right, as in Excel. */
  #spill(row, column, cell, width) {
    const data = this.#data;
    const need = cell.t.length * 7.2 + 10 - width;
    if (need <= 0 || cell.a === "r" || cell.a === "c") return 0;
    let room = 0;
    for (let next = column + 1; next < data.columns && room < need; next++) {
      const beside = data.cell(row, next);
      if (
        beside !== null ||
        data.under.has(`${row},${next}`) ||
        data.anchors.has(`${row},${next}`) ||
        this.#marks.has(`${row},${next}`)
      )
        break;
      room += data.left(next + 1) - data.left(next);
    }
    return Math.min(room, need);
  }

  #freeze(left, right, wanted) {
    if (!wanted) return;
    const data = this.#data;
    const [from, to] = this.#frozenRows();
    const start = data.top(from);
    const lines = [];
    for (let row = from; row < to; row++) {
      const line = el(
        "div",
        {
          class: "row",
          style: { top: `${data.top(row) - start}px`, height: `${data.top(row + 1) - data.top(row)}px` },
        },
        el("div", { class: "number" }, String(row + 1)),
      );
      if (this.#gutter) line.append(el("div", { class: "gutter" }));
      for (let column = left; column <= right; column++) {
        if (data.under.has(`${row},${column}`)) continue;
        const cell = this.#cell(row, column, true);
        const merge = data.anchors.get(`${row},${column}`);
        if (merge && merge[2] >= to) cell.style.height = `${data.top(to) - data.top(row)}px`;
        line.append(cell);
      }
      lines.push(line);
    }
    // What begins above the lines that stay, and reaches into them.
    for (const [top, first, bottom, last] of data.merges)
      if (top < from && bottom >= from && first <= right && last >= left && lines[0]) {
        const cell = this.#cell(top, first, true);
        cell.style.height = `${data.top(Math.min(bottom + 1, to)) - start}px`;
        lines[0].append(cell);
      }
    this.frozen.style.width = `${data.width + this.#side}px`;
    const high = data.top(to) - start;
    this.frozen.style.height = `${high}px`;
    this.frozen.style.marginBottom = `${-high}px`;
    this.frozen.replaceChildren(...lines);
  }

  /** The bar above: address, what the cell holds, and its formula. */
  #tell() {
    const { row, column } = this.#active;
    const cell = this.#data?.cell(row, column);
    this.address.textContent = this.#data ? address(row, column) : "";
    const stored = cell?.k === "number" && cell.r ? figure(cell.r) : cell?.r;
    const parts = cell
      ? [
          cell.f ? `=${cell.f.replace(/^=/, "")}` : null,
          cell.f ? `→ ${cell.t}` : cell.t,
          !cell.f && stored && stored !== cell.t ? `(${stored})` : null,
        ]
      : [];
    this.content.textContent = parts.filter(Boolean).join("  ");
  }

  #click(event) {
    const data = this.#data;
    if (!data || event.target.closest(".gutter, .gutter-title, .letters")) return;
    const box = this.grid.getBoundingClientRect();
    const frozen = event.target.closest(".frozen");
    const x = event.clientX - box.left + this.grid.scrollLeft - this.#side;
    let y = event.clientY - box.top - HEAD + this.grid.scrollTop;
    if (frozen) y = event.clientY - frozen.getBoundingClientRect().top + data.top(this.#frozenRows()[0]);
    if (y < 0) return;
    this.go(data.rowAt(y), Math.max(0, data.columnAt(x)), { focus: true });
    this.picked(this.#active.row, this.#active.column);
  }

  #key(event) {
    const data = this.#data;
    if (!data || event.target !== this.grid || event.altKey || event.metaKey) return;
    let { row, column } = this.#active;
    const merge = data.anchors.get(`${row},${column}`);
    const page = Math.max(1, Math.floor((this.grid.clientHeight - HEAD - this.#frozenHeight(Infinity)) / 24) - 1);
    const far = event.ctrlKey;
    switch (event.key) {
      case "ArrowDown":
        row = far ? data.rows - 1 : (merge?.[2] ?? row) + 1;
        break;
      case "ArrowUp":
        row = far ? 0 : row - 1;
        break;
      case "ArrowRight":
        column = far ? data.columns - 1 : (merge?.[3] ?? column) + 1;
        break;
      case "ArrowLeft":
        column = far ? 0 : column - 1;
        break;
      case "PageDown":
        row += page;
        break;
      case "PageUp":
        row -= page;
        break;
      case "Home":
        column = 0;
        if (far) row = 0;
        break;
      case "End":
        column = data.columns - 1;
        if (far) row = data.rows - 1;
        break;
      case "Enter":
        event.preventDefault();
        this.picked(row, column);
        return;
      case "Escape":
        this.leave();
        return;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.go(row, column);
  }
}

/** The sheets of a file as tabs below it, as in Excel. */
export class SheetTabs {
  constructor(chosen) {
    this.chosen = chosen;
    this.element = el("div", {
      class: "tabs",
      role: "tablist",
      "aria-label": t("sheet.sheets"),
      on: { keydown: (event) => this.#key(event) },
    });
  }

  set(sheets, current) {
    this.element.replaceChildren(
      ...sheets.map((sheet) => {
        const here = sheet.name === current;
        return el(
          "button",
          {
            type: "button",
            role: "tab",
            "aria-selected": String(here),
            tabindex: here ? "0" : "-1",
            class: sheet.level ? `level-${sheet.level}` : null,
            title: sheet.hidden ? t("sheet.hidden") : null,
            on: { click: () => this.chosen(sheet.name) },
          },
          sheet.hidden ? icon("eye") : null,
          sheet.name,
          sheet.hidden ? el("span", { class: "said" }, ` (${t("sheet.hidden")})`) : null,
          sheet.count ? el("span", { class: "count" }, String(sheet.count)) : null,
        );
      }),
    );
    this.element.hidden = sheets.length === 0;
    reveal(this.element, this.element.querySelector("[aria-selected=true]"));
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...this.element.children];
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    event.preventDefault();
    next.click();
    this.element.querySelector("[aria-selected=true]")?.focus();
  }
}
