//! Numbers of the records that are read, by the names of [MS-XLS] 2.3. Where a generation of BIFF has a
//! number of its own for a record, the constant ends in it.

/// Begins a stream or a part of it (2.4.21).
pub(in crate::read) const BOF_2: u16 = 0x0009;
pub(in crate::read) const BOF_3: u16 = 0x0209;
pub(in crate::read) const BOF_4: u16 = 0x0409;
pub(in crate::read) const BOF: u16 = 0x0809;
/// Ends it (2.4.103).
pub(in crate::read) const EOF: u16 = 0x000A;

/// The rows and columns that a sheet claims (2.4.90).
pub(in crate::read) const DIMENSIONS_2: u16 = 0x0000;
pub(in crate::read) const DIMENSIONS: u16 = 0x0200;
/// Index of the rows (2.4.144).
pub(in crate::read) const INDEX: u16 = 0x020B;
/// How a sheet is calculated: count, mode, precision, style of references (2.4.30 to 2.4.36).
pub(in crate::read) const CALC_COUNT: u16 = 0x000C;
pub(in crate::read) const CALC_REF_MODE: u16 = 0x000F;
/// The least change of iterations (2.4.32).
pub(in crate::read) const CALC_DELTA: u16 = 0x0010;
/// Whether there are iterations (2.4.33).
pub(in crate::read) const CALC_ITER: u16 = 0x0011;
/// Whether headings are printed (2.4.203), and lines (2.4.202).
pub(in crate::read) const PRINT_ROW_COL: u16 = 0x002A;
pub(in crate::read) const PRINT_GRID: u16 = 0x002B;
/// Whether the workbook is calculated before it is saved (2.4.37).
pub(in crate::read) const CALC_SAVE_RECALC: u16 = 0x005F;
/// From the gutters of outlines (2.4.134) to whether the page is centred vertically (2.4.342).
pub(in crate::read) const GUTS: u16 = 0x0080;
pub(in crate::read) const VERTICAL_CENTRE: u16 = 0x0084;
/// Height of rows that say none (2.4.87).
pub(in crate::read) const DEFAULT_ROW_HEIGHT: u16 = 0x0225;

/// A row: its height, and whether it is hidden (2.4.221).
pub(in crate::read) const ROW: u16 = 0x0208;
/// Columns: their width, and whether they are hidden (2.4.53).
pub(in crate::read) const COL_INFO: u16 = 0x007D;
/// Formulas of the sheet were not calculated when it was saved (2.4.331).
pub(in crate::read) const UNCALCED: u16 = 0x005E;
/// Merged cells (2.4.168).
pub(in crate::read) const MERGE_CELLS: u16 = 0x00E5;

/// A cell with a format and no value (2.4.20), or a run of them (2.4.174).
pub(in crate::read) const BLANK_2: u16 = 0x0001;
pub(in crate::read) const BLANK: u16 = 0x0201;
pub(in crate::read) const MUL_BLANK: u16 = 0x00BE;
/// A whole number, in BIFF2 alone.
pub(in crate::read) const INTEGER_2: u16 = 0x0002;
/// A number (2.4.180), a packed one (2.4.220), or a run of packed ones (2.4.175).
pub(in crate::read) const NUMBER_2: u16 = 0x0003;
pub(in crate::read) const NUMBER: u16 = 0x0203;
pub(in crate::read) const RK: u16 = 0x027E;
pub(in crate::read) const MUL_RK: u16 = 0x00BD;
/// Text in the cell itself (2.4.148), with runs of fonts before BIFF8, or in the shared strings (2.4.149).
pub(in crate::read) const LABEL_2: u16 = 0x0004;
pub(in crate::read) const LABEL: u16 = 0x0204;
pub(in crate::read) const RICH_STRING: u16 = 0x00D6;
pub(in crate::read) const LABEL_SST: u16 = 0x00FD;
/// True, false or an error (2.4.24).
pub(in crate::read) const BOOL_ERR_2: u16 = 0x0005;
pub(in crate::read) const BOOL_ERR: u16 = 0x0205;
/// A formula and its result (2.4.127); the text of one follows in a record of its own (2.4.268).
pub(in crate::read) const FORMULA: u16 = 0x0006;
pub(in crate::read) const FORMULA_3: u16 = 0x0206;
pub(in crate::read) const FORMULA_4: u16 = 0x0406;
pub(in crate::read) const STRING_2: u16 = 0x0007;
pub(in crate::read) const STRING: u16 = 0x0207;
/// A formula that several cells share (2.4.260), and one of an array (2.4.4).
pub(in crate::read) const SHARED_FORMULA: u16 = 0x04BC;
pub(in crate::read) const ARRAY: u16 = 0x0221;

/// How the stream is encrypted (2.4.117).
pub(in crate::read) const FILE_PASS: u16 = 0x002F;
/// Whether dates count from 1904 (2.4.77).
pub(in crate::read) const DATE_1904: u16 = 0x0022;
/// The code page of texts before BIFF8 (2.4.52).
pub(in crate::read) const CODE_PAGE: u16 = 0x0042;
/// A font (2.4.122).
pub(in crate::read) const FONT: u16 = 0x0031;
pub(in crate::read) const FONT_3: u16 = 0x0231;
/// A number format (2.4.126).
pub(in crate::read) const FORMAT_2: u16 = 0x001E;
pub(in crate::read) const FORMAT: u16 = 0x041E;
/// A format of cells (2.4.353).
pub(in crate::read) const XF: u16 = 0x00E0;
pub(in crate::read) const XF_3: u16 = 0x0243;
pub(in crate::read) const XF_4: u16 = 0x0443;
/// A sheet of the workbook (2.4.28).
pub(in crate::read) const BOUND_SHEET: u16 = 0x0085;
/// A workbook that references go to (2.4.271), and the sheets that they name (2.4.106).
pub(in crate::read) const SUP_BOOK: u16 = 0x01AE;
pub(in crate::read) const EXTERN_SHEET: u16 = 0x0017;
/// A defined name (2.4.150).
pub(in crate::read) const LBL: u16 = 0x0018;
/// The shared strings (2.4.265).
pub(in crate::read) const SST: u16 = 0x00FC;
/// Goes on with the record before (2.4.58).
pub(in crate::read) const CONTINUE: u16 = 0x003C;

/// Who has the file open and who changed it (`UsrExcl`, `FileLock`, `RRDInfo`, `RRDHead`, `InterfaceHdr`): never
/// encrypted.
pub(in crate::read) const USR_EXCL: u16 = 0x0194;
pub(in crate::read) const FILE_LOCK: u16 = 0x0195;
pub(in crate::read) const RRD_INFO: u16 = 0x0196;
pub(in crate::read) const RRD_HEAD: u16 = 0x0138;
pub(in crate::read) const INTERFACE_HDR: u16 = 0x00E1;
