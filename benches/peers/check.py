#!/usr/bin/env python3
"""The checks of ratios and totals that `bieu validate` makes of the submissions of generate.py, as
one would write them in an afternoon: cells by position, floats, a fixed tolerance.

    python check.py {pandas,polars,calamine} FOLDER

Needs `pip install pandas openpyxl`, `pip install polars fastexcel` or `pip install python-calamine`.
Prints what does not hold, and as the last line, as JSON, how much was read and what was found, in the
words of bieu: `benches/run.py` takes a ratio only where both found the same.
"""

import json
import sys
from collections import Counter
from pathlib import Path

HEADER = 8  # rows above the figures
LABEL, PLAN, ACTUAL, RATIO, NEXT, NOTE = 1, 3, 4, 5, 6, 7
PLANS = (0, 1, 3)  # of a row: plan, actual, next year's plan
SEASONS = ("Vụ xuân", "Vụ mùa")


def with_pandas(path):
    import pandas

    sheets = pandas.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    return {name: sheet.to_numpy(dtype=object, na_value="").tolist() for name, sheet in sheets.items()}


def with_polars(path):
    import polars

    # Columns that hold headers and figures are read as texts, whatever one asks for.
    options = {"header_row": None, "skip_rows": 0}
    sheets = polars.read_excel(
        path, sheet_id=0, engine="calamine", has_header=False, drop_empty_rows=False, drop_empty_cols=False,
        infer_schema_length=0, read_options=options,
    )
    return {name: sheet.rows() for name, sheet in sheets.items()}


def with_calamine(path):
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def figure(cell):
    if isinstance(cell, (int, float)):
        return cell
    try:
        return float(cell.replace(",", ".")) if cell else None
    except ValueError:
        return None


def figures(rows, count):
    """Plan, actual, ratio and next year's plan by crop and indicator."""
    found, crop = {}, ""
    for row in rows[HEADER:]:
        label = (row[LABEL] or "").strip()
        if label.startswith("-"):
            values = [figure(row[at]) for at in (PLAN, ACTUAL, RATIO, NEXT)]
            count["readings"] += 4 - values.count(None) + (1 if row[NOTE] else 0)
            found[crop, label] = values
        elif label:
            crop = label
    return found


def ratios(name, table, count):
    for key, (plan, actual, ratio, _) in table.items():
        if plan and actual is not None and ratio is not None and abs(actual / plan * 100 - ratio) > 0.00501:
            count["ratio-mismatch"] += 1
            yield f"{name}: {key}: ratio {ratio:g}, {actual:g} / {plan:g}"


def products(name, table, count):
    for (crop, label), area in table.items():
        if label != "- Diện tích":
            continue
        per, made = table.get((crop, "- Năng suất")), table.get((crop, "- Sản lượng"))
        for at in PLANS:
            if None not in (area[at], per[at], made[at]) and abs(area[at] * per[at] / 10 - made[at]) > 0.0051:
                count["product-mismatch"] += 1
                yield f"{name}: {crop}: {area[at]:g} x {per[at]:g} / 10 is not {made[at]:g}"


def totals(year, seasons, count):
    for key, whole in year.items():
        parts = [season.get(key) for season in seasons]
        for at in PLANS:
            values = [part[at] for part in parts if part]
            if whole[at] is not None and None not in values and abs(sum(values) - whole[at]) > 0.0051:
                count["total-mismatch"] += 1
                yield f"Cả năm: {key}: {whole[at]:g}, parts {' + '.join(f'{value:g}' for value in values)}"


def villages(rows, seasons, count):
    """The villages' areas against their total, and the total against the season's sheet."""
    crop, of = "", []
    for name in rows[HEADER - 2]:
        crop = (name or "").removesuffix(" (ha)") or crop
        of.append(crop)
    table, whole = [], None
    for row in rows[HEADER:]:
        label = row[LABEL] or ""
        if label.startswith("Thôn ") or label == "Tổng cộng":
            values = [figure(cell) for cell in row[2:]]
            count["readings"] += len(values) - values.count(None)
            if label == "Tổng cộng":
                whole = values
            else:
                table.append(values)
    for at, values in enumerate(zip(*table)):
        total, season, crop = whole[at], SEASONS.index(rows[HEADER - 1][at + 2]), of[at + 2]
        if total is not None and None not in values and abs(sum(values) - total) > 0.0051:
            count["total-mismatch"] += 1
            yield f"Các thôn: {crop}: {total:g}, members {sum(values):.2f}"
        there = seasons[season][crop, "- Diện tích"][1]
        if total is not None and there is not None and abs(total - there) > 0.0051:
            count["conflicting-sources"] += 1
            yield f"Các thôn: {crop}: {total:g}, {SEASONS[season]} {there:g}"


def check(sheets, count):
    seasons = [figures(sheets[name], count) for name in SEASONS]
    year = figures(sheets["Cả năm"], count)
    for name, table in zip((*SEASONS, "Cả năm"), (*seasons, year)):
        yield from ratios(name, table, count)
    for name, table in zip(SEASONS, seasons):
        yield from products(name, table, count)
    yield from totals(year, seasons, count)
    yield from villages(sheets["Các thôn"], seasons, count)


def main():
    read = {"pandas": with_pandas, "polars": with_polars, "calamine": with_calamine}[sys.argv[1]]
    names = ("files", "readings", "ratio-mismatch", "product-mismatch", "total-mismatch", "conflicting-sources")
    count = Counter(dict.fromkeys(names, 0))
    for path in sorted(Path(sys.argv[2]).glob("*.xlsx")):
        count["files"] += 1
        for finding in check(read(path), count):
            print(f"{path.name}: {finding}")
    print(json.dumps(count))


if __name__ == "__main__":
    main()
