#!/usr/bin/env python3
"""The cells and links of a workbook as lines of text, for programs that write them again
(benches/floor-write and write.py): cells that hold something, with format, value and link.

    python cells.py WORKBOOK OUT

Needs `pip install openpyxl`. Tabs and line breaks in texts become spaces.
"""

import sys

import openpyxl


def flat(value):
    return " ".join(str(value).split())


def link(cell):
    found = cell.hyperlink
    if found is None:
        return None
    if found.target is None:
        return f"internal:{found.location}"
    target = found.target if found.target.startswith("file:///") else f"file:///{found.target}"
    return f"{target}#{found.location}" if found.location else target


def main():
    formulas, results = (openpyxl.load_workbook(sys.argv[1], data_only=only) for only in (False, True))
    formats, lines, cells, links = {}, [], 0, 0
    for sheet in formulas:
        lines.append(f"sheet\t{sheet.title}")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                look = (cell.number_format, cell.alignment.horizontal or "left", int(bool(cell.font.b)), int(link(cell) is not None))
                head = f"{cell.row - 1}\t{cell.column - 1}\t{formats.setdefault(look, len(formats))}"
                cells += 1
                if cell.data_type == "f":
                    result = results[sheet.title][cell.coordinate].value
                    lines.append(f"f\t{head}\t{flat(cell.value)}\t{'' if result is None else flat(result)}")
                elif isinstance(cell.value, (int, float)):
                    lines.append(f"n\t{head}\t{cell.value}")
                elif link(cell):
                    links += 1
                    lines.append(f"l\t{head}\t{flat(cell.value)}\t{link(cell)}\t{flat(cell.hyperlink.tooltip or '')}")
                else:
                    lines.append(f"s\t{head}\t{flat(cell.value)}")
    looks = ["\t".join(["format", *map(str, look)]) for look in formats]
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write("\n".join(looks + lines) + "\n")
    print(f"{cells} cells, {links} links", file=sys.stderr)


if __name__ == "__main__":
    main()
