#!/usr/bin/env python3
"""The checks of ratios and totals that `bieu validate` makes of the submissions of generate.py, as
one would write them in an afternoon: cells by position, floats, a fixed tolerance.

    python check.py {pandas,calamine} FOLDER

Needs `pip install pandas openpyxl` or `pip install python-calamine`. Prints what does not hold.
"""

import sys
from pathlib import Path

HEADER = 8  # rows above the figures
LABEL, PLAN, ACTUAL, RATIO = 1, 3, 4, 5


def with_pandas(path):
    import pandas

    sheets = pandas.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    return {name: sheet.to_numpy(dtype=object, na_value="").tolist() for name, sheet in sheets.items()}


def with_calamine(path):
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def figure(cell):
    return cell if isinstance(cell, (int, float)) else None


def figures(rows):
    """Plan, actual and ratio by crop and indicator."""
    found, crop = {}, ""
    for row in rows[HEADER:]:
        label = str(row[LABEL]).strip()
        if label.startswith("-"):
            found[crop, label] = tuple(figure(row[at]) for at in (PLAN, ACTUAL, RATIO))
        elif label:
            crop = label
    return found


def check(sheets):
    seasons = [figures(sheets[name]) for name in ("Vụ xuân", "Vụ mùa")]
    year = figures(sheets["Cả năm"])
    for name, table in zip(("Vụ xuân", "Vụ mùa", "Cả năm"), (*seasons, year)):
        for key, (plan, actual, ratio) in table.items():
            if None not in (plan, actual, ratio) and plan and abs(actual / plan * 100 - ratio) > 0.00501:
                yield f"{name}: {key}: ratio {ratio}, {actual} / {plan}"
            area, crop = table.get((key[0], "- Diện tích")), key[0]
            per, made = table.get((crop, "- Năng suất")), table.get((crop, "- Sản lượng"))
            if key[1] == "- Diện tích" and area and per and made:
                for at in (0, 1):
                    if None not in (area[at], per[at], made[at]) and abs(area[at] * per[at] / 10 - made[at]) > 0.0051:
                        yield f"{name}: {crop}: {area[at]} x {per[at]} / 10 is not {made[at]}"
    for key, whole in year.items():
        parts = [season.get(key) for season in seasons]
        for at in (0, 1):
            values = [part[at] for part in parts if part]
            if whole[at] is not None and None not in values and abs(sum(values) - whole[at]) > 0.0051:
                yield f"Cả năm: {key}: {whole[at]}, parts {values}"
    villages = sheets["Các thôn"][HEADER:]
    total = next((row for row in villages if row[1] == "Tổng cộng"), None)
    members = [row for row in villages if str(row[1]).startswith("Thôn ")]
    for at in range(2, len(total or ())):
        values = [figure(row[at]) for row in members]
        if figure(total[at]) is not None and None not in values and abs(sum(values) - total[at]) > 0.0051:
            yield f"Các thôn: column {at + 1}: {total[at]}, members {sum(values):.2f}"


def main():
    read = {"pandas": with_pandas, "calamine": with_calamine}[sys.argv[1]]
    found = 0
    for path in sorted(Path(sys.argv[2]).glob("*.xlsx")):
        for finding in check(read(path)):
            found += 1
            print(f"{path.name}: {finding}")
    print(f"{found} findings")


if __name__ == "__main__":
    main()
