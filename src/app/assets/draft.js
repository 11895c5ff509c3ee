// What a draft says: its sheets, rows and columns, how sure each is, and where they lie.

import { area, place } from "./sheet-data.js";

const ORDER = { open: 0, likely: 1, certain: 2, out: 3 };

/** What needs a look comes first. */
export function before(one, other) {
  return ORDER[one.state] - ORDER[other.state] || one.at - other.at;
}

const SHEETS = { open: "open", member: "certain", "left-out": "out", blank: "out", words: "out" };

/** What an entry counts as: one that is left out, or how sure it is. */
function stateOf(it) {
  if (it.kind === "sheet") return SHEETS[it.status];
  if (it.role === "ignore" || it.measure === "ignore" || it.measure === "note")
    return it.certainty === "open" ? "open" : "out";
  return it.certainty ?? "open";
}

/** The rows and columns of a draft, one after the other, each with the table that it is of; before them their sheet,
 * where it is not read by itself. */
export function entriesOf(draft) {
  const entries = [];
  for (const file of draft.files ?? [])
    for (const page of file.sheets) {
      if (SHEETS[page.status])
        entries.push({
          kind: "sheet",
          id: `${file.fileId}|${page.name}|sheet`,
          label: page.name,
          status: page.status,
          like: page.like,
          evidence: page.reason,
          chosen: page.status === "left-out",
          file: file.fileId,
          filePath: file.path,
          fileName: file.path.split(/[\\/]/).pop(),
          sheet: page.name,
          hasTables: page.tables.length > 0,
        });
      for (const table of page.tables) {
        const at = {
          byColumn: table.by_column,
          // Nothing says yet whether a row or a column is an indicator.
          undecided: !table.columns.some((it) => it.indicator) && !table.rows.some((it) => it.indicator),
          file: file.fileId,
          filePath: file.path,
          fileName: file.path.split(/[\\/]/).pop(),
          sheet: page.name,
          table: table.area,
        };
        for (const column of table.columns)
          entries.push({
            ...column,
            ...at,
            kind: "column",
            id: `${at.file}|${page.name}|${table.area}|c${column.column}`,
            label: column.header.map((it) => it.trim()).join(" › ") || column.column,
            path: column.header,
            table,
            area: table.area,
          });
        for (const row of table.rows)
          if (row.role !== "heading" || row.chosen)
            entries.push({
              ...row,
              ...at,
              kind: "row",
              id: `${at.file}|${page.name}|${table.area}|r${row.row}`,
              table,
              area: table.area,
            });
      }
    }
  entries.forEach((it, at) => Object.assign(it, { at, state: stateOf(it) }));
  return entries;
}

/** A sheet of a draft. */
export function sheetOf(draft, file, sheet) {
  return (draft.files ?? []).find((it) => it.fileId === file)?.sheets.find((it) => it.name === sheet);
}

/** Headers, labels and units of tables as areas, and rows that are left out or open by themselves. */
export function tintsOf(tables) {
  const tints = [];
  const loose = new Map();
  for (const table of tables) {
    const all = area(table.area);
    if (!all) continue;
    const columns = table.columns.map((it) => place(`${it.column}1`).column);
    const right = Math.max(all.right, ...columns);
    const [first, last] = [Math.min(...table.header_rows) - 1, Math.max(...table.header_rows) - 1];
    if (table.header_rows.length) tints.push({ top: first, bottom: last, left: all.left, right, kind: "header" });
    const body = { top: (table.header_rows.length ? last : all.top - 1) + 1, bottom: all.bottom };
    for (const letter of table.label_columns ?? [])
      tints.push({ ...body, left: place(`${letter}1`).column, right: place(`${letter}1`).column, kind: "label" });
    if (table.unit_column)
      tints.push({
        ...body,
        left: place(`${table.unit_column}1`).column,
        right: place(`${table.unit_column}1`).column,
        kind: "unit",
      });
    for (const row of table.rows)
      if (row.role === "ignore" || row.role === "open")
        loose.set(row.row - 1, { top: row.row - 1, bottom: row.row - 1, left: all.left, right, kind: row.role });
  }
  return [tints, loose];
}

/** A catalogue by its title, in which the year is not filled in, and its name. */
export function titled({ name, title }) {
  const plain = (title ?? "").replace(/\s*(năm\s*)?(\{[^}]*\}|…)/g, "").trim();
  return plain && plain !== name ? `${plain} (${name})` : name;
}

/** A relation as a formula with the cells of one trial. */
export function formula({ kind, total, parts, factor }) {
  const comma = document.documentElement.lang === "vi";
  const times = factor && factor !== "1" ? ` × ${comma ? factor.replace(".", ",") : factor}` : "";
  const some = parts.length > 6 ? [...parts.slice(0, 5), "…", parts.at(-1)] : parts;
  const [one, other] = parts;
  const right =
    {
      sum: some.join(" + "),
      difference: `${one} − ${other}`,
      product: parts.join(" × "),
      ratio: `${one} / ${other}`,
      growth: `(${one} − ${other}) / ${other}`,
      average: `(${some.join(" + ")}) / ${parts.length}`,
      share: `${one} / ${other ?? "Σ"}`,
      equal: one,
    }[kind] ?? `${kind}(${some.join("; ")})`;
  return `${total} = ${right}${times}`;
}
