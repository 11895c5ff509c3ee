// What the screens with a list beside a sheet have in common: the sheet with its tabs and the choice of
// files, the list, and the search in it.

import { el } from "./dom.js";
import { t } from "./words.js";
import { SheetView, SheetTabs } from "./sheet.js";

/** `look(file, sheet)` shows a sheet (`null`: of the file that is shown), `searched()` follows a new query. */
export function workbench({ kept, label, pick, leave, look, searched }) {
  const sheet = new SheetView({ label: t("sheet"), picked: pick, left: leave });
  const tabs = new SheetTabs((name) => look(null, name));
  const files = el("select", {
    "aria-label": t("mend.file"),
    class: "file-select",
    on: { change: () => look(files.value, null) },
  });
  const list = el("div", { class: "finding-list" });
  const search = el("input", {
    type: "search",
    placeholder: t("search"),
    "aria-label": label,
    value: kept.query,
    on: {
      input: () => {
        kept.query = search.value;
        searched();
      },
    },
  });
  return { sheet, tabs, files, list, search };
}
