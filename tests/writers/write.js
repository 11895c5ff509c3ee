// Writes the same table with each spreadsheet library of npm that is installed: see write.py.
//
//     node write.js TABLE.json FOLDER
"use strict";
const fs = require("fs");
const path = require("path");
const [, , from, folder] = process.argv;
const table = JSON.parse(fs.readFileSync(from, "utf8"));
const SHEET = "Số liệu";
const whole = (value) => (value !== null && typeof value === "object" ? value : { value });
const library = (name) => {
  try {
    return require(name);
  } catch {
    return null;
  }
};

async function main() {
  const exceljs = library("exceljs");
  if (exceljs) {
    const book = new exceljs.Workbook();
    const sheet = book.addWorksheet(SHEET);
    table.forEach((values, row) =>
      values.forEach((cell, column) => {
        const { value, format, formula } = whole(cell);
        if (value === null) return;
        const own = sheet.getCell(row + 1, column + 1);
        own.value = formula ? { formula, result: value } : value;
        if (format) own.numFmt = format;
      }),
    );
    sheet.mergeCells("A1:D1");
    await book.xlsx.writeFile(path.join(folder, "exceljs.xlsx"));
    console.log("exceljs.xlsx");
  }
  const xlsx = library("xlsx");
  if (xlsx) {
    // Its .ods and .fods have no number formats, and its BIFF5 has no letters but those of one code page.
    for (const bookType of ["xlsx", "xlsb", "biff8", "xlml"]) {
      const sheet = xlsx.utils.aoa_to_sheet(table.map((values) => values.map((cell) => whole(cell).value)));
      table.forEach((values, r) =>
        values.forEach((cell, c) => {
          const { format, formula } = whole(cell);
          const own = sheet[xlsx.utils.encode_cell({ r, c })];
          if (own && format) own.z = format;
          if (own && formula) own.f = formula;
        }),
      );
      const book = xlsx.utils.book_new();
      xlsx.utils.book_append_sheet(book, sheet, SHEET);
      const ending = { biff8: "xls", xlml: "xml" }[bookType] || bookType;
      const name = `sheetjs-${bookType}.${ending}`;
      xlsx.writeFile(book, path.join(folder, name), { bookType });
      console.log(name);
    }
  }
}

main();
