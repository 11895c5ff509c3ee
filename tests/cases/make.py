"""Writes the inputs of cases that no text file can be. Only the standard library; the same bytes every time.

    python3 tests/cases/make.py
"""

import pathlib
import struct
import zipfile
import io

HERE = pathlib.Path(__file__).parent


def write(case, name, data):
    path = HERE / case / "input" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def zipped(parts):
    """A zip file of the parts, dated 1980 so that it never changes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text, compresslevel=9)
    return buffer.getvalue()


def xlsx(sheet):
    """The smallest workbook of one sheet."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return zipped({
        "[Content_Types].xml": f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{rel}">'
        '<sheets><sheet name="Chăn nuôi" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{sheet}</worksheet>',
    })


def cells(rows):
    """Sheet data with texts in the cells and numbers as numbers."""
    out = []
    for number, row in enumerate(rows, 1):
        line = ""
        for letter, value in zip("ABCDEFGH", row):
            at = f"{letter}{number}"
            if isinstance(value, str):
                line += f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'
            else:
                line += f'<c r="{at}"><v>{value}</v></c>'
        out.append(f'<row r="{number}">{line}</row>')
    return f"<sheetData>{''.join(out)}</sheetData>"


TABLE = [["Chỉ tiêu", "Kế hoạch", "Thực hiện"], ["Đàn trâu", 370, 369], ["Đàn bò", 65, 66]]


def compound(streams):
    """A compound file (MS-CFB, version 3) whose streams, below 4,096 bytes each, hold one sector each."""
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    names = ["Root Entry", *streams]
    assert len(names) <= 4 and all(len(data) == 512 for data in streams.values())
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    # Cutoff 0: no stream is small enough for the mini stream.
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 0, end, 0, end, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    chain = [table, end] + [end] * len(streams)
    sectors = [struct.pack("<128I", *chain, *[free] * (128 - len(chain)))]
    directory = b""
    for at in range(4):
        if at >= len(names):
            directory += bytes(68) + struct.pack("<III", free, free, free) + bytes(48)
            continue
        name = names[at].encode("utf-16-le") + b"\0\0"
        entry = name.ljust(64, b"\0") + struct.pack("<HBB", len(name), 5 if at == 0 else 2, 1)
        right = at + 1 if 0 < at < len(names) - 1 else free
        entry += struct.pack("<III", free, right, 1 if at == 0 else free) + bytes(36)
        entry += struct.pack("<IQ", end if at == 0 else at + 1, 0 if at == 0 else 512)
        directory += entry
    return header + b"".join([*sectors, directory, *streams.values()])


# A workbook with a password to open is a compound file with these two streams; the rest is noise.
noise = bytes((at * 89 + 7) % 256 for at in range(512))
write("encrypted-file/fires-mat-khau", "chan-nuoi.xlsx", compound({"EncryptionInfo": noise, "EncryptedPackage": noise[::-1]}))

# One row with twelve million spaces in a cell: 12 MiB of about 12 KiB.
write("limit-exceeded/fires-bom-nen", "chan-nuoi.xlsx", xlsx(cells([["Chỉ tiêu" + " " * 12_000_000]])))

# The first half of a workbook.
whole = xlsx(cells(TABLE))
write("unreadable-file/fires-xlsx-dut", "chan-nuoi.xlsx", whole[: len(whole) // 2])


def xls(rows, uncalculated):
    """A bare BIFF8 stream of one sheet; a cell is a text, a number, or (number,) where a sum of
    the three cells below gave it."""
    def record(kind, data):
        return struct.pack("<HH", kind, len(data)) + data

    def cell(row, column, value):
        at = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            return record(0x0204, at + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
        if isinstance(value, tuple):
            area = struct.pack("<BHHHH", 0x25, row + 1, row + 3, column | 0xC000, column | 0xC000) + b"\x19\x10\0\0"
            return record(0x0006, at + struct.pack("<dHIH", value[0], 0, 0, len(area)) + area)
        return record(0x0203, at + struct.pack("<d", value))

    def bof(kind):
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))

    name = "Chăn nuôi"
    def first(place):
        listed = struct.pack("<IHBB", place, 0, len(name), 1) + name.encode("utf-16-le")
        return bof(5) + record(0x0085, listed) + record(0x000A, b"")

    sheet = bof(0x10) + (record(0x005E, b"\0\0") if uncalculated else b"")
    sheet += b"".join(cell(r, c, value) for r, line in enumerate(rows) for c, value in enumerate(line))
    return first(len(first(0))) + sheet + record(0x000A, b"")


# An .xls that says of its sheet that it was saved without computing formulas anew; and one that does not.
SUMMED = [["Chỉ tiêu", "Thực hiện"], ["Tổng đàn", (60,)], ["Đàn trâu", 10], ["Đàn bò", 20], ["Đàn lợn", 30]]
write("stale-formula/fires-luu-chua-tinh", "so-lieu.xls", xls(SUMMED, True))
write("stale-formula/clean-luu-da-tinh", "so-lieu.xls", xls(SUMMED, False))


# What a cell shows: workbooks with styles. `fonts`, `fills` and `formats` are XML of the styles part;
# a cell is a value, or (value, style), or (value, style, formula), a style being the number of an xf.
def styled(rows, xfs, fonts=(), formats=(), strings=(), extra="", columns="", sizes=None):
    """A workbook whose cells have styles. `xfs` are (format, font, fill) by number, 0 being plain."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    escape = lambda text: text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    codes = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{escape(code)}"/>' for at, code in enumerate(formats))
    plain = '<font><sz val="11"/><name val="Times New Roman"/></font>'
    fills = ('<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
             '<fill><patternFill patternType="solid"><fgColor rgb="FF1F4E79"/></patternFill></fill>')
    cells_of = "".join(f'<xf numFmtId="{a}" fontId="{b}" fillId="{c}"/>' for a, b, c in [(0, 0, 0), *xfs])
    styles = (f'{head}<styleSheet xmlns="{main}"><numFmts>{codes}</numFmts><fonts>{plain}{"".join(fonts)}</fonts>'
              f'<fills>{fills}</fills><borders><border/></borders><cellXfs>{cells_of}</cellXfs></styleSheet>')
    out = []
    for number, row in enumerate(rows, 1):
        line = ""
        for letter, cell in zip("ABCDEFGH", row):
            value, style, formula = (*cell, 0, None)[:3] if isinstance(cell, tuple) else (cell, 0, None)
            at = f'r="{letter}{number}" s="{style}"'
            written = f"<f>{formula}</f>" if formula else ""
            if value is None:
                continue
            if isinstance(value, int) and value < 0 and strings:
                line += f'<c {at} t="s"><v>{-value - 1}</v></c>'
            elif isinstance(value, str):
                line += f'<c {at} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
            else:
                line += f"<c {at}>{written}<v>{value!r}</v></c>"
        size = (sizes or {}).get(number, "")
        out.append(f'<row r="{number}"{size}>{line}</row>')
    sheet = f'{columns}<sheetData>{"".join(out)}</sheetData>{extra}'
    types = (f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
             f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
             f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/>'
             f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>')
    return zipped({
        "[Content_Types].xml": f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{rel}">'
        '<sheets><sheet name="Biểu" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{rel}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": styles,
        "xl/sharedStrings.xml": f'{head}<sst xmlns="{main}">{"".join(strings)}</sst>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}">{sheet}</worksheet>',
    })


def text(case, name, content):
    (HERE / case).mkdir(parents=True, exist_ok=True)
    (HERE / case / name).write_text(content, encoding="utf-8")


def case(folder, about, indicators, data, columns, rows, label="Chỉ tiêu", more=""):
    """Writes a case of one table: catalogue, mapping and workbook."""
    catalogue = '[catalogue]\nid = "danh-muc"\nperiod = "2023"\n'
    for identity, name, unit, other in indicators:
        catalogue += f'\n[[indicator]]\nid = "{identity}"\nlabel = "{name}"\nunit = "{unit}"\n{other}'
    mapping = f'# {about}\n\n[mapping]\nid = "xa"\ncatalogue = "catalogue.toml"\n\n[[source]]\nfile = "so-lieu*"\nlabel = "{label}"\n{more}'
    mapping += "\n[source.columns]\n" + "".join(f"{line}\n" for line in columns)
    mapping += "\n[source.rows]\n" + "".join(f"{line}\n" for line in rows)
    text(folder, "catalogue.toml", catalogue)
    text(folder, "mapping.toml", mapping)
    write(folder, "so-lieu.xlsx", data)


PLAN = ['"Kế hoạch" = "plan"', '"Thực hiện" = "actual"']
RATIO = [*PLAN, '"Tỷ lệ %" = "ratio"']

# Percentages are stored as parts of 1.
case("number-format/clean-phan-tram",
     "98,5 % is stored as 0,985; 94,5 under 0.0\"%\" is 94,5 %, and 12 under #,##0\" tạ\" is 1,2 tấn.",
     [("nuoc", "Hộ dùng nước sạch", "%", ""), ("ngheo", "Hộ nghèo", "%", ""), ("rac", "Thu gom rác", "%", ""),
      ("ngo", "Ngô giống", "tấn", "")],
     styled([["Chỉ tiêu", "Kế hoạch", "Thực hiện", "Tỷ lệ %"],
             ["Hộ dùng nước sạch", (0.95, 1), (0.985, 2), (1.0368, 3)],
             ["Hộ nghèo", (0.0325, 3), (0.028, 3), (0.8615, 3)],
             ["Thu gom rác", (90, 4), (94.5, 4), (105.0, 4)],
             ["Ngô giống", (12, 5), (13, 5), None]],
            [(9, 0, 0), (164, 0, 0), (10, 0, 0), (165, 0, 0), (166, 0, 0)],
            formats=["0.0%", "0.0\"%\"", "#,##0\" tạ\""]),
     RATIO, ['"Hộ dùng nước sạch" = "nuoc"', '"Hộ nghèo" = "ngheo"', '"Thu gom rác" = "rac"', '"Ngô giống" = "ngo"'])

# Commas behind the last digit divide by thousands.
case("number-format/clean-chia-trieu", "1250000000 under #,##0.0,, is 1.250 triệu đồng.",
     [("thue", "Thu thuế", "triệu đồng", ""), ("phi", "Thu phí", "triệu đồng", "")],
     styled([["Đơn vị tính: triệu đồng"], ["Chỉ tiêu", "Kế hoạch", "Thực hiện"],
             ["Thu thuế", (1250000000, 1), (1312500000, 1)], ["Thu phí", (80000000, 1), (84500000, 1)]],
            [(164, 0, 0)], formats=["#,##0.0,,"]),
     PLAN, ['"Thu thuế" = "thue"', '"Thu phí" = "phi"'])

case("unit-mismatch/fires-dinh-dang-chia-nghin", "The cell shows 1.250 under đồng, and stores a million times that.",
     [("thue", "Thu thuế", "đồng", "")],
     styled([["Đơn vị tính: đồng"], ["Chỉ tiêu", "Kế hoạch", "Thực hiện"], ["Thu thuế", 1250000000, (1312500000, 1)]],
            [(164, 0, 0)], formats=["#,##0.0,,"]),
     PLAN, ['"Thu thuế" = "thue"'])

case("unit-mismatch/fires-don-vi-trong-dinh-dang", "The format says tạ, the header tấn.",
     [("ngo", "Ngô giống", "tấn", "")],
     styled([["Chỉ tiêu", "Kế hoạch (tấn)", "Thực hiện (tấn)"], ["Ngô giống", 12, (13, 1)]],
            [(164, 0, 0)], formats=["#,##0\" tạ\""]),
     ['"Kế hoạch (tấn)" = "plan"', '"Thực hiện (tấn)" = "actual"'], ['"Ngô giống" = "ngo"'])

# Precision: 24 under #,##0.0 is 24,0.
LAND = [("dat", "Đất trồng", "ha", 'parts = ["lua", "mau"]\n'), ("lua", "Đất lúa", "ha", ""), ("mau", "Đất màu", "ha", "")]
LAND_ROWS = ['"Đất trồng" = "dat"', '"Đất lúa" = "lua"', '"Đất màu" = "mau"']
case("total-mismatch/fires-dinh-dang-mot-so-le", "24 under #,##0.0 is 24,0: 10,2 and 13,5 do not make it.", LAND,
     styled([["Chỉ tiêu", "Thực hiện"], ["Đất trồng", (24, 1)], ["Đất lúa", (10.2, 1)], ["Đất màu", (13.5, 1)]],
            [(164, 0, 0)], formats=["#,##0.0"]), PLAN[1:], LAND_ROWS)
case("total-mismatch/clean-hien-it-hon-luu", "Cells that show fewer digits than they store are right if what they show is.", LAND,
     styled([["Chỉ tiêu", "Thực hiện"], ["Đất trồng", (24, 1)], ["Đất lúa", (10.24, 1)], ["Đất màu", (13.84, 1)]],
            [(164, 0, 0)], formats=["#,##0.0"]), PLAN[1:], LAND_ROWS)
case("total-mismatch/fires-hien-it-hon-luu", "Wrong as stored and as shown.", LAND,
     styled([["Chỉ tiêu", "Thực hiện"], ["Đất trồng", (24, 1)], ["Đất lúa", (10.24, 1)], ["Đất màu", (13.14, 1)]],
            [(164, 0, 0)], formats=["#,##0.0"]), PLAN[1:], LAND_ROWS)

# Computed figures.
case("ratio-truncated/clean-ty-le-tinh-san", "84 / 1700 × 100 with all its digits is not cut off, and no total is off by 0.",
     [("dat", "Đất trồng", "ha", 'parts = ["lua", "mau"]\n'), ("lua", "Đất lúa", "ha", ""), ("mau", "Đất màu", "ha", "")],
     styled([["Chỉ tiêu", "Kế hoạch", "Thực hiện", "Tỷ lệ %"],
             ["Đất trồng", 1701, (84 + 1 / 3, 0, "C3+C4"), (84.33333333333333 / 1701 * 100, 0, "C2/B2*100")],
             ["Đất lúa", 1700, 84, (84 / 1700 * 100, 0, "C3/B3*100")],
             ["Đất màu", 1, 0.333333333333333, 33.3333333333333]], []),
     RATIO, LAND_ROWS)

# Raised digits.
mark = ('<si><r><rPr><rFont val="Times New Roman"/></rPr><t>{0}</t></r>'
        '<r><rPr><vertAlign val="superscript"/><rFont val="Times New Roman"/></rPr><t>{1}</t></r></si>')
case("text-number/fires-chu-so-tren", "369 with the raised mark of a footnote is 369, never 3691; Đàn bò² is that label; m² is a unit.",
     [("trau", "Đàn trâu", "con", ""), ("bo", "Đàn bò", "con", ""), ("nha", "Nhà văn hóa", "m2", "")],
     styled([["Chỉ tiêu", "ĐVT", "Kế hoạch", "Thực hiện"], ["Đàn trâu", "con", 370, -1], [-2, "con", 65, 66],
             ["Nhà văn hóa", -3, 120, 118]], [],
            strings=[mark.format("369", "1"), mark.format("Đàn bò", "2"), mark.format("m", "2")]),
     PLAN, ['"Đàn trâu" = "trau"', '"Đàn bò" = "bo"', '"Nhà văn hóa" = "nha"'], more='unit-column = "ĐVT"\n')

case("legacy-encoding/clean-hai-phong-chu", "One cell in two fonts: Times \"Đ\" and .VnTime \"Çu t­\".",
     [("von", "Đầu tư công", "con", "")],
     styled([["Chỉ tiêu", "Kế hoạch", "Thực hiện"], [-1, 370, 369]], [],
            strings=['<si><r><rPr><rFont val="Times New Roman"/></rPr><t>Đ</t></r>'
                     '<r><rPr><rFont val=".VnTime"/></rPr><t>Çu t\u00ad c«ng</t></r></si>']),
     PLAN, ['"Đầu tư công" = "von"'])

# What nobody sees.
white, struck = '<font><color rgb="FFFFFFFF"/><name val="Times New Roman"/></font>', '<font><strike/><name val="Times New Roman"/></font>'
HERD = [("trau", "Đàn trâu", "con", ""), ("bo", "Đàn bò", "con", ""), ("lon", "Đàn lợn", "con", "")]
HERD_ROWS = ['"Đàn trâu" = "trau"', '"Đàn bò" = "bo"', '"Đàn lợn" = "lon"']
HEADER = ["Chỉ tiêu", "Kế hoạch", "Thực hiện"]
case("hidden-data/fires-gach-ngang", "A row that is crossed out and still taken.", HERD,
     styled([HEADER, ["Đàn trâu", 370, 369], [("Đàn bò", 1), (65, 1), (66, 1)], ["Đàn lợn", 105, 131]],
            [(0, 1, 0)], fonts=[struck]), PLAN, HERD_ROWS)
case("hidden-data/fires-khong-nhin-thay", "White on white, a format that shows nothing, a cell under a merged one, a row of no height.",
     HERD + [("ga", "Đàn gà", "con", "")],
     styled([HEADER, ["Đàn trâu", 370, (369, 1)], ["Đàn bò", 65, (66, 2)], ["Đàn lợn", 105, 131], ["Đàn gà", 12, 13]],
            [(0, 1, 0), (164, 0, 0)], fonts=[white], formats=[";;;"],
            extra='<mergeCells count="1"><mergeCell ref="B4:C4"/></mergeCells>', sizes={5: ' ht="0" customHeight="1"'}),
     PLAN, [*HERD_ROWS, '"Đàn gà" = "ga"'])
case("hidden-data/clean-chu-trang-nen-mau", "White on a coloured ground is read well, and a 0 need not be drawn.", HERD,
     styled([HEADER, [("Đàn trâu", 1), (370, 1), (369, 1)], ["Đàn bò", 65, 66], ["Đàn lợn", 0, (0, 2)]],
            [(0, 1, 2), (164, 0, 0)], fonts=[white], formats=["#,##0;-#,##0;"]), PLAN, HERD_ROWS)

# Formulas against their own cells.
STOCK = [("gs", "Tổng đàn", "con", 'parts = ["trau", "bo", "lon"]\n'), *HERD]
STOCK_ROWS = ['"Tổng đàn" = "gs"', *HERD_ROWS]
ACTUAL = PLAN[1:]
case("stale-formula/fires-chua-tinh-lai", "The sum was not recalculated after a part changed.", STOCK,
     styled([["Chỉ tiêu", "Thực hiện"], ["Tổng đàn", (540, 0, "SUM(B3:B5)")], ["Đàn trâu", 369], ["Đàn bò", 66], ["Đàn lợn", 131]], []),
     ACTUAL, STOCK_ROWS)
case("stale-formula/clean-da-tinh", "Formulas that give what is stored, or that are not known here.", STOCK,
     styled([["Chỉ tiêu", "Thực hiện"], ["Tổng đàn", (566, 0, "SUBTOTAL(9,B3:B5)")], ["Đàn trâu", (369, 0, "ROUND(B4*5.59,0)")],
             ["Đàn bò", (66, 0, "VLOOKUP(1,Z1:Z9,2)")], ["Đàn lợn", (131, 0, "(B4-0.5)*2")]], []),
     ACTUAL, STOCK_ROWS)
case("total-mismatch/fires-sum-bo-qua-chu", "SUM leaves out a part that is typed as text: the total is wrong, and no part.", STOCK,
     styled([["Chỉ tiêu", "Thực hiện"], ["Tổng đàn", (435, 0, "SUM(B3:B5)")], ["Đàn trâu", 369], ["Đàn bò", 66], ["Đàn lợn", "131"]], []),
     ACTUAL, STOCK_ROWS)
case("formula-range/fires-cong-ca-tong-con", "A SUM over a subtotal and its parts.",
     [("gs", "Tổng đàn", "con", 'parts = ["dai", "lon"]\n'), ("dai", "Đại gia súc", "con", 'parts = ["trau", "bo"]\n'), *HERD],
     styled([["Chỉ tiêu", "Thực hiện"], ["Tổng đàn", (1001, 0, "SUM(B3:B6)")], ["Đại gia súc", (435, 0, "SUM(B4:B5)")], ["Đàn trâu", 369],
             ["Đàn bò", 66], ["Đàn lợn", 131]], []),
     ACTUAL, ['"Tổng đàn" = "gs"', '"Đại gia súc" = "dai"', *HERD_ROWS])

# The second reader: a cell that stands twice; and what is only the look of a cell.
twice = cells([["Chỉ tiêu", "Kế hoạch", "Thực hiện"], ["Đàn trâu", 120, 125], ["Đàn bò", 65, 66]])
write(
    "readers-disagree/fires-mot-o-ghi-hai-lan",
    "chan-nuoi.xlsx",
    xlsx(twice.replace('<c r="C2"><v>125</v></c>', '<c r="C2"><v>12</v></c><c r="C2"><v>125</v></c>')),
)
raised = '<is><r><t>Đàn trâu </t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></is>'
plain = cells([["Chỉ tiêu ", "Kế hoạch", "Thực hiện"], ["Đàn trâu", 120, 120.1], ["Đàn bò ", 65, 66]])
write(
    "readers-disagree/clean-dinh-dang-va-chu-nho",
    "chan-nuoi.xlsx",
    xlsx(plain.replace("<is><t>Đàn trâu</t></is>", raised).replace("<v>120.1</v>", "<v>120.09999999999999</v>")),
)
