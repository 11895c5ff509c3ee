//! Numbers of the records that are read, by the names of [MS-XLS] 2.3. Where a generation of BIFF has a
//! number of its own for a record, the constant ends in it.

/// Begins a stream or a part of it (2.4.21).
pub(super) const BOF_2: u16 = 0x0009;
pub(super) const BOF_3: u16 = 0x0209;
pub(super) const BOF_4: u16 = 0x0409;
pub(super) const BOF: u16 = 0x0809;
/// Ends it (2.4.103).
pub(super) const EOF: u16 = 0x000A;

/// The rows and columns that a sheet claims (2.4.90).
pub(super) const DIMENSIONS_2: u16 = 0x0000;
pub(super) const DIMENSIONS: u16 = 0x0200;
/// Index of the rows (2.4.144).
pub(super) const INDEX: u16 = 0x020B;
/// How a sheet is calculated: count, mode, precision, style of references (2.4.30 to 2.4.36).
pub(super) const CALC_COUNT: u16 = 0x000C;
pub(super) const CALC_REF_MODE: u16 = 0x000F;
/// The least change of iterations (2.4.32).
pub(super) const CALC_DELTA: u16 = 0x0010;
/// Whether there are iterations (2.4.33).
pub(super) const CALC_ITER: u16 = 0x0011;
/// Whether headings are printed (2.4.203), and lines (2.4.202).
pub(super) const PRINT_ROW_COL: u16 = 0x002A;
pub(super) const PRINT_GRID: u16 = 0x002B;
/// Whether the workbook is calculated before it is saved (2.4.37).
pub(super) const CALC_SAVE_RECALC: u16 = 0x005F;
/// From the gutters of outlines (2.4.134) to whether the page is centred vertically (2.4.342).
pub(super) const GUTS: u16 = 0x0080;
pub(super) const VERTICAL_CENTRE: u16 = 0x0084;
/// Height of rows that say none (2.4.87).
pub(super) const DEFAULT_ROW_HEIGHT: u16 = 0x0225;

/// A row: its height, and whether it is hidden (2.4.221).
pub(super) const ROW: u16 = 0x0208;
/// Columns: their width, and whether they are hidden (2.4.53).
pub(super) const COL_INFO: u16 = 0x007D;
/// Formulas of the sheet were not calculated when it was saved (2.4.331).
pub(super) const UNCALCED: u16 = 0x005E;
/// Merged cells (2.4.168).
pub(super) const MERGE_CELLS: u16 = 0x00E5;

/// A cell with a format and no value (2.4.20), or a run of them (2.4.174).
pub(super) const BLANK_2: u16 = 0x0001;
pub(super) const BLANK: u16 = 0x0201;
pub(super) const MUL_BLANK: u16 = 0x00BE;
/// A whole number, in BIFF2 alone.
pub(super) const INTEGER_2: u16 = 0x0002;
/// A number (2.4.180), a packed one (2.4.220), or a run of packed ones (2.4.175).
pub(super) const NUMBER_2: u16 = 0x0003;
pub(super) const NUMBER: u16 = 0x0203;
pub(super) const RK: u16 = 0x027E;
pub(super) const MUL_RK: u16 = 0x00BD;
/// Text in the cell itself (2.4.148), with runs of fonts before BIFF8, or in the shared strings (2.4.149).
pub(super) const LABEL_2: u16 = 0x0004;
pub(super) const LABEL: u16 = 0x0204;
pub(super) const RICH_STRING: u16 = 0x00D6;
pub(super) const LABEL_SST: u16 = 0x00FD;
/// True, false or an error (2.4.24).
pub(super) const BOOL_ERR_2: u16 = 0x0005;
pub(super) const BOOL_ERR: u16 = 0x0205;
/// A formula and its result (2.4.127); the text of one follows in a record of its own (2.4.268).
pub(super) const FORMULA: u16 = 0x0006;
pub(super) const FORMULA_3: u16 = 0x0206;
pub(super) const FORMULA_4: u16 = 0x0406;
pub(super) const STRING_2: u16 = 0x0007;
pub(super) const STRING: u16 = 0x0207;
/// A formula that several cells share (2.4.260), and one of an array (2.4.4).
pub(super) const SHARED_FORMULA: u16 = 0x04BC;
pub(super) const ARRAY: u16 = 0x0221;

/// How the stream is encrypted (2.4.117).
pub(super) const FILE_PASS: u16 = 0x002F;
/// Whether dates count from 1904 (2.4.77).
pub(super) const DATE_1904: u16 = 0x0022;
/// The code page of texts before BIFF8 (2.4.52).
pub(super) const CODE_PAGE: u16 = 0x0042;
/// A font (2.4.122).
pub(super) const FONT: u16 = 0x0031;
pub(super) const FONT_3: u16 = 0x0231;
/// A number format (2.4.126).
pub(super) const FORMAT_2: u16 = 0x001E;
pub(super) const FORMAT: u16 = 0x041E;
/// A format of cells (2.4.353).
pub(super) const XF: u16 = 0x00E0;
pub(super) const XF_3: u16 = 0x0243;
pub(super) const XF_4: u16 = 0x0443;
/// A sheet of the workbook (2.4.28).
pub(super) const BOUND_SHEET: u16 = 0x0085;
/// A workbook that references go to (2.4.271), and the sheets that they name (2.4.106).
pub(super) const SUP_BOOK: u16 = 0x01AE;
pub(super) const EXTERN_SHEET: u16 = 0x0017;
/// A defined name (2.4.150).
pub(super) const LBL: u16 = 0x0018;
/// The shared strings (2.4.265).
pub(super) const SST: u16 = 0x00FC;
/// Goes on with the record before (2.4.58).
pub(super) const CONTINUE: u16 = 0x003C;

/// Who has the file open and who changed it (`UsrExcl`, `FileLock`, `RRDInfo`, `RRDHead`, `InterfaceHdr`): never
/// encrypted.
pub(super) const USR_EXCL: u16 = 0x0194;
pub(super) const FILE_LOCK: u16 = 0x0195;
pub(super) const RRD_INFO: u16 = 0x0196;
pub(super) const RRD_HEAD: u16 = 0x0138;
pub(super) const INTERFACE_HDR: u16 = 0x00E1;
