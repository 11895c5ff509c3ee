"""Writes the sheets of generate.py as .xlsb, which LibreOffice reads and does not write: the parts of
[MS-XLSB] that a reader needs, with the same cells, number formats and merged areas, and no formulas."""

import struct
import zipfile
from decimal import Decimal

KINDS = "application/vnd.ms-excel"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def varint(number, most):
    """A number in groups of seven bits, the lowest first."""
    out = bytearray()
    for _ in range(most):
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            break
    return bytes(out)


def record(kind, body=b""):
    """Kinds above 127 take two bytes, seven bits each."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + varint(len(body), 4) + body


def wide(text):
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def packed(value):
    """A whole number of 30 bits, or hundredths of one, as an RK number; None for others."""
    for flag, number in ((2, value), (3, value * 100)):
        if number == int(number) and -(2**29) <= number < 2**29:
            return struct.pack("<i", int(number) << 2 | flag)
    return None


def cell(at, style, value, strings):
    head = struct.pack("<II", at - 1, style)
    if value is None:
        return record(1, head)  # BrtCellBlank
    if isinstance(value, str):
        return record(7, head + struct.pack("<I", strings.setdefault(value, len(strings))))  # BrtCellIsst
    short = packed(Decimal(value))
    # BrtCellRk, BrtCellReal
    return record(2, head + short) if short else record(5, head + struct.pack("<d", float(value)))


def sheet_part(sheet, styles, strings, area):
    out = [record(129), record(145)]  # BrtBeginSheet, BrtBeginSheetData
    for row in sorted(sheet.rows):
        # BrtRowHdr: row, style, height in twentieths of a point, flags, one span of columns.
        out.append(record(0, struct.pack("<IIHHBIII", row - 1, 0, 330, 0, 0, 1, 0, 1023)))
        for at, value, style, _ in sorted(sheet.rows[row], key=lambda one: one[0]):
            out.append(cell(at, styles[style], value, strings))
    out.append(record(146))  # BrtEndSheetData
    out.append(record(177, struct.pack("<I", len(sheet.merges))))  # BrtBeginMergeCells
    out += [record(176, struct.pack("<IIII", *area(merged))) for merged in sheet.merges]  # BrtMergeCell
    return b"".join(out) + record(178) + record(130)  # BrtEndMergeCells, BrtEndSheet


def styles_part(formats, records):
    """`records` are the places of the formats of each style."""
    out = [record(278), record(615, struct.pack("<I", len(formats)))]  # BrtBeginStyleSheet, BrtBeginFmts
    out += [record(44, struct.pack("<H", 164 + at) + wide(code)) for at, code in enumerate(formats)]  # BrtFmt
    out += [record(616), record(617, struct.pack("<I", len(records)))]  # BrtEndFmts, BrtBeginCellXFs
    # BrtXF: parent, format, font, fill, border, rotation, indent, alignment and flags.
    out += [record(47, struct.pack("<HHHHHBBHH", 0, 164 + at, 0, 0, 0, 0, 0, 0, 0)) for at in records]
    return b"".join(out) + record(618) + record(279)  # BrtEndCellXFs, BrtEndStyleSheet


def save(path, sheets, styles, formats, records, area):
    strings = {}
    parts = [sheet_part(sheet, styles, strings, area) for sheet in sheets]
    bundle = b"".join(
        # BrtBundleSh: visible, number, relation, name.
        record(156, struct.pack("<II", 0, at) + wide(f"rId{at}") + wide(sheet.name))
        for at, sheet in enumerate(sheets, 1)
    )
    # BrtBeginBook, BrtBeginBundleShs, BrtEndBundleShs, BrtEndBook
    book = record(131) + record(143) + bundle + record(144) + record(132)
    texts = b"".join(record(19, b"\0" + wide(text)) for text in strings)  # BrtSSTItem
    # BrtBeginSst, BrtEndSst
    sst = record(159, struct.pack("<II", len(strings), len(strings))) + texts + record(160)
    relation = '<Relationship Id="rId{}" Type="' + LINKS + '/{}" Target="{}"/>'
    relations = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    last = len(sheets)
    own = [relation.format(at, "worksheet", f"worksheets/sheet{at}.bin") for at in range(1, last + 1)]
    own += [relation.format(last + 1, "sharedStrings", "sharedStrings.bin"), relation.format(last + 2, "styles", "styles.bin")]
    kinds = {"xl/workbook.bin": "sheet.binary.macroEnabled.main", "xl/sharedStrings.bin": "sharedStrings", "xl/styles.bin": "styles"}
    kinds |= {f"xl/worksheets/sheet{at}.bin": "worksheet" for at in range(1, last + 1)}
    override = "".join(f'<Override PartName="/{part}" ContentType="{KINDS}.{kind}"/>' for part, kind in kinds.items())
    files = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' + override + "</Types>",
        "_rels/.rels": relations.format(relation.format(1, "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": relations.format("".join(own)),
        **{f"xl/worksheets/sheet{at}.bin": part for at, part in enumerate(parts, 1)},
        "xl/sharedStrings.bin": sst,
        "xl/styles.bin": styles_part(formats, records),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2023, 11, 20, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
