"""Writes the same table with each spreadsheet library of Python that is installed.

    python3 write.py TABLE.json FOLDER

Says the names of the files on standard output, one a line. A cell of the table is null, a text, a number, or
{"value": number, "format": "0.0%"}, or {"value": number, "formula": "SUM(C4:C6)"}.
"""

import importlib
import json
import sys
from pathlib import Path

table, folder = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2])
SHEET = "Số liệu"


def cells():
    for row, values in enumerate(table):
        for column, value in enumerate(values):
            if value is not None:
                own = value if isinstance(value, dict) else {"value": value}
                yield row, column, own["value"], own.get("format"), own.get("formula")


def openpyxl(library, path):
    book = library.Workbook()
    sheet = book.active
    sheet.title = SHEET
    for row, column, value, form, _ in cells():
        cell = sheet.cell(row + 1, column + 1, value)
        cell.number_format = form or cell.number_format
    sheet.merge_cells("A1:D1")
    book.save(path)


def xlsxwriter(library, path):
    book = library.Workbook(str(path))
    sheet = book.add_worksheet(SHEET)
    for row, column, value, form, formula in cells():
        style = book.add_format({"num_format": form}) if form else None
        if formula:
            sheet.write_formula(row, column, "=" + formula, style, value)
        else:
            sheet.write(row, column, value, style)
    sheet.merge_range("A1:D1", table[0][0])
    book.close()


def xlsxwriter_constant(library, path):
    book = library.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet(SHEET)
    for row, column, value, form, formula in cells():
        style = book.add_format({"num_format": form}) if form else None
        sheet.write_formula(row, column, "=" + formula, style, value) if formula else sheet.write(row, column, value, style)
    book.close()


def pyexcelerate(library, path):
    book = library.Workbook()
    sheet = book.new_sheet(SHEET)
    for row, column, value, form, _ in cells():
        sheet.set_cell_value(row + 1, column + 1, value)
        if form:
            sheet.set_cell_style(row + 1, column + 1, library.Style(format=library.Format(form)))
    book.save(str(path))


def xlwt(library, path):
    book = library.Workbook(encoding="utf-8")
    sheet = book.add_sheet(SHEET)
    for row, column, value, form, _ in cells():
        if form:
            sheet.write(row, column, value, library.easyxf(num_format_str=form))
        else:
            sheet.write(row, column, value)
    book.save(str(path))


def odf(library, path):
    document = importlib.import_module("odf.opendocument").OpenDocumentSpreadsheet()
    tables, texts = importlib.import_module("odf.table"), importlib.import_module("odf.text")
    styles, numbers = importlib.import_module("odf.style"), importlib.import_module("odf.number")
    percent = numbers.PercentageStyle(name="N1")
    percent.addElement(numbers.Number(decimalplaces="1", minintegerdigits="1"))
    percent.addElement(numbers.Text(text="%"))
    document.styles.addElement(percent)
    document.automaticstyles.addElement(styles.Style(name="ce1", family="table-cell", datastylename="N1"))
    sheet = tables.Table(name=SHEET)
    for values in table:
        row = tables.TableRow()
        for value in values:
            own = value if isinstance(value, dict) else {"value": value}
            value = own["value"]
            if value is None:
                row.addElement(tables.TableCell())
                continue
            kind = {"valuetype": "string"}
            if not isinstance(value, str):
                kind = {"valuetype": "percentage" if own.get("format") else "float", "value": repr(value)}
            if own.get("format"):
                kind["stylename"] = "ce1"
            cell = tables.TableCell(**kind)
            cell.addElement(texts.P(text=str(value)))
            row.addElement(cell)
        sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))


for name, module, write, ending in [
    ("openpyxl", "openpyxl", openpyxl, "xlsx"),
    ("xlsxwriter", "xlsxwriter", xlsxwriter, "xlsx"),
    ("xlsxwriter-constant", "xlsxwriter", xlsxwriter_constant, "xlsx"),
    ("pyexcelerate", "pyexcelerate", pyexcelerate, "xlsx"),
    ("xlwt", "xlwt", xlwt, "xls"),
    ("odfpy", "odf", odf, "ods"),
]:
    try:
        library = importlib.import_module(module)
    except ImportError:
        continue
    path = folder / f"{name}.{ending}"
    write(library, path)
    print(path.name)
