// The cells of one sheet, fetched in pieces as they come into view, and where each row and column lies.

import { ask } from "./server.js";

const PIECE = 200;
const ROW = 24;
const LINE = 17;
const LETTER = 7.1;

/** "F20" of row 19 and column 5; rows and columns count from 0. */
export function address(row, column) {
  return letters(column) + (row + 1);
}

export function letters(column) {
  let text = "";
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  return text;
}

/** The first cell that an address such as "F20" or "B7:G29" names, or null. */
export function place(text) {
  const found = /^\$?([A-Z]{1,3})\$?(\d{1,7})/.exec(text ?? "");
  if (!found) return null;
  let column = 0;
  for (const letter of found[1]) column = column * 26 + letter.charCodeAt(0) - 64;
  return { row: Number(found[2]) - 1, column: column - 1 };
}

/** All four corners of "B7:G29". */
export function area(text) {
  const [from, to] = String(text ?? "").split(":");
  const first = place(from);
  const last = place(to ?? from);
  return first && last ? { top: first.row, left: first.column, bottom: last.row, right: last.column } : null;
}

export class SheetData {
  #pieces = new Map();
  #rows = new Map();
  #tops = [];
  #lefts = [];

  constructor(file, sheet) {
    this.file = file;
    this.sheet = sheet;
    this.loaded = () => {};
    this.failed = () => {};
  }

  /** Fetches the first piece, and with it all that is known of the sheet as a whole. */
  async open() {
    const first = await ask("sheet", { file: this.file, sheet: this.sheet, from: 0, count: PIECE });
    Object.assign(this, {
      name: first.name,
      rows: first.rows,
      columns: Math.max(1, first.columns),
      header: first.header ?? 0,
      revision: first.revision,
      merges: first.merges ?? [],
      hiddenColumns: new Set(
        (first.hiddenColumns ?? []).flatMap(([from, to]) =>
          Array.from({ length: to - from + 1 }, (_, at) => from + at),
        ),
      ),
      hiddenRows: first.hiddenRows ?? [],
    });
    this.#pieces.set(0, first.cells);
    this.#headed();
    this.#merged();
    let left = 0;
    this.#lefts = [0];
    for (let column = 0; column < this.columns; column++) {
      const wide = Number(first.widths?.[column] ?? 9);
      left += Math.round(Math.min(460, Math.max(34, wide * LETTER + 8)));
      this.#lefts.push(left);
    }
    this.#heights(first.cells);
    return this;
  }

  /** A header ends where its merged cells do. */
  #headed() {
    for (const [top, , bottom] of this.merges)
      if (top < this.header && top >= this.header - 3 && bottom < top + 5)
        this.header = Math.max(this.header, bottom + 1);
  }

  /** Cells of merges by their first row, and what lies under them. */
  #merged() {
    this.anchors = new Map();
    this.under = new Map();
    for (const [top, left, bottom, right] of this.merges) {
      this.anchors.set(`${top},${left}`, [top, left, bottom, right]);
      // A merge over a whole column is cut where nobody looks any more.
      for (let row = top; row <= Math.min(bottom, top + 2000); row++)
        for (let column = left; column <= Math.min(right, this.columns - 1); column++)
          if (row !== top || column !== left) this.under.set(`${row},${column}`, [top, left]);
    }
  }

  /** Rows of headers and titles are as high as their texts need; all others have one height, so that
   * the place of row 9,000 is a product and no sum. */
  #heights(cells) {
    const high = new Map();
    for (let row = 0; row < Math.min(cells.length, 60); row++) {
      for (let column = 0; column < this.columns; column++) {
        const cell = cells[row]?.[column];
        if (!cell?.t || cell.k === "number") continue;
        const merge = this.anchors.get(`${row},${column}`);
        const width = this.left(Math.min(this.columns, (merge?.[3] ?? column) + 1)) - this.left(column);
        const wraps = cell.t.includes("\n") || (row < this.header && (merge || !this.#free(cells[row], row, column)));
        if (!wraps) continue;
        const lines = cell.t
          .split("\n")
          .reduce(
            (sum, line) =>
              sum +
              Math.max(
                1,
                Math.ceil(
                  (line.length * LETTER * (row >= this.header - 3 || cell.b ? 1.15 : 0.98)) / Math.max(20, width - 10),
                ),
              ),
            0,
          );
        const need = Math.min(5, lines) * LINE + 7;
        const last = merge?.[2] ?? row;
        let have = 0;
        for (let at = row; at < last; at++) have += high.get(at) ?? ROW;
        high.set(last, Math.max(high.get(last) ?? ROW, need - have));
      }
    }
    this.#rows = high;
    const until = Math.max(-1, ...high.keys()) + 1;
    this.#tops = [0];
    for (let row = 0; row < until; row++) this.#tops.push(this.#tops[row] + (high.get(row) ?? ROW));
  }

  #free(row, at, column) {
    return column + 1 < this.columns && !row[column + 1]?.t && !this.under.has(`${at},${column + 1}`);
  }

  top(row) {
    const known = this.#tops.length - 1;
    return row <= known ? this.#tops[row] : this.#tops[known] + (row - known) * ROW;
  }

  left(column) {
    return this.#lefts[Math.min(column, this.columns)];
  }

  get height() {
    return this.top(this.rows);
  }

  get width() {
    return this.left(this.columns);
  }

  rowAt(y) {
    const known = this.#tops.length - 1;
    if (y >= this.#tops[known]) return Math.min(this.rows - 1, known + Math.floor((y - this.#tops[known]) / ROW));
    let row = 0;
    while (row < known && this.#tops[row + 1] <= y) row++;
    return row;
  }

  columnAt(x) {
    let low = 0;
    let high = this.columns - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lefts[middle] <= x) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  rowHidden(row) {
    return this.hiddenRows.some(([from, to]) => row >= from && row <= to);
  }

  /** A cell, null for a blank one, undefined while it is on its way. */
  cell(row, column) {
    const piece = this.#pieces.get(Math.floor(row / PIECE));
    return Array.isArray(piece) ? (piece[row % PIECE]?.[column] ?? null) : undefined;
  }

  /** Sees to it that these rows come; `loaded` is called when they are there. */
  need(from, to) {
    for (
      let piece = Math.floor(Math.max(0, from) / PIECE);
      piece <= Math.floor(Math.min(to, this.rows - 1) / PIECE);
      piece++
    ) {
      if (this.#pieces.has(piece)) continue;
      this.#pieces.set(piece, null);
      ask("sheet", { file: this.file, sheet: this.sheet, from: piece * PIECE, count: PIECE }).then(
        (answer) => {
          this.#pieces.set(piece, answer.cells);
          this.loaded();
        },
        (trouble) => {
          this.#pieces.delete(piece);
          this.failed(trouble);
        },
      );
    }
  }
}
