#!/usr/bin/env python3
"""Makes the workbooks of the samples for the other forms (bieu-*), as make.py does.

    pip install -r samples/requirements.txt     (and LibreOffice, `soffice` on PATH)
    python samples/forms.py

All figures are invented; the commune does not exist. The dirt in the texts is that of dirt.py.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from dirt import soiled

HERE = Path(__file__).resolve().parent
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def draw(sheet, title, unit_line, header, rows, note=None):
    """A sheet: title, unit line, header (a tuple a column, from the top row down), rows, note."""
    font = lambda **more: Font(name="Times New Roman", size=12, **more)
    width = len(header)
    sheet.cell(1, 1, title).font = font(bold=True)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center")
    if unit_line:
        sheet.cell(2, width, unit_line).font = font(italic=True)
    depth = max(len(path) for path in header)
    top = 4
    for column, path in enumerate(header, 1):
        for level, text in enumerate(path):
            left = header[column - 2] if column > 1 else ()
            if not (len(path) > level + 1 and left[: level + 1] == path[: level + 1]):
                sheet.cell(top + level, column, text)
        for level in range(depth):
            cell = sheet.cell(top + level, column)
            cell.font, cell.border = font(bold=True), BOX
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for column, path in enumerate(header, 1):
        if len(path) < depth:
            sheet.merge_cells(start_row=top + len(path) - 1, start_column=column, end_row=top + depth - 1, end_column=column)
        elif len(path) > 1 and (column == 1 or header[column - 2][:1] != path[:1]):
            last = column
            while last < width and header[last][:1] == path[:1]:
                last += 1
            sheet.merge_cells(start_row=top, start_column=column, end_row=top, end_column=last)
    for at, row in enumerate(rows):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(top + depth + at, column)
            if isinstance(value, str):
                value = value.replace("{r}", str(top + depth + at))
            cell.value = value
            cell.font, cell.border = font(), BOX
            if isinstance(value, float):
                cell.number_format = "#,##0.0##"
            elif isinstance(value, int):
                cell.number_format = "#,##0"
    if note:
        sheet.cell(top + depth + len(rows), 1, note).font = font(italic=True)
    for column in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 30 if column == 2 else 11


def save(book, path):
    """Through LibreOffice, so that formulas carry results and styles are an office program's."""
    del book["Sheet"]
    for sheet in book:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        texts = [cell.value if isinstance(cell.value, str) else None for cell in cells]
        for at, text in soiled(path.name, sheet.title, texts).items():
            cells[at].value = text
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / path.name
        book.save(draft)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(path.parent), str(draft)],
            check=True, capture_output=True,
        )


def three_years():
    book = openpyxl.Workbook()
    header = [("TT",), ("Chỉ tiêu",), ("ĐVT",), ("TH 2023",), ("KH 2024",), ("ƯTH 2024",), ("KH 2025",),
              ("So sánh (%)", "ƯTH 2024/TH 2023"), ("So sánh (%)", "ƯTH 2024/KH 2024")]
    ratio = ["=ROUND(F{r}/D{r}*100,1)", "=ROUND(F{r}/E{r}*100,1)"]
    none = ["", "", "", "", "", "", ""]
    draw(book.create_sheet("Kinh tế"), "MỘT SỐ CHỈ TIÊU KINH TẾ NĂM 2024", None, header, [
        ["I", "Trồng trọt", *none],
        [1, "Tổng DT gieo trồng", "ha", 612.4, 620, 618.75, 625, *ratio],
        ["-", "Lúa cả năm", "ha", 368.9, 370, 370.25, 370, *ratio],
        ["-", "Ngô cả năm", "ha", 152.5, 155, 153.5, 157, *ratio],
        ["-", "Rau, đậu", "ha", 91, 95, 95, 98, *ratio],
        [2, "Tổng SL lương thực", "tấn", 2321.5, 2350, 2368.4, 2390, *ratio],
        ["-", "Lúa cả năm", "tấn", 1698.3, 1715, 1733.2, 1740, *ratio],
        ["-", "Ngô cả năm", "tấn", 623.2, 635, 635.2, 650, *ratio],
        ["II", "Chăn nuôi", *none],
        [1, "Đàn trâu", "con", 505, 510, 498, 510, *ratio],
        [2, "Đàn bò", "con", 164, 170, 175, 185, *ratio],
        [3, "Đàn lợn", "con", 2350, 2500, 2488, 2600, *ratio],
        ["III", "Tài chính", *none],
        [1, "Thu NSNN trên địa bàn", "triệu đồng", 1184.6, 1150, 1236.25, 1250, *ratio],
        [2, "Chi NSĐP", "triệu đồng", 9868.4, 10250, 10120, 10300, *ratio],
        ["a", "Chi đầu tư", "triệu đồng", 2450, 2500, 2380, 2400, *ratio],
        ["b", "Chi thường xuyên", "triệu đồng", 7418.4, 7750, 7740, 7900, *ratio],
    ], note="(1) Gồm lúa vụ xuân và lúa vụ mùa.")
    save(book, HERE / "bieu-3-nam-2024" / "kinh-te.xlsx")
    lines = [["CHỈ TIÊU XÃ HỘI NĂM 2024", *[""] * 5],
             [""] * 6,
             ["TT", "Nội dung", "ĐVT", "TH 2023", "KH 2024", "ƯTH 2024", "KH 2025"],
             ["1", "Hộ nghèo", "hộ", "64", "52", "49", "38"],
             ["2", "Người dân có thẻ BHYT", "%", "94,6", "96", "96,2", "≥ 97"],
             ["3", "Gia đình văn hóa", "%", "86,5", "88", "88", "90"]]
    places = [(row, at) for row, line in enumerate(lines) for at in range(len(line))]
    for at, text in soiled("xa-hoi.csv", "CSV", [lines[r][c] for r, c in places]).items():
        row, column = places[at]
        lines[row][column] = text
    text = "".join(";".join(line) + "\r\n" for line in lines)
    (HERE / "bieu-3-nam-2024" / "xa-hoi.csv").write_bytes(text.encode("utf-8-sig"))


def six_months():
    book = openpyxl.Workbook()
    header = [("STT",), ("Chỉ tiêu",), ("ĐVT",), ("KH năm 2024",), ("TH 6T/2024",), ("TH 6T/2023",)]
    draw(book.create_sheet("Nông nghiệp"), "NÔNG NGHIỆP 6 THÁNG ĐẦU NĂM 2024", None, header, [
        ["I", "Lúa vụ xuân", "", "", "", ""],
        [1, "Diện tích", "ha", 175, 175.5, 174.8],
        [2, "Năng suất", "tạ/ha", 57.5, 58, 57.3],
        [3, "Sản lượng", "tấn", "=D6*D7/10", "=E6*E7/10", 1001.6],
        ["II", "Chăn nuôi", "", "", "", ""],
        [1, "Tổng đàn", "con", "=SUM(D11:D13)", "=SUM(E11:E13)", "=SUM(F11:F13)"],
        ["-", "Trâu", "con", 510, 496, 501],
        ["-", "Bò", "con", 170, 172, 161],
        ["-", "Lợn", "con", 2500, 2310, 2264],
        [2, "Tiêm phòng đợt 1", "liều", 1100, 1048, 980],
        ["-", "Trâu", "liều", 350, 342, 330],
        ["-", "Bò", "liều", 150, 156, 150],
        ["-", "Lợn", "liều", 600, 550, 500],
    ])
    header = [("TT",), ("Nội dung",), ("ĐVT",), ("Kế hoạch",), ("Thực hiện",), ("Cùng kỳ",), ("% KH",)]
    ratio = "=ROUND(E{r}/D{r}*100,1)"
    draw(book.create_sheet("Khác"), "NGÂN SÁCH, XÃ HỘI 6 THÁNG ĐẦU NĂM 2024", None, header, [
        [1, "Thu ngân sách", "nghìn đồng", 1150000, 684350, 612900, ratio],
        [2, "Chi ngân sách", "nghìn đồng", 10250000, 4918275, 4702180, ratio],
        [3, "Việc làm mới", "người", 60, 38, 31, ratio],
        [4, "Bao phủ BHYT", "%", 96, 95.4, 94.1, ratio],
        [5, "Tai nạn giao thông", "vụ", "-", 1, 2, ""],
    ], note="¹ Theo số thẻ còn giá trị sử dụng đến ngày 31/5/2024.")
    save(book, HERE / "bieu-6-thang-2024" / "so-lieu-6-thang.xlsx")


def five_years():
    book = openpyxl.Workbook()
    header = [("TT",), ("Chỉ tiêu",), ("ĐVT",), *[(f"Năm {year}",) for year in range(2021, 2025)], ("Năm 2025 (ước)",)]
    draw(book.create_sheet("Qua các năm"), "KẾT QUẢ CÁC NĂM 2021 - 2025", None, header, [
        [1, "Thu nhập BQ/người", "triệu đồng", 31.5, 34.2, 37.8, 41, 45.5],
        [2, "SL lương thực có hạt", "tấn", 2265, 2290.4, 2321.5, 2368.4, 2390],
        [3, "Trồng rừng mới", "ha", 52.5, 48, 40.3, 45, 50],
        [4, "Tiêu chí NTM", "tiêu chí", 12, 13, 14, 16, 17],
        [5, "Hộ nghèo", "%", 14.6, 12.1, 9.4, 7.2, 5.4],
        [6, "BHYT", "%", 93.5, 94, 94.6, 96.2, 97.1],
        [7, "Thôn văn hóa", "thôn", 5, 6, 6, 7, 7],
        [8, "Trường chuẩn quốc gia", "trường", 1, 1, 2, 2, 2],
        [9, "Kết nạp đảng viên", "đảng viên", 4, 6, 5, 7, 6],
        [10, "TCĐ hoàn thành tốt nhiệm vụ trở lên", "%", 88.9, 88.9, 100, 88.9, 100],
    ])
    header = [("TT",), ("Chỉ tiêu",), ("ĐVT",), ("Nghị quyết",), ("Ước TH",)]
    draw(book.create_sheet("Mục tiêu"), "MỤC TIÊU NHIỆM KỲ 2021 - 2025", None, header, [
        [1, "Thu nhập BQ/người", "triệu đồng", 45, 45.5],
        [2, "SL lương thực có hạt", "tấn", 2400, 2390],
        [3, "Trồng rừng mới", "ha", "45 - 50", 47.2],
        [4, "Tiêu chí NTM", "tiêu chí", 17, 17],
        [5, "Hộ nghèo", "%", "< 6", 5.4],
        [6, "BHYT", "%", "≥ 97", 97.1],
        [7, "Thôn văn hóa", "thôn", 8, 7],
        [8, "Trường chuẩn quốc gia", "trường", 2, 2],
        [9, "Kết nạp đảng viên", "đảng viên", 25, 28],
        [10, "TCĐ hoàn thành tốt nhiệm vụ trở lên", "%", ">90", 93.3],
    ], note="(*) Theo giá hiện hành.")
    save(book, HERE / "bieu-5-nam-2025" / "theo-doi-nhiem-ky.xlsx")


def villages():
    book = openpyxl.Workbook()
    header = [("TT",), ("Chỉ tiêu",), ("ĐVT",), ("TH 2023",), ("KH 2024",), ("Ước TH 2024",)]
    figures = {
        "Thôn Đông": [(62.5, 63, 63.2), (24, 25, 24.5), (168, 170, 165), (4200, 4500, 4350), (21, 17, 16), (96, 98, 99)],
        "Thôn Đoài": [(70.25, 70, 70.25), (31.5, 32, 32.75), (190, 195, 201), (5150, 5200, 5310), (18, 15, 15), (104, 106, 104)],
        "Thôn Trung": [(48, 48.5, 48), (19.75, 20, 20.5), (121, 125, 118), (3600, 3800, 3940), (12, 9, 8), (81, 83, 84)],
    }
    for name, (rice, others, cattle, poultry, poor, cultured) in figures.items():
        draw(book.create_sheet(name), f"SỐ LIỆU {name.upper()} NĂM 2024", None, header, [
            [1, "Diện tích gieo trồng", "ha", "=D6+D7", "=E6+E7", "=F6+F7"],
            ["-", "Lúa", "ha", *rice],
            ["-", "Màu", "ha", *others],
            [2, "Trâu, bò", "con", *cattle],
            [3, "Gia cầm", "con", *poultry],
            [4, "Hộ nghèo", "hộ", *poor],
            [5, "Hộ đạt GĐVH", "hộ", *cultured],
        ])
    save(book, HERE / "bieu-thon-2024" / "so-lieu-thon.xlsx")


if __name__ == "__main__":
    three_years()
    six_months()
    five_years()
    villages()
