#!/usr/bin/env python3
"""Makes one big sheet for benchmarks: a row a village, a column an indicator, the total in the last
row. Needs nothing but Python, and little memory.

    python benches/big.py OUT --rows 200000 --columns 20

    OUT/ROWSxCOLUMNS/to.xlsx            the sheet
    OUT/ROWSxCOLUMNS/to.toml, dm.toml   mapping and catalogue: every figure is taken and every total checked
"""

import argparse
import random
import zipfile
from pathlib import Path

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def column(number):
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--columns", type=int, default=20, help="the label too")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng, figures = random.Random(args.seed), args.columns - 1
    out = args.out / f"{args.rows}x{args.columns}"
    out.mkdir(parents=True, exist_ok=True)
    names = [column(at + 1) for at in range(args.columns)]
    headers = ["Thôn"] + [f"Chỉ tiêu {at + 1}" for at in range(figures)]
    villages = args.rows - 2
    with zipfile.ZipFile(out / "to.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        package.writestr("[Content_Types].xml", CONTENT_TYPES)
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="To" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        with package.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            count = len(headers) + villages + 1
            part.write(f'<sst xmlns="{MAIN}" count="{count}" uniqueCount="{count}">'.encode())
            for text in (*headers, *(f"Thôn {at + 1:07}" for at in range(villages)), "Tổng cộng"):
                part.write(f"<si><t>{text}</t></si>".encode())
            part.write(b"</sst>")
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            cells = "".join(f'<c r="{name}1" t="s"><v>{at}</v></c>' for at, name in enumerate(names))
            part.write(f'<row r="1">{cells}</row>'.encode())
            totals = [0] * figures
            for at in range(villages + 1):
                row = at + 2
                if at < villages:
                    values = [rng.randrange(1, 2500) for _ in range(figures)]
                    totals = [total + value for total, value in zip(totals, values)]
                else:
                    values = totals
                cells = [f'<c r="A{row}" t="s"><v>{len(headers) + at}</v></c>']
                cells += [f'<c r="{name}{row}"><v>{value / 100:.2f}</v></c>' for name, value in zip(names[1:], values)]
                part.write(f'<row r="{row}">{"".join(cells)}</row>'.encode())
            part.write(b"</sheetData></worksheet>")
    catalogue = ['[catalogue]\nid = "to"\nperiod = "2023"\n']
    catalogue += [f'[[indicator]]\nid = "c{at + 1}"\nlabel = "Chỉ tiêu {at + 1}"\nunit = "ha"\n' for at in range(figures)]
    (out / "dm.toml").write_text("".join(catalogue), encoding="utf-8")
    mapping = ['[mapping]\nid = "to"\ncatalogue = "dm.toml"\n[[source]]\nfile = "to.xlsx"\nlabel = "Thôn"\n[source.columns]\n']
    mapping += [f'"Chỉ tiêu {at + 1}" = {{ indicator = "c{at + 1}", measure = "actual" }}\n' for at in range(figures)]
    mapping += ['[source.rows]\n"Tổng cộng" = "total"\n"Thôn *" = "member"\n']
    (out / "to.toml").write_text("".join(mapping), encoding="utf-8")


if __name__ == "__main__":
    main()
