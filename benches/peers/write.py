#!/usr/bin/env python3
"""Writes the cells and links of a workbook with XlsxWriter or openpyxl, as one would in an afternoon:
formats made once, cells one after another.

    python write.py {xlsxwriter,openpyxl} CELLS [OUT.xlsx]

CELLS comes from cells.py. Without OUT.xlsx it is only read, so that reading and starting can be taken
off. Needs `pip install XlsxWriter` or `pip install openpyxl`.
"""

import sys


def with_xlsxwriter(lines, out):
    import xlsxwriter

    if out is None:
        return
    # Not more links than the sheet has; texts that look like links or numbers stay texts.
    book = xlsxwriter.Workbook(out, {"strings_to_urls": False})
    formats, sheet = [], None
    for kind, *rest in lines:
        if kind == "format":
            number, align, bold, link = rest
            look = {"font_name": "Times New Roman", "font_size": 10, "border": 1, "text_wrap": True, "valign": "top"}
            look |= {"num_format": number, "align": align, "bold": bold == "1", "underline": int(link)}
            formats.append(book.add_format(look))
        elif kind == "sheet":
            sheet = book.add_worksheet(rest[0])
        else:
            row, column, look, value = int(rest[0]), int(rest[1]), formats[int(rest[2])], rest[3]
            if kind == "n":
                sheet.write_number(row, column, float(value), look)
            elif kind == "f":
                sheet.write_formula(row, column, value, look, rest[4])
            elif kind == "l":
                link = rest[4].replace("file:///", "external:", 1)
                sheet.write_url(row, column, link, look, value, rest[5] or None)
            else:
                sheet.write_string(row, column, value, look)
    book.close()


def with_openpyxl(lines, out):
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
    from openpyxl.worksheet.hyperlink import Hyperlink
    from openpyxl.utils import get_column_letter

    if out is None:
        return
    book = Workbook()
    book.remove(book.active)
    formats, sheet, thin = [], None, Side(style="thin")
    for kind, *rest in lines:
        if kind == "format":
            number, align, bold, link = rest
            style = NamedStyle(
                f"look {len(formats)}",
                font=Font("Times New Roman", 10, b=bold == "1", u="single" if link == "1" else None),
                border=Border(thin, thin, thin, thin),
                alignment=Alignment(align, "top", wrap_text=True),
                number_format=number,
            )
            book.add_named_style(style)
            formats.append(style.name)
        elif kind == "sheet":
            sheet = book.create_sheet(rest[0])
        else:
            cell = sheet.cell(int(rest[0]) + 1, int(rest[1]) + 1)
            cell.value = float(rest[3]) if kind == "n" else rest[3]
            cell.style = formats[int(rest[2])]
            if kind == "l":
                target, _, location = rest[4].partition("#")
                at = f"{get_column_letter(cell.column)}{cell.row}"
                if rest[4].startswith("internal:"):
                    cell.hyperlink = Hyperlink(at, location=rest[4].removeprefix("internal:"), tooltip=rest[5] or None)
                else:
                    target = target.removeprefix("file:///")
                    cell.hyperlink = Hyperlink(at, target=target, location=location, tooltip=rest[5] or None)
    book.save(out)


def main():
    peer, cells, *out = sys.argv[1:]
    with open(cells, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    {"xlsxwriter": with_xlsxwriter, "openpyxl": with_openpyxl}[peer](lines, out[0] if out else None)


if __name__ == "__main__":
    main()
