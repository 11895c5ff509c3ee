#!/usr/bin/env python3
"""Makes the three sample folders next to this file.

    pip install -r samples/requirements.txt     (and LibreOffice, `soffice` on PATH)
    python samples/make.py

Every table below is drawn with openpyxl (xlwt for the .xls) and then opened and saved by
LibreOffice, because that is what office files are: formulas with cached values, styles as an
office program writes them, and no trace of the library that drew them.

The same tables make two folders. `pick(m, printed, mended)` is the only place where they
differ: `m` is False for luc-binh-2023 (figures as the office printed them, right or wrong)
and True for luc-binh-2023-da-sua (every mistake mended). README.md lists the differences.
Both have the same dirt in their texts (dirt.py).
"""

from __future__ import annotations

import datetime
import math
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl
import xlwt
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from dirt import soiled

HERE = Path(__file__).resolve().parent


def pick(m, printed, mended):
    return mended if m else printed


def pct(part, whole):
    """100 * part / whole, two decimals, half-up from the exact quotient."""
    q = Decimal(str(part)) * 100 / Decimal(str(whole))
    return float(q.quantize(Decimal("0.01"), ROUND_HALF_UP))


# --------------------------------------------------------------------------- drawing
# A Grid is a sheet before it has a file format: cells, merges, widths. Two small writers
# (openpyxl, xlwt) draw it, so that a table is written once whatever it ends up in.


@dataclass
class Style:
    size: int = 12
    bold: bool = False
    italic: bool = False
    h: str | None = None  # left, center, right
    wrap: bool = False
    border: bool = False
    fmt: str = "General"
    indent: int = 0


@dataclass
class Col:
    key: str
    path: tuple  # header texts from the top row down; equal neighbours are merged
    width: float
    h: str | None = None
    fmt: str | None = None  # None: by the decimals of each value


@dataclass
class Grid:
    name: str
    landscape: bool = True
    cells: dict = field(default_factory=dict)  # (row, col), 1-based -> (value, Style)
    merges: list = field(default_factory=list)  # (r1, c1, r2, c2)
    widths: dict = field(default_factory=dict)
    heights: dict = field(default_factory=dict)
    repeat: tuple | None = None  # header rows printed on every page
    at: dict = field(default_factory=dict)  # row id -> row number, for formulas
    cols: dict = field(default_factory=dict)  # column key -> letter

    def put(self, r, c, value, **style):
        self.cells[r, c] = (value, Style(**style))

    def merge(self, r1, c1, r2, c2, value, **style):
        for r in range(r1, r2 + 1):  # every cell of a merge has the border
            for c in range(c1, c2 + 1):
                self.put(r, c, None, **style)
        self.put(r1, c1, value, **style)
        if (r1, c1) != (r2, c2):
            self.merges.append((r1, c1, r2, c2))


def number_format(v):
    """What an officer would pick: thousands separated, as many decimals as were typed."""
    if isinstance(v, datetime.date):
        return "dd/mm"
    if isinstance(v, float) and v != int(v):
        return "#,##0." + "0" * len(str(v).split(".")[1])
    if isinstance(v, (int, float)):
        return "#,##0"
    return "General"


UBND = ("ỦY BAN NHÂN DÂN", "XÃ LỤC BÌNH")
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
DANG_UY = ("HUYỆN ỦY BẠCH THÔNG", "ĐẢNG ỦY XÃ LỤC BÌNH")
DANG = ("ĐẢNG CỘNG SẢN VIỆT NAM", None)
# A draft is filed before it has a number, so number and day are blank here, as they often are.
ATTACHED = "(Kèm theo Báo cáo số      /BC-UBND ngày     /11/2023 của UBND xã Lục Bình)"
ATTACHED_DU = "(Kèm theo Báo cáo số      -BC/ĐU ngày     /11/2023 của Đảng ủy xã Lục Bình)"
SIGN_UBND = ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
SIGN_DU = ["T/M ĐẢNG ỦY", "PHÓ BÍ THƯ"]


def sheet(name, title, cols, rows, *, unit_line=None, index=None, notes=(), party=False,
          split=None, landscape=True):
    """Title block, unit line, merged header, index row, data, notes, signatures."""
    g = Grid(name, landscape)
    n = len(cols)
    split = split or max(2, n // 2 - 1)  # where the left half of title and signature ends
    left, right = (DANG_UY, DANG) if party else (UBND, MOTTO)
    for i in range(2):
        g.merge(i + 1, 1, i + 1, split, left[i], bold=i == 1 or not party, h="center")
        if right[i]:
            g.merge(i + 1, split + 1, i + 1, n, right[i], bold=True, h="center")
    g.merge(4, 1, 4, n, title, size=14, bold=True, h="center")
    g.merge(5, 1, 5, n, ATTACHED_DU if party else ATTACHED, italic=True, h="center")
    g.heights[4] = 22
    r = 6
    if unit_line:
        first = max(1, n - 3)
        g.merge(r, first, r, n, unit_line, italic=True, h="right")
    r += 1
    r = header(g, r, cols)
    if index:
        for c, v in enumerate(index, 1):
            # A typed "(3)" is stored as -3 and shown through the format; a text stays a text.
            g.put(r, c, v, italic=True, size=11, h="center", border=True,
                  fmt=r"0_);\(0\)" if isinstance(v, int) else "General")
        r += 1
    r = body(g, r, cols, rows)
    for text in notes:
        g.merge(r, 1, r, n, text, italic=True, size=11)
        r += 1
    sign(g, r + 1, n, split, SIGN_DU if party else SIGN_UBND)
    return g


def header(g, top, cols, bold=True):
    """A header of any depth: equal neighbours merged across, short paths merged down."""
    depth = max(len(c.path) for c in cols)
    style = dict(bold=bold, h="center", wrap=True, border=True)
    for i, c in enumerate(cols):
        g.cols[c.key] = get_column_letter(i + 1)
        g.widths[i + 1] = c.width
        for level, text in enumerate(c.path):
            r = top + level
            if level == len(c.path) - 1:
                g.merge(r, i + 1, top + depth - 1, i + 1, text, **style)
            elif i == 0 or cols[i - 1].path[: level + 1] != c.path[: level + 1]:
                last = i
                while last + 1 < len(cols) and cols[last + 1].path[: level + 1] == c.path[: level + 1]:
                    last += 1
                g.merge(r, i + 1, r, last + 1, text, **style)
    for r in range(top, top + depth):
        g.heights[r] = 22
    g.repeat = (top, top + depth - 1)
    return top + depth


def body(g, r, cols, rows):
    for row in rows:
        kind = row.get("kind", "item")
        if "id" in row:
            g.at[row["id"]] = r
        for i, c in enumerate(cols, 1):
            v = row.get(c.key)
            text = isinstance(v, str) and not v.startswith("=")
            fmt = row.get("fmt", {}).get(c.key) or c.fmt or number_format(v)
            h = c.h or ("center" if text else "right")
            g.put(r, i, v, bold=kind != "item", border=True, wrap=text, h=h,
                  fmt="General" if text else fmt,
                  indent=1 if h == "left" and row.get("indent") else 0)
            if text:  # nothing measures wrapped text here, so the height is estimated
                lines = math.ceil(len(v) * (1.05 if kind != "item" else 0.95) / c.width)
                g.heights[r] = max(g.heights.get(r, 0), 17 * lines)
        r += 1
    return r


def sign(g, r, n, split, titles):
    g.merge(r, split + 1, r, n, "Lục Bình, ngày      tháng 11 năm 2023", italic=True, h="center")
    g.merge(r + 1, 1, r + 1, split, "NGƯỜI LẬP BIỂU", bold=True, h="center")
    for i, t in enumerate(titles, 1):
        g.merge(r + i, split + 1, r + i, n, t, bold=True, h="center")


REF = re.compile(r"\{(?:([^!{}]+)!)?(?:([\w-]+)\.)?(\w+)\}")


def resolve(grids):
    """{actual}: this row. {lua.actual}: the row called lua. {Vụ xuân!lua.actual}: another sheet.
    Rows are named, never counted, so that a table can grow."""
    by_name = {g.name: g for g in grids}
    for g in grids:
        for (r, c), (v, s) in g.cells.items():
            if isinstance(v, str) and v.startswith("="):
                def ref(mt):
                    other, row, col = mt.groups()
                    t = by_name[other] if other else g
                    cell = f"{t.cols[col]}{t.at[row] if row else r}"
                    return f"'{other}'!{cell}" if other else cell
                g.cells[r, c] = (REF.sub(ref, v), s)
    return grids


def soil(file, grid):
    """Puts the dirt of dirt.py into the texts of a grid."""
    places = sorted(grid.cells)
    texts = [v if isinstance(v := grid.cells[at][0], str) else None for at in places]
    for at, text in soiled(file, grid.name, texts).items():
        grid.cells[places[at]] = (text, grid.cells[places[at]][1])


# --------------------------------------------------------------------------- the common table

TH, TL = "Kết quả năm 2023", "Tỷ lệ %"


def columns(unit=True, nxt=True, label="Chỉ tiêu", label_width=38, money=False):
    w = 18 if money else 13
    cols = [Col("stt", ("TT",), 6, "center"), Col("label", (label,), label_width, "left")]
    if unit:
        cols.append(Col("unit", ("Đơn vị tính",), 14, "center"))
    cols += [Col("plan", ("Kế hoạch 2023",), w), Col("actual", (TH, "Thực hiện"), w),
             Col("ratio", (TH, TL), 11, None, "General")]
    if nxt:
        cols.append(Col("next", ("Kế hoạch 2024",), w))
    cols.append(Col("note", ("Ghi chú",), 20, "left"))
    return cols


RATIO = "=ROUND({actual}/{plan}*100,2)"


def table(m, rows, live=False):
    """Rows as tuples (id, STT, label, unit, plan, actual, printed ratio, next plan, note, kind).
    A mended printed ratio is a formula (`live`) or typed; what was not printed stays blank."""
    out = []
    for t in rows:
        t = tuple(t) + (None,) * (10 - len(t))
        d = dict(zip(("id", "stt", "label", "unit", "plan", "actual", "ratio", "next", "note"), t))
        if m and isinstance(d["ratio"], (int, float)):
            d["ratio"] = RATIO if live else pct(d["actual"], d["plan"])
        if d["id"] is None:
            del d["id"]
        d["kind"] = t[9] or "item"
        d["indent"] = str(d["label"]).startswith("-")
        out.append(d)
    return out


# --------------------------------------------------------------------------- trồng trọt

#          plan area, yield, output   actual area, yield, output   printed ratios     2024
XUAN = {
    "lua": ("Cây lúa", (175, 61.5, 1076.3), (175, 57.5, 1006.3), (100, 93.5), (175, 61, 1067.5)),
    "ngo": ("Cây ngô", (15, 47.5, 71.3), (18.1, 47.5, 85.97), (120.57, 120.57), (15, 47.5, 71.25)),
    "khoai": ("Cây khoai lang", (1, 67, 6.7), (1.27, 67, 8.5), (127, 126.86), None),
    "lac": ("Cây lạc", (1, 19, 1.9), (1.27, 19, 2.4), (127, 126.3), None),
    "rau": ("Rau các loại", (14, 130, 182), (12.01, 130, 156.1), (85.79, 85.77), None),
}
MUA = {
    "lua": ("Cây lúa", (195, 51.5, 1004.3), (193.77, 60, 1162.62), (None, 115.76), (194, 51, 989.4)),
    "ngo": ("Cây ngô", (15, 49, 73.5), (13.6, 49, 66.64), (90.7, 90.66), (15, 49, 73.5)),
    "khoai": ("Cây khoai lang", (1, 67, 6.7), (1.15, 67, 7.7), (115, 115), None),
    "lac": ("Cây lạc", (1, 19, 1.9), (1.2, 19, 2.28), (120, 120), None),
    "rau": ("Rau các loại", (18, 130, 234), (16.57, 130, 215.4), (92.05, 92.05), None),
}


def season(m, name, crops, title, pad, index=None, notes=()):
    rows = []
    for i, (key, (crop, plan, actual, ratio, nxt)) in enumerate(crops.items(), 1):
        nxt = nxt or (None, None, None)
        # A crop is a heading without values; only its children hold numbers, and their labels
        # repeat, so a label is unique only together with the crop above it.
        rows.append((None, i, crop, *[None] * 6, "heading"))
        for j, (measure, unit) in enumerate((("Diện tích", "ha"), ("Năng suất", "tạ/ha"), ("Sản lượng", "tấn"))):
            printed = (ratio[0], None, ratio[1])[j]
            rows.append((f"{key}_{'dns'[j]}", None, pad + measure, unit, plan[j], actual[j], printed, nxt[j]))
    total = "={lua_s.%s}+{ngo_s.%s}"
    rows.append(("hat", None, f"Sản lượng lương thực có hạt {name.lower()}", "tấn",
                 *[total % (k, k) for k in ("plan", "actual")], None, total % ("next", "next"), None, "total"))
    rows = table(m, rows, live=True)
    rows[-1]["fmt"] = dict.fromkeys(("plan", "actual", "next"), "#,##0.00")
    return sheet(name, title, columns(), rows, index=index, notes=notes, landscape=False)


def trong_trot(m):
    xuan = season(m, "Vụ xuân", XUAN, "KẾT QUẢ SẢN XUẤT TRỒNG TRỌT VỤ XUÂN NĂM 2023", "   ",
                  notes=["Ghi chú: năng suất kế hoạch tính từ sản lượng và diện tích kế hoạch giao."])
    # The index row of this sheet was typed as (1) (2) ...: stored as -1, -2 ...
    mua = season(m, "Vụ mùa", MUA, "KẾT QUẢ SẢN XUẤT TRỒNG TRỌT VỤ MÙA NĂM 2023", "- ",
                 index=[-i for i in range(1, 9)],
                 notes=["Ghi chú: năng suất, sản lượng khoai lang, lạc, rau vụ mùa là số ước."])

    both = lambda id, col: "={Vụ xuân!%s.%s}+{Vụ mùa!%s.%s}" % (id, col, id, col)

    def year(id, label, unit, ratio, nxt):
        return (id, None, label, unit, both(id, "plan"), both(id, "actual"), ratio, nxt)

    def head(n, crop):
        return (None, n, crop, *[None] * 6, "heading")

    hat = lambda col: "={lua_s.%s}+{ngo_s.%s}" % (col, col)
    rows = table(m, [
        head(1, "Cây lúa"),
        year("lua_d", "Diện tích", "ha", 99.67, both("lua_d", "next")),
        # The report gives 2.057 t of paddy for 2024, the seasons give 2.056,9.
        year("lua_s", "Sản lượng", "tấn", None, pick(m, 2057, both("lua_s", "next"))),
        (None, None, "- Diện tích giảm do chuyển đổi cơ cấu cây trồng", "ha", None, "={giam_a.actual}+{giam_b.actual}"),
        ("giam_a", None, "  + Thôn Nà Nghịu (năm 2022)", "ha", None, 0.95),
        ("giam_b", None, "  + Thôn Nà Chuông, thôn Bắc Lanh Chang (trồng táo năm 2023)", "ha", None, 0.28),
        head(2, "Cây ngô"),
        year("ngo_d", "Diện tích", "ha", 105.66, both("ngo_d", "next")),
        year("ngo_s", "Sản lượng", "tấn", None, both("ngo_s", "next")),
        # Typed in the office's file, and not what its parts add up to (2.321,53).
        ("hat", None, "Tổng sản lượng lương thực có hạt", "tấn", pick(m, 2225.4, hat("plan")),
         pick(m, 2352.97, hat("actual")), 105.73, pick(m, 2201.75, hat("next")), None, "total"),
        (None, None, "Bình quân lương thực đầu người", "kg/người/năm", 803, 874, 101.1, 817),
        head(3, "Cây khoai lang"),
        year("khoai_d", "Diện tích", "ha", 121, 5),
        year("khoai_s", "Sản lượng", "tấn", None, None),
        head(4, "Cây lạc"),
        year("lac_d", "Diện tích", "ha", 123.5, 2),
        year("lac_s", "Sản lượng", "tấn", None, None),
        head(5, "Rau các loại"),
        year("rau_d", "Diện tích", "ha", 89.31, 32),
        year("rau_s", "Sản lượng", "tấn", None, None),
        (None, 6, "Cây gừng", "ha", 1, 1.01, 101, 1),
        (None, 7, "Cây nghệ", "ha", None, 1.47, None, 1),
        (None, 8, "Cây khoai sọ", "ha", None, 1.8, None, None, "Đang thu hoạch"),
        (None, 9, "Cây sắn", "ha", None, 1.53),
        (None, 10, "Cây đậu đỗ", "ha", None, None, None, 1),
        (None, 11, "Cây chuối", "ha", None, None, None, 5),
        (None, 12, "Cải tạo, thâm canh cây chè", "ha", None, None, None, 0.2),
        (None, 13, "Mô hình 100 triệu đồng/ha", "ha", 35, 35, 100, "35 trở lên"),
    ], live=True)
    for row in rows:
        row["fmt"] = {k: "#,##0.00" for k in ("plan", "actual", "next")
                      if isinstance(row.get(k), str) and row[k].startswith("=")}
    nam = sheet("Cả năm", "KẾT QUẢ SẢN XUẤT TRỒNG TRỌT CẢ NĂM 2023", columns(), rows,
                index=["(1)", "(2)", "(3)", "(4)", "(5)", "(6)=(5)/(4)", "(7)", "(8)"], landscape=False,
                notes=["(1) Gồm cả diện tích trồng xen."])
    return [xuan, mua, nam]


# --------------------------------------------------------------------------- chăn nuôi, thủy sản

def chan_nuoi(m):
    live = table(m, [
        (None, "I", "Tổng đàn (thời điểm 01/10/2023)", *[None] * 6, "section"),
        (None, 1, "Đàn trâu", "con", 475, 442, 93.1, 475),
        (None, 2, "Đàn bò", "con", 50, 66, 132, 50),
        (None, 3, "Đàn lợn", "con", 400, 479, 120, 900),
        (None, 4, "Đàn dê", "con", 204, 422, 207, 500),
        (None, 5, "Đàn gia cầm, thủy cầm", "con", 26000, 14011, 53.9, 56000),
        (None, "II", "Xuất bán, giết thịt", *[None] * 6, "section"),
        (None, 1, "Trâu", "con", None, None, None, 135),
        (None, 2, "Bò", "con", None, None, None, 16),
        (None, 3, "Lợn", "con", None, None, None, 360),
        (None, 4, "Dê", "con", None, None, None, 200),
        (None, 5, "Gia cầm", "con", None, None, None, 32000),
        (None, "III", "Sản lượng thịt hơi xuất chuồng các loại", "tấn", None, None, None, 138.27, None, "total"),
    ], live=True)
    fish = table(m, [
        (None, 1, "Nuôi trồng thủy sản", *[None] * 6, "heading"),
        (None, None, "- Diện tích", "ha", 19, 18.6, 97.89, 19, "Giảm 0,4 ha do chuyển sang trồng lúa"),
        (None, None, "- Năng suất", "tạ/ha", 20, 20, None, 20),
        (None, None, "- Sản lượng", "tấn", 38, 37.2, 97.89, 38),
    ], live=True)
    # Sheet tabs were never drawn in .VnTime, so such files name their sheets without accents.
    return [sheet("Chan nuoi", "KẾT QUẢ CHĂN NUÔI NĂM 2023", columns(), live),
            sheet("Thuy san", "KẾT QUẢ NUÔI TRỒNG THỦY SẢN NĂM 2023", columns(), fish)]


# --------------------------------------------------------------------------- tiêm phòng
# The report gives only the sums (last line); the split over the eight villages is invented.

ROUNDS = [("t1", "Đợt 1", "THT"), ("l1", "Đợt 1", "LMLM"), ("d1", "Đợt 1", "Dại chó"),
          ("t2", "Đợt 2", "THT"), ("l2", "Đợt 2", "LMLM")]
VILLAGES = [
    ("Nà Nghịu", (52, 47), (52, 46), (56, 52), (52, 25), (52, 24)),
    ("Nà Chuông", (41, 36), (41, 36), (45, 41), (41, 18), (41, 18)),
    ("Bản Piêng", (38, 34), (38, 34), (41, 38), (38, 16), (38, 17)),
    ("Cao Lộc", (47, 41), (47, 42), (52, 47), (47, 22), (47, 22)),
    ("Lũng Chang", (45, 40), (45, 40), (49, 45), (45, 20), (45, 20)),
    ("Pác Chang", (40, 35), (40, 36), (43, 39), (40, 17), (40, 17)),
    ("Bắc Lanh Chang", (44, 39), (44, 38), (48, 45), (44, 20), (44, 20)),
    ("Nam Lanh Chang", (43, 38), (43, 38), (46, 42), (43, 19), (43, 19)),
]  # sums:            350 310   350 310   380 349   350 157   350 157
PRINTED_ROUNDS = [88.57, 88.57, 91.84, 44.85, 44.85]


def tiem_phong(m):
    cols = [Col("stt", ("TT",), 5, "center"), Col("label", ("Thôn",), 20, "left")]
    for key, rnd, vaccine in ROUNDS:
        cols += [Col(key + "p", (rnd, vaccine, "Kế hoạch"), 11), Col(key + "a", (rnd, vaccine, "Thực hiện"), 11)]
    cols.append(Col("note", ("Ghi chú",), 12, "left"))
    rows = []
    for i, (village, *doses) in enumerate(VILLAGES, 1):
        row = {"id": f"v{i}", "stt": i, "label": village}
        for (key, _, _), (plan, actual) in zip(ROUNDS, doses):
            row[key + "p"], row[key + "a"] = plan, actual
        rows.append(row)
    total = {"id": "tong", "label": "Tổng cộng", "kind": "total", "fmt": {}}
    ratio = {"label": "Tỷ lệ %", "kind": "total", "fmt": {}}
    for (key, _, _), printed in zip(ROUNDS, PRINTED_ROUNDS):
        for k in (key + "p", key + "a"):
            total[k] = "=SUM({v1.%s}:{v%d.%s})" % (k, len(VILLAGES), k)
            total["fmt"][k] = "#,##0"
        ratio[key + "a"] = pick(m, printed, "=ROUND({tong.%sa}/{tong.%sp}*100,2)" % (key, key))
        ratio["fmt"][key + "a"] = "General"
    return [sheet("Tiêm phòng", "KẾT QUẢ TIÊM PHÒNG GIA SÚC NĂM 2023", cols, rows + [total, ratio],
                  unit_line="Đơn vị tính: liều", split=5,
                  notes=["Ghi chú: THT: tụ huyết trùng trâu, bò; LMLM: lở mồm long móng trâu, bò. "
                         "Đợt 2 tính đến ngày 31/10/2023.",
                         "¹ Chó nuôi của các hộ, không tính chó của cơ quan, đơn vị."])]


# --------------------------------------------------------------------------- lâm nghiệp

def lam_nghiep(m):
    rows = table(m, [
        (None, 1, "Trồng lại rừng sau khai thác", "ha", 20, 22.072, 110.36, 20),
        (None, 2, "Khai thác gỗ rừng trồng (gỗ mỡ)", "m3", None, 447.262, None, 1200),
        (None, 3, "Tết trồng cây", "cây", None, 170),
    ])
    # "Cộng đồng dân cư" begins like "Cộng" and is no total.
    bvr = [
        {"id": "a", "stt": 1, "label": "Cộng đồng dân cư 03 thôn", "lo": 141, "ha": 953.07},
        {"stt": 2, "label": "Hộ gia đình (71 hộ)", "lo": 88, "ha": 76.06},
        {"id": "b", "stt": 3, "label": "Không ký hợp đồng (01 trường hợp)", "lo": 1, "ha": 0.36},
        {"label": "Cộng", "lo": "=SUM({a.lo}:{b.lo})", "ha": "=SUM({a.ha}:{b.ha})", "kind": "total",
         "fmt": {"lo": "#,##0", "ha": "#,##0.00"}},
    ]
    cols = [Col("stt", ("TT",), 6, "center"), Col("label", ("Đối tượng nhận khoán",), 40, "left"),
            Col("lo", ("Kết quả năm 2023", "Số lô"), 14), Col("ha", ("Kết quả năm 2023", "Diện tích (ha)"), 16),
            Col("note", ("Ghi chú",), 24, "left")]
    return [sheet("Lâm nghiệp", "KẾT QUẢ SẢN XUẤT LÂM NGHIỆP NĂM 2023", columns(), rows,
                  notes=["(*) Cây phân tán, trồng dịp Tết Nguyên đán Quý Mão."]),
            sheet("Giao khoán BVR", "KẾT QUẢ GIAO KHOÁN BẢO VỆ RỪNG NĂM 2023", cols, bvr)]


# --------------------------------------------------------------------------- thu, chi ngân sách
# In thousands of đồng, so 163.248.704 đồng is 163248.704 here.

def ngan_sach(m):
    # One year, two expenditure plans: 10.842.647.794 and 10.557.110.040 đồng. Mended: the second
    # in both rows, as the estimate for the year was made against it.
    chi_plan = pick(m, 10842647.794, 10557110.04)
    rows = table(m, [
        (None, "I", "Thu ngân sách", None, None, None, None, None, None, "section"),
        (None, 1, "Thu NSNN trên địa bàn", None, 130000, 163248.704, 125.58, 160000, "Đến 24/11/2023"),
        (None, "II", "Chi ngân sách", None, None, None, None, None, None, "section"),
        (None, 1, "Chi ngân sách xã (đến 24/11/2023)", None, chi_plan, 8334794.135, 76.87),
        (None, 2, "Ước chi ngân sách cả năm", None, 10557110.04, 10529372.182, 99.74),
        (None, "III", "Phí chợ", None, None, None, None, None, "Đến 24/11/2023", "section"),
        ("thu", 1, "Thu phí chợ", None, None, 19373.497),
        ("chi", 2, "Chi phí chợ", None, None, 14545.639),
        (None, 3, "Tồn quỹ", None, None, "={thu.actual}-{chi.actual}"),
    ], live=True)
    for row in rows:
        row["fmt"] = {k: "#,##0.000" for k in ("plan", "actual", "next")}
    projects = table(m, [
        (None, "I", "CTMTQG phát triển KT-XH vùng đồng bào DTTS và miền núi", *[None] * 6, "section"),
        ("a", 1, "Dự án 1: Hỗ trợ nước sinh hoạt phân tán (40 hộ)", None, 120000, 118960, 99.13),
        (None, 2, "Dự án 3: Chăn nuôi trâu sinh sản (26 con/26 hộ)", None, None, 605826),
        (None, 3, "Dự án 4: Xây dựng nhà văn hóa thôn (04 thôn)", None, 2600000, 2473963.3, 95.15),
        (None, 4, "Dự án 4: Duy tu nhà văn hóa thôn Cao Lộc", None, None, 123553.204),
        (None, "II", "CTMTQG giảm nghèo bền vững", *[None] * 6, "section"),
        (None, 1, "Hỗ trợ nhà ở cho hộ nghèo (08 hộ)", None, None, 416400),
        (None, 2, "Dự án chăn nuôi dê sinh sản", None, None, 485888),
        (None, "III", "CTMTQG xây dựng nông thôn mới", *[None] * 6, "section"),
        (None, 1, "Đường hoa 783 m (Nà Nghịu, Bắc Lanh Chang, Cao Lộc)", None, None, 49980),
        (None, "IV", "Dự án khác", *[None] * 6, "section"),
        ("b", 1, "BftW: đường giao thông Nà Cại, thôn Cao Lộc (195 m)", None, None, 80000),
        (None, None, "Tổng cộng", None, None, "=SUM({a.actual}:{b.actual})", None, None, None, "total"),
    ], live=True)
    for row in projects:
        row["fmt"] = {k: "#,##0.000" for k in ("plan", "actual")}
    unit = "Đơn vị tính: nghìn đồng"
    cols = lambda nxt, w: columns(unit=False, nxt=nxt, label="Nội dung", label_width=w, money=True)
    return [sheet("Thu chi", "TÌNH HÌNH THU, CHI NGÂN SÁCH XÃ NĂM 2023", cols(True, 40), rows, unit_line=unit),
            sheet("CTMTQG", "KẾT QUẢ GIẢI NGÂN CÁC CHƯƠNG TRÌNH, DỰ ÁN NĂM 2023", cols(False, 56), projects,
                  unit_line=unit)]


# --------------------------------------------------------------------------- văn hóa - xã hội

GIFTS = [
    ("Quà của Chủ tịch nước tặng người có công", 43, 13800000),
    ("Quà theo Nghị quyết 01 của HĐND tỉnh tặng người có công", 43, 9200000),
    ("Quỹ Thiện Tâm", 30, 18000000),
    ("Chương trình Tết nhân ái", 12, 4800000),
    ("Quỹ Vì người nghèo tỉnh", 67, 13400000),
    ("Ngân hàng BIDV chi nhánh Bắc Kạn", 10, 5000000),
    ("Quỹ Vì người nghèo huyện", 2, 800000),
]


def van_hoa(m):
    culture = table(m, [
        (None, 1, "Khu dân cư đạt danh hiệu \"Khu dân cư văn hóa\"", "thôn", 8, 8, 100, pick(m, "8/8", 8)),
        (None, 2, "Số hộ đạt danh hiệu \"Gia đình văn hóa\"", "hộ", 676, 597, 88.31),
        (None, 3, "Tỷ lệ hộ đạt danh hiệu \"Gia đình văn hóa\"", "%", 90, 88.31, 98.12, "từ 90 trở lên"),
        (None, 4, "Số hộ đạt gia đình văn hóa 3 năm liên tục", "hộ", 597, 178, 29.81),
        (None, 5, "Số hộ có điện thoại thông minh", "hộ", 676, 639, 94.5),
    ])
    gifts = [{"id": f"g{i}", "stt": i, "label": t, "n": n, "vnd": v} for i, (t, n, v) in enumerate(GIFTS, 1)]
    gifts.append({"label": "Tổng cộng", "kind": "total", "fmt": {"n": "#,##0", "vnd": "#,##0"},
                  **{k: "=SUM({g1.%s}:{g%d.%s})" % (k, len(GIFTS), k) for k in ("n", "vnd")}})
    gift_cols = [Col("stt", ("TT",), 6, "center"), Col("label", ("Nguồn quà",), 54, "left"),
                 Col("n", ("Số suất",), 12), Col("vnd", ("Số tiền (đồng)",), 20), Col("note", ("Ghi chú",), 20, "left")]

    # In the report the commune's criteria 10 and 11 have each other's names (QĐ 318/QĐ-TTg:
    # 10 is income, 11 is poverty).
    names = pick(m, "10 (nghèo đa chiều); 11 (thu nhập)", "10 (thu nhập); 11 (nghèo đa chiều)")
    ntm = [
        {"stt": "I", "label": "Xã Lục Bình", "all": 19, "met": 15, "kind": "section",
         "list": f"6 (cơ sở vật chất văn hóa); {names}; 18 (hệ thống chính trị và tiếp cận pháp luật)"},
        {"stt": "II", "label": "Thôn về đích năm 2023", "kind": "section"},
        {"stt": 1, "label": "Bắc Lanh Chang", "all": 19, "met": 18, "list": "19"},
        {"stt": 2, "label": "Nam Lanh Chang", "all": 19, "met": 17, "list": "7; 10"},
        {"stt": 3, "label": "Nà Nghịu", "all": 19, "met": 16, "list": "10; 11; 12"},
        {"stt": 4, "label": "Pác Chang", "all": 19, "met": 15, "list": "7; 10; 11; 16"},
    ]
    for row in ntm:
        if "all" in row:
            row["left"] = "={all}-{met}"
            row["fmt"] = {"left": "0"}
    ntm_cols = [Col("stt", ("TT",), 6, "center"), Col("label", ("Xã, thôn",), 28, "left"),
                Col("all", ("Số tiêu chí", "Tổng số"), 12), Col("met", ("Số tiêu chí", "Đạt"), 12),
                Col("left", ("Số tiêu chí", "Chưa đạt"), 12), Col("list", ("Tiêu chí chưa đạt",), 52, "left")]

    # Counts have no plan for the year, so these two sheets have a header of one row.
    counts = [Col("actual", ("Thực hiện 2023",), 14) if c.key == "actual" else c
              for c in columns(label_width=50) if c.key not in ("plan", "ratio")]
    health = [{"stt": i, "label": t, "unit": u, "actual": v} for i, (t, u, v) in enumerate([
        ("Lượt khám, cấp phát thuốc", "lượt", 2955),
        ("Tiêm vắc xin Covid-19 trẻ 5-11 tuổi", "liều", 3),
        ("Tiêm vắc xin Covid-19 người trên 18 tuổi", "liều", 7),
        ("Khám sức khỏe người cao tuổi", "lượt", 232),
        ("Khám sàng lọc các bệnh về mắt", "lượt", 306),
        ("Sinh con thứ 3 trở lên", "trường hợp", 3)], 1)]
    health += [
        {"stt": 7, "label": "Tỷ lệ trẻ em dưới 5 tuổi suy dinh dưỡng", "unit": "%", "next": "dưới 10"},
        {"stt": 8, "label": "Trẻ em dưới 1 tuổi tiêm đủ 8 loại vắc xin", "unit": "%", "next": 100},
    ]

    def n(stt, label, unit, actual, id=None, nxt=None):
        d = {"stt": stt, "label": label, "unit": unit, "actual": actual, "next": nxt,
             "fmt": {"actual": "#,##0"}, "indent": label.startswith("-")}
        if id:
            d["id"] = id
        return d
    tk, hs = "tài khoản", "hồ sơ"
    e_gov = [
        n(1, "Tài khoản định danh điện tử đã cấp", tk, "={m1.actual}+{m2.actual}"),
        n("a", "Mức độ 1", tk, "={m1a.actual}+{m1b.actual}", "m1"),
        n(None, "- Đã kích hoạt", tk, 737, "m1a"),
        n(None, "- Chưa kích hoạt", tk, 97, "m1b"),
        n("b", "Mức độ 2", tk, "={m2a.actual}+{m2b.actual}", "m2"),
        n(None, "- Đã kích hoạt", tk, 686, "m2a"),
        n(None, "- Chưa kích hoạt", tk, 59, "m2b"),
        n(2, "Thu nhận hồ sơ cấp CCCD", hs, "=SUM({c1.actual}:{c3.actual})"),
        n(None, "- Cấp mới", hs, 9, "c1"),
        n(None, "- Cấp lại", hs, 4),
        n(None, "- Cấp đổi", hs, 6, "c3"),
        n(3, "Tài khoản trên Cổng dịch vụ công quốc gia", tk, 663),
        n(4, "Hồ sơ TTHC mới tiếp nhận trong kỳ", hs, "={t1.actual}+{t2.actual}", "moi"),
        n(None, "- Trực tuyến", hs, 97, "t1"),
        n(None, "- Trực tiếp, qua dịch vụ BCCI", hs, 595, "t2"),
        n(5, "Hồ sơ TTHC kỳ trước chuyển qua", hs, 1, "cu"),
        n(6, "Hồ sơ TTHC đã giải quyết", hs, 688, "xong"),
        n(None, "- Trong đó: quá hạn", hs, 1),
        n(7, "Hồ sơ TTHC đang giải quyết", hs, "={moi.actual}+{cu.actual}-{xong.actual}"),
        n(8, "Tỷ lệ hồ sơ TTHC toàn trình", "%", None, None, "từ 30 trở lên"),
        # A line of its own: the 595 above counts desk and post together, the plan only post.
        n(9, "Hồ sơ qua dịch vụ BCCI", hs, None, None, "từ 2 đến 5"),
    ]
    return [
        sheet("Văn hóa", "KẾT QUẢ CÔNG TÁC VĂN HÓA NĂM 2023", columns(label_width=46), culture),
        sheet("Quà Tết", "TẶNG QUÀ DỊP TẾT NGUYÊN ĐÁN QUÝ MÃO 2023", gift_cols, gifts),
        sheet("Nông thôn mới", "KẾT QUẢ RÀ SOÁT TIÊU CHÍ NÔNG THÔN MỚI NĂM 2023", ntm_cols, ntm),
        sheet("Y tế", "KẾT QUẢ CÔNG TÁC Y TẾ - DÂN SỐ NĂM 2023", counts, health),
        sheet("Đề án 06 - TTHC", "KẾT QUẢ ĐỀ ÁN 06 VÀ GIẢI QUYẾT TTHC NĂM 2023", counts, e_gov,
              notes=["Ghi chú: hồ sơ TTHC tính từ ngày 15/12/2022 đến ngày 24/11/2023."], landscape=False),
    ]


# --------------------------------------------------------------------------- hộ nghèo

def ho_ngheo(m):
    share = lambda printed: pick(m, printed, "=ROUND({actual}/{ho.actual}*100,2)")
    rows = [
        {"id": "ho", "stt": 1, "label": "Tổng số hộ", "unit": "hộ", "actual": 676},
        {"id": "ngheo", "stt": 2, "label": "Hộ nghèo", "unit": "hộ", "actual": 60, "ratio": share(8.7)},
        {"id": "can", "stt": 3, "label": "Hộ cận nghèo", "unit": "hộ", "actual": 58, "ratio": share(8.6)},
        {"stt": 4, "label": "Nghèo đa chiều (hộ nghèo + hộ cận nghèo)", "unit": "hộ",
         "actual": "={ngheo.actual}+{can.actual}", "ratio": share(17.72), "fmt": {"actual": "#,##0"}},
        # Typed with a stray space, so the cell is text.
        {"stt": 5, "label": "Thu nhập bình quân", "unit": "triệu đồng/người", "actual": pick(m, "35, 27", 35.27)},
    ]
    top = "Kết quả rà soát năm 2023"
    cols = [Col("stt", ("TT",), 6, "center"), Col("label", ("Chỉ tiêu",), 44, "left"),
            Col("unit", ("Đơn vị tính",), 18, "center"), Col("actual", (top, "Số lượng"), 14),
            Col("ratio", (top, "Tỷ lệ %"), 14, None, "General"), Col("note", ("Ghi chú",), 22, "left")]
    return [sheet("Hộ nghèo", "KẾT QUẢ RÀ SOÁT HỘ NGHÈO, HỘ CẬN NGHÈO NĂM 2023", cols, rows)]


# --------------------------------------------------------------------------- giáo dục

CLASSES = [
    ("Bậc Tiểu học", "Cộng tiểu học", [("Khối 1", 2, 35), ("Khối 2", 2, 44), ("Khối 3", 1, 48),
                                       ("Khối 4", 1, 36), ("Khối 5", 2, 38)]),
    ("Bậc Mầm non", "Cộng mầm non", [("Nhóm trẻ", 2, 41), ("Mẫu giáo 3 tuổi", 2, 30),
                                     ("Mẫu giáo 4 tuổi", 2, 46), ("Mẫu giáo 5 tuổi", 2, 40)]),
]


def giao_duc(m):
    rows = []
    for s, (level, total, classes) in enumerate(CLASSES):
        rows.append({"stt": ("I", "II")[s], "label": level, "kind": "section"})
        for i, (label, lop, em) in enumerate(classes, 1):
            rows.append({"id": f"{s}_{i}", "stt": i, "label": label, "lop": lop, "em": em})
        rows.append({"label": total, "kind": "total", "fmt": {"lop": "#,##0", "em": "#,##0"},
                     **{k: "=SUM({%d_1.%s}:{%d_%d.%s})" % (s, k, s, len(classes), k) for k in ("lop", "em")}})
    top = "Năm học 2023-2024"
    class_cols = [Col("stt", ("TT",), 6, "center"), Col("label", ("Khối, lớp",), 34, "left"),
                  Col("lop", (top, "Số lớp (lớp)"), 16), Col("em", (top, "Số học sinh (em)"), 18),
                  Col("note", ("Ghi chú",), 24, "left")]

    # 128 normal + 9 undernourished + 0 overweight is 137 of 136. The 9 stands in two more figures
    # (6,6% twice), so the mended file counts 127.
    normal = pick(m, 128, 127)
    children = 136
    kids = lambda id, stt, label, k, printed: {
        "id": id, "stt": stt, "label": label, "unit": "trẻ", "actual": k, "indent": label.startswith("-"),
        "ratio": pick(m, printed, None if printed is None else pct(k, children))}
    nursery = [
        kids("tong", 1, "Tổng số trẻ", children, None),
        kids("bt", 2, "Trẻ phát triển bình thường", normal, 94.1),
        kids("sdd", 3, "Trẻ suy dinh dưỡng", 9, 6.6),
        kids("nc", None, "- Thể nhẹ cân", 7, 5.1),
        kids("tc", None, "- Thể thấp còi", 9, 6.6),
        kids("bp", 4, "Trẻ thừa cân, béo phì", 0, None),
        kids("dat", 5, "Trẻ đạt yêu cầu về kiến thức", 131, 96.3),
        {"stt": 6, "label": "Trẻ chưa đạt yêu cầu về kiến thức", "unit": "trẻ",
         "actual": "={tong.actual}-{dat.actual}", "fmt": {"actual": "0"}},
    ]
    primary = [{"stt": i, "label": t, "unit": "em", "actual": v} for i, (t, v) in enumerate([
        ("Tổng số học sinh tiểu học", 203), ("Học sinh khuyết tật học hòa nhập", 1),
        ("Học sinh được đánh giá", 202), ("Huy động trẻ vào lớp 1", 43)], 1)]
    y = "Năm học 2022-2023"
    cols = [Col("stt", ("TT",), 6, "center"), Col("label", ("Chỉ tiêu",), 42, "left"),
            Col("unit", ("Đơn vị tính",), 14, "center"), Col("actual", (y, "Số lượng"), 14),
            Col("ratio", (y, "Tỷ lệ %"), 14, None, "General"), Col("note", ("Ghi chú",), 22, "left")]
    return [
        sheet("2023-2024", "QUY MÔ TRƯỜNG, LỚP NĂM HỌC 2023-2024", class_cols, rows),
        sheet("Mầm non 2022-2023", "KẾT QUẢ CHĂM SÓC, GIÁO DỤC TRẺ MẦM NON", cols, nursery,
              notes=["Ghi chú: một trẻ có thể vừa nhẹ cân vừa thấp còi."]),
        sheet("Tiểu học 2022-2023", "KẾT QUẢ GIÁO DỤC TIỂU HỌC",
              [c for c in cols if c.key != "ratio"], primary, split=2),
    ]


# --------------------------------------------------------------------------- xây dựng Đảng

def xay_dung_dang(m):
    forecast = pick(m, "(Dự kiến Đạt)", None)
    rows = [
        # "04/06" (4 of 6) was typed; the spreadsheet made it the fourth of June.
        (None, 1, "Kết nạp đảng viên", "đảng viên", 6, pick(m, datetime.date(2023, 6, 4), 4), 66.7, 7,
         "Đề nghị kết nạp 02 quần chúng (đã nộp hồ sơ)"),
        (None, 2, "Kết nạp đảng viên (ước cả năm)", "đảng viên", 6, 6, 100, None, forecast),
        (None, 3, "Cử quần chúng ưu tú học lớp nhận thức về Đảng", "quần chúng", 12, 11, 91.66),
        (None, 4, "Chi bộ HTTNV trở lên", "%", 90, 90, 100, 90, forecast),
        # 92,5 is invented: ">90" is no result, and the report gives no other figure.
        (None, 5, "Đảng viên HTTNV trở lên", "%", ">90", pick(m, ">90", 92.5), pick(m, 100, "-"), "Trên 90", forecast),
        (None, 6, "Tổng số đảng viên", "đảng viên", None, "={ct.actual}+{db.actual}"),
        ("ct", None, "- Đảng viên chính thức", "đảng viên", None, 163),
        ("db", None, "- Đảng viên dự bị", "đảng viên", None, 7),
        (None, 7, "Chuyển đến", "đảng viên", None, 11),
        (None, 8, "Chuyển đi", "đảng viên", None, 6),
        (None, 9, "Từ trần", "đảng viên", None, 2),
        (None, 10, "Chuyển đảng chính thức", "đảng viên", None, 4),
        (None, 11, "Miễn sinh hoạt Đảng", "đảng viên", None, 26),
        (None, 12, "Dự hội nghị học tập và làm theo Bác", "người", 137, 113),
    ]
    if m:
        rows = [(t[0], t[1] - (t[1] > 2) if t[1] else None, *t[2:]) for t in rows if t[1] != 2]
    rows = table(m, rows)
    for row in rows:
        if row["label"].startswith("Tổng"):
            row["fmt"] = {"actual": "0"}
    return [sheet("Đảng viên", "KẾT QUẢ CÔNG TÁC XÂY DỰNG ĐẢNG NĂM 2023", columns(label_width=46), rows, party=True)]


# --------------------------------------------------------------------------- quốc phòng (CSV)

def quoc_phong(m):
    """`;`, BOM, CRLF, a title and a blank line first, decimal commas: as statistics portals give it."""
    vi = lambda v: "" if v is None else str(v).replace(".", ",")
    # 17 of the 18 who were examined; the report prints 17/17.
    fit_plan, fit_ratio = pick(m, (17, 100), (18, pct(17, 18)))
    rows = [
        ("Nhập ngũ (3 quân sự, 3 công an nghĩa vụ)", "công dân", 6, 6, 100, None),
        ("Tuyển quân", "%", 100, 100, 100, 100),
        ("Bồi dưỡng kiến thức QPAN cho các đối tượng", "%", 100, 100, 100, None),
        ("Khám sơ tuyển nghĩa vụ quân sự năm 2024", "công dân", 18, 18, 100, None),
        ("Đủ điều kiện khám tại huyện", "công dân", fit_plan, 17, fit_ratio, None),
    ]
    lines = ["KẾT QUẢ CÔNG TÁC QUỐC PHÒNG NĂM 2023", "",
             "TT;Chỉ tiêu;Đơn vị tính;Kế hoạch 2023;Thực hiện;Tỷ lệ %;Kế hoạch 2024;Ghi chú"]
    for i, (label, unit, *numbers) in enumerate(rows, 1):
        lines.append(";".join([str(i), label, unit, *map(vi, numbers), ""]))
    fields = [line.split(";") for line in lines]
    places = [(row, at) for row, line in enumerate(fields) for at in range(len(line))]
    for at, text in soiled("quoc-phong.csv", "CSV", [fields[r][c] for r, c in places]).items():
        row, column = places[at]
        fields[row][column] = text
    lines = [";".join(line) for line in fields]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


# --------------------------------------------------------------------------- the appendix as submitted
# Copied from the report's last pages, mistakes and spelling included; 2225.4 here is 2.225,4 there.

APPENDIX = [
    ("I", "CHỈ TIÊU KINH TẾ", [
        ("Diện tích trồng lúa cả năm", "Ha", 370, 368.77, 99.67, "Không đạt"),
        ("Diện tích trồng ngô cả năm", "Ha", 30, 31.7, 105.66, "Vượt"),
        ("Sản lượng lương thực có hạt", "Ha", 2225.4, 2352.97, 105.73, "Vượt"),
        ("Mô hình 100 triệu đồng", "Ha", 35, 35, 100, "Đạt"),
        ("Cây khoai lang", "Ha", 2, 2.42, 121, "Vượt"),
        ("Cây lạc", "Ha", 2, 2.47, 123.5, "Vượt"),
        ("Rau các loại", "Ha", 32, 28.58, 89.31, "Không đạt"),
        ("Cây gừng", "Ha", 1, 1.01, 101, "Vượt"),
        ("Đàn trâu", "Con", 475, 442, 93.1, "Không đạt"),
        ("Đàn bò", "Con", 50, 66, 132, "Vượt"),
        ("Đàn lợn", "Con", 400, 479, 120, "Vượt"),
        ("Đàn dê", "Con", 204, 422, 207, "Vượt"),
        ("Đàn gia cầm", "Con", 26000, 14011, 53.9, "Không đạt"),
        ("Tiêm phòng THT (đợt 1)", "Con", 350, 310, 88.57, "Không đạt"),
        ("Tiêm phòng LMLM (đợt 1)", "Con", 350, 310, 88.57, "Không đạt"),
        ("Tiêm phòng đại chó (đợt 1)", "Con", 380, 349, 91.84, "Không đạt"),
        ("Tiêm phòng THT (đợt 2)", "Con", 350, 157, 44.85, "Không đạt"),
        ("Tiêm phòng LMLM (đợt 2)", "Con", 350, 157, 44.85, "Không đạt"),
        ("Nuôi trồng thủy sản", "Ha", 19, "18,6 ha", 97.89, "Không đạt"),
        ("Trồng rừng", "Ha", 20, 22.072, 110.36, "Vượt"),
        ("Thu ngân sách", "Đồng", 130000000, 163248704, 125.58, "Vượt"),
    ]),
    ("II", "CHỈ TIÊU VĂN HÓA - XÃ HỘI", [
        ("Tỷ lệ thôn, tổ phố đạt \"Khu dân cư văn hóa\"", "Thôn", 8, 8, 100, "Đạt"),
        ("Tỷ lệ số hộ gia đình đạt \"gia đình văn hóa\"", "%", 90, 88.31, 98.12, "Không đạt"),
    ]),
    ("III", "QUỐC PHÒNG, AN NINH", [
        ("Tuyển quân", "%", 100, 100, 100, "Đạt"),
        ("Bồi dưỡng kiến thức QPAN cho các đối tượng", "%", 100, 100, 100, "Đạt"),
    ]),
    ("IV", "XÂY DỰNG ĐẢNG, CƯỜNG CỐ CHÍNH QUYỀN, MTTQ VÀ CÁC ĐOÀN THỂ", [
        ("Kết nạp đảng viên", "đảng viên", 6, 6, 100, "(Dự kiến Đạt)"),
        ("Số chi bộ đảng hoàn thành tốt nhiệm vụ trở lên", "%", 90, 90, 100, "(Dự kiến Đạt)"),
        ("Tỷ lệ đảng viên hoàn thành tốt nhiệm vụ", "%", ">90", ">90", 100, "(Dự kiến Đạt)"),
    ]),
]


def appendix():
    cols = [Col("stt", ("TT",), 6, "center"), Col("label", ("Chỉ tiêu",), 46, "left"),
            Col("unit", ("Đơn vị",), 11, "center"), Col("plan", ("Kế hoạch 2023",), 15),
            Col("actual", ("Kết quả năm 2023", "Thực hiện"), 15),
            Col("ratio", ("Kết quả năm 2023", "Tỷ lệ%"), 10, None, "General"),
            Col("note", ("Ghi chú (vượt, đạt, không đạt)",), 18, "center")]
    g = Grid("Biểu", landscape=False)
    n = len(cols)
    g.merge(1, 1, 1, n, "BIỂU KẾT QUẢ CÁC CHỈ TIÊU CHỦ YẾU NĂM 2023", size=14, bold=True, h="center")
    g.merge(2, 1, 2, n, "(Kèm theo Báo cáo số 282 -BC/ĐU ngày 01/12/2023 của Đảng ủy xã Lục Bình)",
            italic=True, h="center")
    g.merge(3, 1, 3, n, "-----", h="center")
    r = header(g, 5, cols)
    g.heights[5] = g.heights[6] = 30
    for number, section, rows in APPENDIX:
        bold = dict(bold=True, border=True, h="left")
        if number == "I":  # number and name in two cells, as submitted; the others share one cell
            g.put(r, 1, number, bold=True, border=True, h="center")
            g.merge(r, 2, r, n, section, **bold)
        else:
            g.merge(r, 1, r, n, f"{number} {section}", **bold)
        r = body(g, r + 1, cols, [dict(zip(("stt", "label", "unit", "plan", "actual", "ratio", "note"), (i, *t)))
                                  for i, t in enumerate(rows, 1)])
        if number == "II":
            v, s = g.cells[r - 1, n]
            s.italic = True  # the one verdict in italics
    return [g]


# --------------------------------------------------------------------------- TCVN3
# One byte a letter; what an old file shows a Unicode reader is the Latin-1 character of that
# byte. Capitals with a tone have no codes: they are stored as their small letters and a font
# whose name ends in H (.VnTimeH) draws them tall. U+00AD, the soft hyphen, is the letter ư.

TCVN3 = dict(zip(
    "ĂÂÊÔƠƯĐ" "ăâêôơưđ" "àảãáạ" "ằẳẵắ" "ặầẩẫấậ" "è" "ẻẽéẹ" "ềểễếệ" "ìỉ" "ĩíịò"
    "ỏõóọ" "ồổỗốộ" "ờởỡớợù" "ủũúụ" "ừửữứự" "ỳỷỹýỵ",
    (chr(b) for b in (
        *range(0xA1, 0xA8), *range(0xA8, 0xAF), *range(0xB5, 0xBA), *range(0xBB, 0xBF), *range(0xC6, 0xCC),
        0xCC, *range(0xCE, 0xD2), *range(0xD2, 0xD7), 0xD7, 0xD8, *range(0xDC, 0xE0),
        *range(0xE1, 0xE5), *range(0xE5, 0xEA), *range(0xEA, 0xF0),
        *range(0xF1, 0xF5), *range(0xF5, 0xFA), *range(0xFA, 0xFF)))))


def tcvn3(text):
    """(stored text, font). Fails on a toned capital in mixed case: such a file could not hold it."""
    font = ".VnTime"
    if text.upper() == text and not text.isascii():
        text, font = text.lower(), ".VnTimeH"
    # 0xA0 is the blank that does not break, as it is in Latin-1.
    missing = {ch for ch in text if not ch.isascii() and ch not in TCVN3 and ch != "\u00a0"}
    assert not missing, f"no TCVN3 code for {missing} in {text!r}"
    return "".join(TCVN3.get(ch, ch) for ch in text), font


# --------------------------------------------------------------------------- files

def write_xlsx(path, grids):
    wb = openpyxl.Workbook()
    wb.remove(wb.active)
    wb._named_styles["Normal"].font = Font(name="Times New Roman", size=12)
    wb.properties.creator = "UBND xã Lục Bình"
    wb.properties.created = wb.properties.modified = datetime.datetime(2023, 11, 24, 8)
    thin = Side(style="thin")
    for g in grids:
        ws = wb.create_sheet(g.name)
        for (r, c), (v, s) in sorted(g.cells.items()):
            cell = ws.cell(r, c)
            cell.value = v
            cell.font = Font(name="Times New Roman", size=s.size, bold=s.bold, italic=s.italic)
            cell.alignment = Alignment(horizontal=s.h, vertical="center", wrap_text=s.wrap, indent=s.indent)
            cell.number_format = s.fmt
            if s.border:
                cell.border = Border(thin, thin, thin, thin)
        for r1, c1, r2, c2 in g.merges:
            ws.merge_cells(start_row=r1, start_column=c1, end_row=r2, end_column=c2)
            if (s := g.cells[r1, c1][1]).border:  # merge_cells drops the inner borders
                for r in range(r1, r2 + 1):
                    for c in range(c1, c2 + 1):
                        ws.cell(r, c).border = Border(thin, thin, thin, thin)
        for c, w in g.widths.items():
            ws.column_dimensions[get_column_letter(c)].width = w
        for r, h in g.heights.items():
            ws.row_dimensions[r].height = h
        ws.page_setup.paperSize = ws.PAPERSIZE_A4
        ws.page_setup.orientation = "landscape" if g.landscape else "portrait"
        ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
        ws.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
        ws.page_margins = openpyxl.worksheet.page.PageMargins(left=1.18, right=0.59, top=0.79, bottom=0.79)
        if g.repeat:
            ws.print_title_rows = "%d:%d" % g.repeat
    wb.save(path)


def write_xls(path, grids, legacy):
    wb = xlwt.Workbook(encoding="utf-8")
    styles = {}

    def style(s, font):
        key = (s.size, s.bold, s.italic, s.h, s.wrap, s.border, s.fmt, s.indent, font)
        if key not in styles:
            x = xlwt.XFStyle()
            x.font.name, x.font.height, x.font.bold, x.font.italic = font, s.size * 20, s.bold, s.italic
            x.alignment.horz = {None: 0, "left": 1, "center": 2, "right": 3}[s.h]
            x.alignment.vert, x.alignment.wrap, x.alignment.inde = 1, int(s.wrap), s.indent
            if s.border:
                b = x.borders
                b.left = b.right = b.top = b.bottom = 1
            x.num_format_str = s.fmt
            styles[key] = x
        return styles[key]

    for g in grids:
        ws = wb.add_sheet(g.name)
        merged = {(r, c) for r1, c1, r2, c2 in g.merges for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)}
        for (r, c), (v, s) in sorted(g.cells.items()):
            font = ".VnTime" if legacy else "Times New Roman"
            if isinstance(v, str) and v.startswith("="):
                v = xlwt.Formula(v[1:])
            elif isinstance(v, str) and legacy:
                v, font = tcvn3(v)
            if (r, c) not in merged:
                ws.write(r - 1, c - 1, v, style(s, font))
            elif v is not None:
                r1, c1, r2, c2 = next(x for x in g.merges if x[:2] == (r, c))
                ws.write_merge(r1 - 1, r2 - 1, c1 - 1, c2 - 1, v, style(s, font))
        for c, w in g.widths.items():
            ws.col(c - 1).width = int(w * 256)
        for r, h in g.heights.items():
            ws.row(r - 1).height_mismatch, ws.row(r - 1).height = True, int(h * 20)
        ws.header_str = ws.footer_str = b""  # xlwt prints page and file name unless told
        ws.paper_size_code, ws.portrait, ws.fit_num_pages = 9, not g.landscape, 1
        ws.fit_width_to_pages, ws.fit_height_to_pages = 1, 0
    wb.save(str(path))


FILTERS = {".xlsx": "xlsx:Calc MS Excel 2007 XML", ".xls": "xls:MS Excel 97", ".ods": "ods:calc8"}


def through_office(draft, target):
    """Opens the draft in LibreOffice and saves it as the target's format, in a profile of its own
    (the user's may be open, or set to another language)."""
    out = draft.parent / "saved"
    profile = (draft.parent / "profile").as_uri()
    subprocess.run(
        [shutil.which("soffice"), f"-env:UserInstallation={profile}", "--headless", "--convert-to",
         FILTERS[target.suffix], "--outdir", str(out), str(draft)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    made = out / (draft.stem + target.suffix)
    if not made.exists():  # soffice exits 0 even when it could not save
        sys.exit(f"LibreOffice wrote no {target.name}")
    shutil.move(made, target)


SOURCES = {
    "trong-trot-2023.xlsx": trong_trot,
    "chan-nuoi-thuy-san.xls": chan_nuoi,
    "tiem-phong.xlsx": tiem_phong,
    "lam-nghiep.ods": lam_nghiep,
    "thu-chi-ngan-sach.xlsx": ngan_sach,
    "van-hoa-xa-hoi.xlsx": van_hoa,
    "ra-soat-ho-ngheo.xlsx": ho_ngheo,
    "giao-duc.xlsx": giao_duc,
    "xay-dung-dang.xlsx": xay_dung_dang,
}


def main():
    if not shutil.which("soffice"):
        sys.exit("soffice (LibreOffice) is not on PATH")
    # Source text must be composed Unicode, whatever editor touched it.
    source = Path(__file__).read_text(encoding="utf-8")
    assert source == unicodedata.normalize("NFC", source), "make.py is not in NFC"
    jobs = [(folder, name, build(m)) for folder, m in (("luc-binh-2023", False), ("luc-binh-2023-da-sua", True))
            for name, build in SOURCES.items()]
    jobs.append(("luc-binh-2023-da-nop", "bieu-ket-qua-2023.xlsx", appendix()))
    with tempfile.TemporaryDirectory() as tmp:
        for folder, name, grids in jobs:
            resolve(grids)
            for grid in grids:
                soil(name, grid)
            target = HERE / folder / name
            target.parent.mkdir(exist_ok=True)
            # An .ods is drawn as .xlsx: LibreOffice turns it into an .ods of its own.
            draft = Path(tmp) / (target.stem + (".xls" if target.suffix == ".xls" else ".xlsx"))
            if target.suffix == ".xls":
                write_xls(draft, grids, legacy=folder == "luc-binh-2023")
            else:
                write_xlsx(draft, grids)
            through_office(draft, target)
            print(target.relative_to(HERE))
    for folder, m in (("luc-binh-2023", False), ("luc-binh-2023-da-sua", True)):
        (HERE / folder / "quoc-phong.csv").write_bytes(quoc_phong(m))
        print(f"{folder}/quoc-phong.csv")


if __name__ == "__main__":
    main()
