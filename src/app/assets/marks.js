// Which cells of a sheet are marked: those with findings by their level, and of the finding that is looked
// at the guilty cell, those it was judged from, what is suspected with what is proposed, and what follows.

import { t, figure } from "./words.js";
import { place } from "./sheet-data.js";

/** The gravest first. */
export const LEVELS = ["error", "warning", "info"];

/** Marks by "row,column", as `SheetView.mark` takes them. */
export function marksOf(findings, { file, sheet, levels, chosen }) {
  const all = new Map();
  const add = (at, mark) => {
    if (at?.fileId !== file || (at.sheet ?? sheet) !== sheet) return;
    const where = place(at.cell);
    if (where) all.set(`${where.row},${where.column}`, { ...all.get(`${where.row},${where.column}`), ...mark });
  };
  for (const it of findings)
    if (!it.suppressed && levels.has(it.severity)) {
      const where = place(it.target?.cell);
      const had = where && it.target.fileId === file && all.get(`${where.row},${where.column}`);
      if (!had || LEVELS.indexOf(it.severity) < LEVELS.indexOf(had.level))
        add(it.target, { level: it.severity, say: t(`level.${it.severity}`) });
    }
  const it = findings.find((one) => one.id === chosen);
  if (it) {
    for (const one of it.consequences ?? []) add(one.target, { kind: "follow", say: t("mark.follow") });
    for (const one of it.sources ?? []) add(one, { kind: "source", say: t("mark.source") });
    add(it.target, { kind: "target", say: t("mark.target"), level: it.severity });
    const taken = new Set();
    for (const one of it.hypotheses ?? []) {
      const key = `${one.target.sheet}!${one.target.cell}`;
      if (taken.has(key)) continue;
      taken.add(key);
      add(one.target, {
        kind: one.target.cell === it.target?.cell && one.target.sheet === it.target?.sheet ? "target" : "suspect",
        text: `→ ${figure(one.to)}`,
        say: t("mark.suspect"),
      });
      for (const also of one.together ?? [])
        add(also.target, { kind: "suspect", text: also.to ? `→ ${figure(also.to)}` : null, say: t("mark.suspect") });
    }
  }
  return all;
}
