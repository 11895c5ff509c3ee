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
