#!/usr/bin/env python3
"""Makes submissions for benchmarks: crop tables like samples/luc-binh-2023/trong-trot-2023.xlsx,
only longer, written the way LibreOffice writes them. Needs nothing but Python; the .xls and .ods
are converted from the .xlsx by LibreOffice (`soffice` on PATH).

    python benches/generate.py OUT [--files 2000] [--seed 1] [--folders 0] [--convert 300]
        [--crops 48]        fewer crops make smaller submissions
        [--formats N]       the first N of the .xlsx as .xlsb and as folders of .csv too
        [--wrong 0.1]       this share of the .xlsx has two wrong totals
        [--provinces N]     spreads the .xlsx over so many folders: OUT/xlsx/tinh-01/xa-0001.xlsx

    OUT/trong-trot.toml     mapping: each file is a submission
    OUT/chi-doc.toml        mapping that takes nothing: the files are only read
    OUT/thu-muc.toml        mapping: each folder of four files is a submission
    OUT/csv.toml            the same, for files without sheets
    OUT/danh-muc.toml       their catalogue
    OUT/xlsx/*.xlsx         --files submissions of about 50 KiB
    OUT/folders/*/*.xlsx    --folders submissions of four files each
    OUT/xls, OUT/ods        the first --convert of the .xlsx
    OUT/xlsb                the same without formulas (--formats)
    OUT/csv/*/*.csv         the same as folders of four files (--formats)

The same arguments always make the same .xlsx, byte for byte with the same zlib; what LibreOffice
makes of them also depends on its version.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import binary

YEAR = 2023
CROPS = (
    "lúa|ngô|khoai lang|lạc|rau các loại|đậu tương|đậu xanh|đậu đen|sắn|khoai sọ|khoai tây|khoai môn|"
    "gừng|nghệ|riềng|sả|dong riềng|mía|thuốc lá|bông|vừng|dưa hấu|dưa chuột|dưa lê|bí xanh|bí đỏ|"
    "bí thơm|mướp đắng|cà chua|cà tím|ớt|tỏi|hành|hẹ|su hào|bắp cải|súp lơ|cải thảo|cỏ voi|ngải cứu|"
    "cam|quýt|hồng|mơ|mận|chuối|chè|cọ"
).split("|")
VILLAGES = (
    "Bản Piềng|Nà Chuông|Pác Chang|Cốc Lùng|Lủng Chang|Nà Nghịu|Bắc Lanh Chang|Nam Lanh Chang|"
    "Khuổi Luông|Nà Lẹng|Tổng Ngay|Phiêng Kham|Thôm Mò|Còi Mò"
).split("|")
SEASONS = (("xuan", "Vụ xuân"), ("mua", "Vụ mùa"))
UBND, NATION = ("ỦY BAN NHÂN DÂN", "XÃ {}"), ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def rounded(value, places):
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def column(number):
    """1 is A."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


# --------------------------------------------------------------------------- writing a workbook

CELL_STYLES = 20
STYLES = {"title": 1, "head": 2, "text": 3, "bold": 4, "unit": 5, "n0": 6, "n1": 7, "n2": 8, "note": 9}
FORMATS = ["General", "#,##0", "#,##0.0", "#,##0.00", r"0_);\(0\)"]


def styles_part():
    fonts = "".join(
        f'<font>{mark}<sz val="{size}"/><name val="Times New Roman"/><family val="0"/><charset val="1"/></font>'
        for mark in ("", '<b val="true"/>', '<i val="true"/>')
        for size in (12, 14, 11)
    )
    side = '<{0} style="thin"/>'
    sides = "".join(side.format(name) for name in ("left", "right", "top", "bottom"))
    records = "".join(
        f'<xf numFmtId="{164 + {6: 1, 7: 2, 8: 3}.get(at, 0)}" fontId="{at % 9}" fillId="0" borderId="{int(at > 1)}" xfId="0" '
        'applyFont="true" applyBorder="true" applyAlignment="true" applyProtection="false">'
        f'<alignment horizontal="{"right" if 6 <= at <= 8 else "center"}" vertical="center" textRotation="0" '
        f'wrapText="{"true" if at in (2, 3, 9) else "false"}" indent="0" shrinkToFit="false"/></xf>'
        for at in range(CELL_STYLES)
    )
    formats = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{code}"/>' for at, code in enumerate(FORMATS))
    return (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<numFmts count="{len(FORMATS)}">{formats}</numFmts><fonts count="9">{fonts}</fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        f'<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>{sides}<diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="164" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{CELL_STYLES}">{records}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0" customBuiltin="false"/></cellStyles></styleSheet>'
    )


class Sheet:
    def __init__(self, name, widths):
        self.name, self.widths, self.rows, self.merges = name, widths, {}, []

    def put(self, row, at, value, style, formula=None):
        """A text, a Decimal, an int, or None for a cell that only has a border."""
        self.rows.setdefault(row, []).append((at, value, style, formula))

    def merge(self, top, left, bottom, right, value, style):
        for row in range(top, bottom + 1):
            for at in range(left, right + 1):
                self.put(row, at, value if (row, at) == (top, left) else None, style)
        if (top, left) != (bottom, right):
            self.merges.append(f"{column(left)}{top}:{column(right)}{bottom}")

    def part(self, strings):
        out = [
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            '<sheetPr filterMode="false"><pageSetUpPr fitToPage="true"/></sheetPr>'
            f'<dimension ref="A1:{column(len(self.widths))}{max(self.rows)}"/><sheetViews><sheetView showFormulas="false" '
            'showGridLines="true" workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>'
        ]
        for at, width in enumerate(self.widths, 1):
            out.append(
                f'<col collapsed="false" customWidth="true" hidden="false" outlineLevel="0" max="{at}" min="{at}" style="0" width="{width}"/>'
            )
        out.append("</cols><sheetData>")
        names = [column(at) for at in range(len(self.widths) + 1)]
        for row in sorted(self.rows):
            out.append(
                f'<row r="{row}" customFormat="false" ht="16.5" hidden="false" customHeight="true" outlineLevel="0" collapsed="false">'
            )
            for at, value, style, formula in sorted(self.rows[row], key=lambda cell: cell[0]):
                head = f'<c r="{names[at]}{row}" s="{STYLES[style]}"'
                formula = f'<f aca="false">{escape(formula)}</f>' if formula else ""
                if value is None:
                    out.append(head + "/>")
                elif isinstance(value, str):
                    place = strings.setdefault(value, len(strings))
                    out.append(f'{head} t="s"><v>{place}</v></c>')
                else:
                    out.append(f'{head} t="n">{formula}<v>{value:f}</v></c>')
            out.append("</row>")
        out.append(f'</sheetData><mergeCells count="{len(self.merges)}">')
        out.extend(f'<mergeCell ref="{area}"/>' for area in self.merges)
        out.append('</mergeCells><pageMargins left="1" right="0.6" top="0.8" bottom="0.8" header="0.5" footer="0.5"/></worksheet>')
        return "".join(out)


def save(path, sheets):
    strings, numbers = {}, range(1, len(sheets) + 1)
    parts = [f"xl/worksheets/sheet{at}.xml" for at in numbers]
    content = [(name, sheet.part(strings)) for name, sheet in zip(parts, sheets)]
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    relation = '<Relationship Id="rId{}" Type="' + links + '/{}" Target="{}"/>'
    kind = '<Override PartName="/{}" ContentType="' + kinds + '.{}+xml"/>'
    texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    after = len(sheets)
    files = [
        (
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            + kind.format("xl/workbook.xml", "sheet.main")
            + "".join(kind.format(name, "worksheet") for name in parts)
            + kind.format("xl/sharedStrings.xml", "sharedStrings")
            + kind.format("xl/styles.xml", "styles")
            + "</Types>",
        ),
        ("_rels/.rels", relations.format(relation.format(1, "officeDocument", "xl/workbook.xml"))),
        (
            "xl/workbook.xml",
            f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{links}"><sheets>'
            + "".join(f'<sheet name="{s.name}" sheetId="{at}" state="visible" r:id="rId{at}"/>' for at, s in zip(numbers, sheets))
            + "</sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations.format(
                "".join(relation.format(at, "worksheet", f"worksheets/sheet{at}.xml") for at in numbers)
                + relation.format(after + 1, "sharedStrings", "sharedStrings.xml")
                + relation.format(after + 2, "styles", "styles.xml")
            ),
        ),
        *content,
        (
            "xl/sharedStrings.xml",
            f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="{len(strings)}">{texts}</sst>',
        ),
        ("xl/styles.xml", styles_part()),
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in files:
            info = zipfile.ZipInfo(name, (2023, 11, 20, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)


# --------------------------------------------------------------------------- one submission


def figures(rng):
    """(crop, season) to (measure to (area, yield)), and the areas of the villages."""
    crops, villages = {}, {}
    for crop in range(len(CROPS)):
        for season, _ in SEASONS:
            parts = [Decimal(rng.randint(5, 2500)) / 100 for _ in VILLAGES]
            villages[crop, season] = parts
            actual = sum(parts)
            plan = rounded(actual * Decimal(rng.randint(80, 125)) / 100, 1)
            crop_yield = Decimal(rng.randint(80, 1200)) / 10
            crops[crop, season] = {
                "plan": (plan, crop_yield),
                "actual": (actual, rounded(crop_yield * Decimal(rng.randint(85, 115)) / 100, 1)),
                "next": (rounded(actual, 0) + 1, crop_yield + 1),
            }
    return crops, villages


MEASURES = (("plan", 4), ("actual", 5), ("next", 7))


def frame(name, title, commune, rows_of_villages=False):
    """Title block and header; the first row of data."""
    last = 1 + 1 + 2 * len(CROPS) if rows_of_villages else 8
    sheet = Sheet(name, [6, 24] + [10] * (last - 2) if rows_of_villages else [6, 38, 14, 13, 13, 11, 13, 20])
    for at in (0, 1):
        sheet.merge(at + 1, 1, at + 1, 3, UBND[at].format(commune.upper()), "title")
        sheet.merge(at + 1, 4, at + 1, last, NATION[at], "title")
    sheet.merge(4, 1, 4, last, title, "title")
    sheet.merge(5, 1, 5, last, f"(Kèm theo Báo cáo số      /BC-UBND ngày     /11/{YEAR} của UBND xã {commune})", "title")
    sheet.merge(7, 1, 8, 1, "TT", "head")
    if rows_of_villages:
        sheet.merge(7, 2, 8, 2, "Thôn", "head")
        for crop in range(len(CROPS)):
            sheet.merge(7, 3 + 2 * crop, 7, 4 + 2 * crop, f"Cây {CROPS[crop]} (ha)", "head")
            for at, (_, season) in enumerate(SEASONS):
                sheet.put(8, 3 + 2 * crop + at, season, "head")
        return sheet, 9
    for at, text in ((2, "Chỉ tiêu"), (3, "Đơn vị tính"), (4, f"Kế hoạch {YEAR}"), (7, f"Kế hoạch {YEAR + 1}"), (8, "Ghi chú")):
        sheet.merge(7, at, 8, at, text, "head")
    sheet.merge(7, 5, 7, 6, f"Kết quả năm {YEAR}", "head")
    sheet.put(8, 5, "Thực hiện", "head")
    sheet.put(8, 6, "Tỷ lệ %", "head")
    return sheet, 9


def signed(sheet, row, commune):
    sheet.merge(row + 1, 5, row + 1, 8, f"{commune}, ngày      tháng 11 năm {YEAR}", "title")
    sheet.merge(row + 2, 1, row + 2, 3, "NGƯỜI LẬP BIỂU", "title")
    sheet.merge(row + 2, 5, row + 2, 8, "TM. ỦY BAN NHÂN DÂN", "title")
    return sheet


def ratio(rng, sheet, row, plan, actual):
    """Mostly a formula, sometimes typed, and now and then typed wrong."""
    exact, chance = rounded(actual * 100 / plan, 2), rng.random()
    if chance < 0.8:
        sheet.put(row, 6, exact, "n2", f"ROUND(E{row}/D{row}*100,2)")
    elif chance < 0.993:
        sheet.put(row, 6, exact, "n2")
    else:
        sheet.put(row, 6, exact + Decimal("1.5"), "n2")


def season_sheet(rng, commune, season, name, crops):
    sheet, row = frame(name, f"KẾT QUẢ SẢN XUẤT TRỒNG TRỌT {name.upper()} NĂM {YEAR}", commune)
    for crop, label in enumerate(CROPS):
        sheet.put(row, 1, crop + 1, "unit")
        sheet.put(row, 2, f"Cây {label}", "bold")
        for at in range(3, 9):
            sheet.put(row, at, None, "bold")
        row += 1
        for line, (what, unit, style) in enumerate(
            (("- Diện tích", "ha", "n2"), ("- Năng suất", "tạ/ha", "n1"), ("- Sản lượng", "tấn", "n2"))
        ):
            sheet.put(row, 1, None, "unit")
            sheet.put(row, 2, what, "text")
            sheet.put(row, 3, unit, "unit")
            values = {}
            for measure, at in MEASURES:
                area, crop_yield = crops[crop, season][measure]
                values[measure] = (area, crop_yield, area * crop_yield / 10)[line]
                letter = column(at)
                formula = f"{letter}{row - 2}*{letter}{row - 1}/10" if line == 2 else None
                if line == 0 and rng.random() < 0.003:
                    # A number typed as text, as it happens.
                    sheet.put(row, at, f"{values[measure]:.2f}".replace(".", ","), style)
                else:
                    sheet.put(row, at, values[measure], style, formula)
            ratio(rng, sheet, row, values["plan"], values["actual"])
            note = rng.choice(("Đạt kế hoạch", "Do thời tiết", "Chuyển đổi cây trồng")) if rng.random() < 0.08 else None
            sheet.put(row, 8, note, "note")
            row += 1
    return signed(sheet, row, commune)


def year_sheet(rng, commune, crops, linked, wrong):
    sheet, row = frame("Cả năm", f"KẾT QUẢ SẢN XUẤT TRỒNG TRỌT NĂM {YEAR}", commune)
    for crop, label in enumerate(CROPS):
        sheet.put(row, 1, crop + 1, "unit")
        sheet.put(row, 2, f"Cây {label}", "bold")
        for at in range(3, 9):
            sheet.put(row, at, None, "bold")
        row += 1
        for line, (what, unit) in enumerate((("- Diện tích", "ha"), ("- Sản lượng", "tấn"))):
            sheet.put(row, 1, None, "unit")
            sheet.put(row, 2, what, "text")
            sheet.put(row, 3, unit, "unit")
            values = {}
            for measure, at in MEASURES:
                both = [crops[crop, season][measure] for season, _ in SEASONS]
                values[measure] = sum(area if line == 0 else area * crop_yield / 10 for area, crop_yield in both)
                there = f"{column(at)}{10 + 4 * crop + 2 * line}"
                formula = f"'Vụ xuân'!{there}+'Vụ mùa'!{there}" if linked else None
                if (crop, line, measure) == wrong:
                    sheet.put(row, at, values[measure] + 7, "n2")
                else:
                    sheet.put(row, at, values[measure], "n2", formula)
            ratio(rng, sheet, row, values["plan"], values["actual"])
            sheet.put(row, 8, None, "note")
            row += 1
    return signed(sheet, row, commune)


def village_sheet(commune, villages, wrong):
    sheet, top = frame("Các thôn", f"DIỆN TÍCH GIEO TRỒNG CÁC THÔN NĂM {YEAR}", commune, rows_of_villages=True)
    for line, village in enumerate(VILLAGES):
        sheet.put(top + line, 1, line + 1, "unit")
        sheet.put(top + line, 2, f"Thôn {village}", "text")
        for crop in range(len(CROPS)):
            for at, (season, _) in enumerate(SEASONS):
                sheet.put(top + line, 3 + 2 * crop + at, villages[crop, season][line], "n2")
    row = top + len(VILLAGES)
    sheet.put(row, 1, None, "unit")
    sheet.put(row, 2, "Tổng cộng", "bold")
    for crop in range(len(CROPS)):
        for at, (season, _) in enumerate(SEASONS):
            letter, whole = column(3 + 2 * crop + at), sum(villages[crop, season])
            if (crop, season) == wrong:
                sheet.put(row, 3 + 2 * crop + at, whole + 7, "n2")
            else:
                sheet.put(row, 3 + 2 * crop + at, whole, "n2", f"SUM({letter}{top}:{letter}{row - 1})")
    return signed(sheet, row, commune)


def submission(seed, number, linked, share=0.0):
    rng, other = random.Random(f"{seed}/{number}"), random.Random(f"wrong/{seed}/{number}")
    commune = f"{rng.choice(('Lục', 'Tân', 'Nguyên', 'Quân', 'Vi', 'Đôn'))} {rng.choice(('Bình', 'Phúc', 'Tú', 'Hà', 'Hương', 'Phong'))}"
    crops, villages = figures(rng)
    sheets = [season_sheet(rng, commune, season, name, crops) for season, name in SEASONS]
    # Typed over its formula: next year's plan of a crop, which nothing else leans on, and a total of villages.
    wrong = other.random() < share
    yearly = (other.randrange(len(CROPS)), 0, "next") if wrong else None
    village = (other.randrange(len(CROPS)), "xuan") if wrong else None
    return [*sheets, year_sheet(rng, commune, crops, linked, yearly), village_sheet(commune, villages, village)]


# --------------------------------------------------------------------------- mapping and catalogue


def key(text):
    plain = str.maketrans(
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ ",
        "aaaaaaaaaaaaaaaaadeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyy-",
    )
    return text.translate(plain)


def catalogue():
    out = ['[catalogue]\nid = "danh-muc"\ntitle = "Trồng trọt"\nperiod = "2023"\n']
    out.append('[[measure]]\nid = "plan-next"\nkind = "plan"\nlabel = "Kế hoạch 2024"\n')
    out.append('[[section]]\nid = "trong-trot"\nnumber = "I"\ntitle = "TRỒNG TRỌT"\n')

    def indicator(name, label, unit, decimals, more=""):
        out.append(f'[[indicator]]\nid = "{name}"\nlabel = "{label}"\nunit = "{unit}"\ndecimals = {decimals}\n{more}')

    for crop in CROPS:
        k = key(crop)
        both = "[" + ", ".join(f'"{k}.{season}.{{}}"' for season, _ in SEASONS) + "]"
        for what, label, unit in (("dien-tich", "Diện tích", "ha"), ("san-luong", "Sản lượng", "tấn")):
            form = 'section = "trong-trot"\n' if what == "dien-tich" else ""
            indicator(f"{k}.{what}", f"{label} {crop} cả năm", unit, 2, f"{form}min = 0\nparts = {both.format(what, what)}\n")
        for season, name in SEASONS:
            indicator(f"{k}.{season}.dien-tich", f"Diện tích {crop} {name.lower()}", "ha", 2)
            indicator(f"{k}.{season}.nang-suat", f"Năng suất {crop} {name.lower()}", "tạ/ha", 1)
            product = f'product = {{ of = ["{k}.{season}.dien-tich", "{k}.{season}.nang-suat"], divide-by = 10 }}\n'
            indicator(f"{k}.{season}.san-luong", f"Sản lượng {crop} {name.lower()}", "tấn", 3, product)
    return "\n".join(out)


# Asks for a sheet that no file has.
READ_ONLY = '''[mapping]
id = "chi-doc"
catalogue = "mot-chi-tieu.toml"

[[source]]
file = "*"
sheet = "Không có"
label = "Chỉ tiêu"
columns = { "Thực hiện" = "actual" }
rows = { "Cây lúa" = "lua.xuan.dien-tich" }
'''
# A whole catalogue would be missed figure by figure, and a report of that is no reading.
ONE_INDICATOR = '''[catalogue]
id = "mot-chi-tieu"
period = "2023"

[[indicator]]
id = "lua.xuan.dien-tich"
label = "Diện tích lúa vụ xuân"
unit = "ha"
'''


def mapping(name, files):
    out = [f'[mapping]\nid = "{name}"\ncatalogue = "danh-muc.toml"\n']

    def source(sheet, label, more=""):
        # A .csv has no name of a sheet.
        tab = "" if name == "csv" else f'sheet = "{sheet}"\n'
        out.append(f'[[source]]\nname = "{sheet}"\nfile = "{files[sheet]}"\n{tab}label = "{label}"\n{more}')

    columns = (
        '[source.columns]\n"Kế hoạch {year}" = "plan"\n"Kết quả năm {year} > Thực hiện" = "actual"\n'
        '"Kết quả năm {year} > Tỷ lệ %" = "ratio"\n"Kế hoạch {year+1}" = "plan-next"\n"Ghi chú" = "note"\n\n[source.rows]'
    )
    kinds = (("dien-tich", "Diện tích"), ("nang-suat", "Năng suất"), ("san-luong", "Sản lượng"))
    for season, sheet in (*SEASONS, ("", "Cả năm")):
        source(sheet, "Chỉ tiêu", 'unit-column = "Đơn vị tính"\n')
        out.append(columns)
        for crop in CROPS:
            for what, label in kinds:
                if season or what != "nang-suat":
                    place = f"{season}.{what}" if season else what
                    out.append(f'"Cây {crop} > {label}" = "{key(crop)}.{place}"')
        out.append("")
    source("Các thôn", "Thôn")
    out.append("[source.columns]")
    for crop in CROPS:
        for season, name in SEASONS:
            out.append(f'"Cây {crop} (ha) > {name}" = {{ indicator = "{key(crop)}.{season}.dien-tich", measure = "actual" }}')
    out.append('\n[source.rows]\n"Tổng cộng" = "total"\n"Thôn *" = "member"\n')
    return "\n".join(out)


SHEETS = ("Vụ xuân", "Vụ mùa", "Cả năm", "Các thôn")


def area(merged):
    """First and last row, first and last column, from zero: those of "A1:B2"."""
    ends = []
    for cell in merged.split(":"):
        letters = cell.rstrip("0123456789")
        at = 0
        for letter in letters:
            at = at * 26 + ord(letter) - 64
        ends.append((int(cell[len(letters) :]) - 1, at - 1))
    (top, left), (bottom, right) = ends
    return top, bottom, left, right


def save_as_others(out, name, sheets):
    """The same cells as .xlsb, and as a folder of .csv: semicolons and decimal commas, as Excel saves them here."""
    styled = [{6: 1, 7: 2, 8: 3}.get(at, 0) for at in range(CELL_STYLES)]
    binary.save(out / "xlsb" / f"{name}.xlsb", sheets, STYLES, FORMATS, styled, area)
    os.makedirs(out / "csv" / name, exist_ok=True)
    for sheet in sheets:
        with open(out / "csv" / name / f"{key(sheet.name.lower())}.csv", "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            for row in range(1, max(sheet.rows) + 1):
                cells = {at: value for at, value, _, _ in sheet.rows.get(row, ()) if value is not None}
                texts = {at: value if isinstance(value, str) else f"{value:f}".replace(".", ",") for at, value in cells.items()}
                writer.writerow(texts.get(at, "") for at in range(1, len(sheet.widths) + 1))


def convert(out, ending, names):
    target = out / ending
    wanted = [name for name in names if not (target / f"{name.stem}.{ending}").exists()]
    with tempfile.TemporaryDirectory() as profile:
        for at in range(0, len(wanted), 100):
            subprocess.run(
                ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", ending, "--outdir", target]
                + wanted[at : at + 100],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--folders", type=int, default=0)
    parser.add_argument("--convert", type=int, default=0)
    parser.add_argument("--formats", type=int, default=0, metavar="N")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--crops", type=int, choices=range(4, len(CROPS) + 1), default=len(CROPS), metavar="N")
    parser.add_argument("--provinces", type=int, default=0)
    parser.add_argument("--wrong", type=float, default=0.0)
    args = parser.parse_args()
    del CROPS[args.crops :]
    for folder in ("xlsx", "folders", "xls", "ods", "xlsb", "csv"):
        os.makedirs(args.out / folder, exist_ok=True)
    (args.out / "danh-muc.toml").write_text(catalogue(), encoding="utf-8")
    (args.out / "chi-doc.toml").write_text(READ_ONLY, encoding="utf-8")
    (args.out / "mot-chi-tieu.toml").write_text(ONE_INDICATOR, encoding="utf-8")
    (args.out / "trong-trot.toml").write_text(mapping("trong-trot", dict.fromkeys(SHEETS, "xa-*")), encoding="utf-8")
    folder_files = {sheet: f"{key(sheet.lower())}*" for sheet in SHEETS}
    for name in ("thu-muc", "csv"):
        (args.out / f"{name}.toml").write_text(mapping(name, folder_files), encoding="utf-8")
    folders = [args.out / "xlsx" / f"tinh-{at:02}" for at in range(1, args.provinces + 1)] or [args.out / "xlsx"]
    for folder in folders:
        os.makedirs(folder, exist_ok=True)
    names = [folders[(number - 1) % len(folders)] / f"xa-{number:04}.xlsx" for number in range(1, args.files + 1)]
    for number, name in enumerate(names, 1):
        sheets = submission(args.seed, number, linked=True, share=args.wrong)
        save(name, sheets)
        if number <= args.formats:
            save_as_others(args.out, name.stem, sheets)
    for number in range(1, args.folders + 1):
        folder = args.out / "folders" / f"xa-{number:04}"
        os.makedirs(folder, exist_ok=True)
        for sheet in submission(args.seed, number, linked=False):
            save(folder / f"{key(sheet.name.lower())}.xlsx", [sheet])
    for ending in ("xls", "ods"):
        convert(args.out, ending, sorted((args.out / "xlsx").glob("*.xlsx"))[: args.convert])
    sizes = [name.stat().st_size for name in names]
    if sizes:
        print(f"{len(sizes)} files, {sum(sizes) / len(sizes) / 1024:.1f} KiB each", file=sys.stderr)


if __name__ == "__main__":
    main()
