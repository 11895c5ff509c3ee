//! Numbers of the records that are read, by the names of [MS-XLSB] 2.3.

/// A row, and whether it is hidden (`BrtRowHdr`).
pub(super) const ROW_HDR: u16 = 0;
/// Cells that say their column, from the blank one to that of a formula (`BrtCellBlank` …).
pub(super) const CELL_BLANK: u16 = 1;
pub(super) const CELL_RK: u16 = 2;
pub(super) const CELL_ERROR: u16 = 3;
pub(super) const CELL_BOOL: u16 = 4;
pub(super) const CELL_REAL: u16 = 5;
pub(super) const CELL_ISST: u16 = 7;
pub(super) const FMLA_STRING: u16 = 8;
pub(super) const FMLA_NUM: u16 = 9;
pub(super) const FMLA_BOOL: u16 = 10;
pub(super) const FMLA_ERROR: u16 = 11;
/// The same cells but for formulas, behind a cell of the same row (`BrtShortBlank` … `BrtShortIsst`).
pub(super) const SHORT_BLANK: u16 = 12;
pub(super) const SHORT_ISST: u16 = 18;
/// A text with runs of fonts, in the cell itself (`BrtCellRString`).
pub(super) const CELL_R_STRING: u16 = 62;
/// A text of the shared strings (`BrtSSTItem`).
pub(super) const SST_ITEM: u16 = 19;
/// Blocks for programs of another age (`BrtACBegin`, `BrtACEnd`).
pub(super) const AC_BEGIN: u16 = 37;
pub(super) const AC_END: u16 = 38;
/// A defined name (`BrtName`).
pub(super) const NAME: u16 = 39;
/// Fonts, number formats, fills and formats of cells (`BrtFont`, `BrtFmt`, `BrtFill`, `BrtXF`).
pub(super) const FONT: u16 = 43;
pub(super) const FMT: u16 = 44;
pub(super) const FILL: u16 = 45;
pub(super) const XF: u16 = 47;
/// Columns, and whether they are hidden (`BrtColInfo`).
pub(super) const COL_INFO: u16 = 60;
/// Ends a sheet (`BrtEndSheet`).
pub(super) const END_SHEET: u16 = 130;
/// Whether dates count from 1904 (`BrtWbProp`).
pub(super) const WB_PROP: u16 = 153;
/// A sheet of the workbook (`BrtBundleSh`).
pub(super) const BUNDLE_SH: u16 = 156;
/// Merged cells (`BrtMergeCell`).
pub(super) const MERGE_CELL: u16 = 176;
/// The sheets that references name (`BrtExternSheet`).
pub(super) const EXTERN_SHEET: u16 = 362;
/// A formula that several cells share (`BrtShrFmla`).
pub(super) const SHR_FMLA: u16 = 427;
/// Between them stand the formats of cells, and not those of styles (`BrtBeginCellXFs`, `BrtEndCellXFs`).
pub(super) const BEGIN_CELL_XFS: u16 = 617;
pub(super) const END_CELL_XFS: u16 = 618;
