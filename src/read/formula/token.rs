//! Numbers of the pieces of a compiled formula, by the names of [MS-XLS] 2.5.198 (`PtgExp` …), which
//! [MS-XLSB] shares.

/// The formula is part of a shared one or of an array.
pub(super) const EXP: u8 = 0x01;
/// Operators between two operands, from plus to the range.
pub(super) const ADD: u8 = 0x03;
pub(super) const RANGE: u8 = 0x11;
pub(super) const UNARY_PLUS: u8 = 0x12;
pub(super) const UNARY_MINUS: u8 = 0x13;
pub(super) const PERCENT: u8 = 0x14;
pub(super) const PAREN: u8 = 0x15;
pub(super) const MISSING_ARGUMENT: u8 = 0x16;
pub(super) const STRING: u8 = 0x17;
/// How to evaluate; of all of them the choice has a body of its own, and the sum is text.
pub(super) const ATTRIBUTE: u8 = 0x19;
pub(super) const ATTRIBUTE_CHOOSE: u8 = 0x04;
pub(super) const ATTRIBUTE_SUM: u8 = 0x10;
pub(super) const ERROR: u8 = 0x1C;
pub(super) const BOOL: u8 = 0x1D;
pub(super) const INTEGER: u8 = 0x1E;
pub(super) const NUMBER: u8 = 0x1F;

/// Operands come in three classes; two bits say which, and these are the numbers of the first.
pub(super) const CLASS: u8 = 0x60;
pub(super) const FIRST_CLASS: u8 = 0x20;
pub(super) const WITHIN_CLASS: u8 = 0x1F;
pub(super) const FUNCTION: u8 = 0x21;
pub(super) const FUNCTION_VARIABLE: u8 = 0x22;
pub(super) const NAME: u8 = 0x23;
pub(super) const REFERENCE: u8 = 0x24;
pub(super) const AREA: u8 = 0x25;
pub(super) const MEMORY_AREA: u8 = 0x26;
pub(super) const MEMORY_NO_MEMORY: u8 = 0x28;
pub(super) const MEMORY_FUNCTION: u8 = 0x29;
pub(super) const REFERENCE_ERROR: u8 = 0x2A;
pub(super) const AREA_ERROR: u8 = 0x2B;
/// Offsets from the cell, in shared formulas.
pub(super) const REFERENCE_OFFSET: u8 = 0x2C;
pub(super) const AREA_OFFSET: u8 = 0x2D;
/// The same on another sheet.
pub(super) const REFERENCE_3D: u8 = 0x3A;
pub(super) const AREA_3D: u8 = 0x3B;
pub(super) const AREA_ERROR_3D: u8 = 0x3D;

/// Bits of the number of a function, and of how many arguments it has.
pub(super) const FUNCTION_NUMBER: u16 = 0x7FFF;
pub(super) const ARGUMENT_COUNT: u8 = 0x7F;
/// A function that the user or an add-in defines.
pub(super) const USER_FUNCTION: u16 = 255;
/// Bits of a reference that say what is relative.
pub(super) const RELATIVE_COLUMN: u16 = 0x4000;
pub(super) const RELATIVE_ROW: u16 = 0x8000;
/// The bits of a row before BIFF8, whose two others are these.
pub(super) const ROW_BIFF5: u16 = 0x3FFF;

/// Rows and columns of the grid, and the bits of a column in an address: of BIFF5, of BIFF8 (`ColRelU`, [MS-XLS]
/// 2.5.198.46), and of [MS-XLSB] (`ColRelShort`).
pub(super) const GRID_BIFF5: (u32, u32, u16) = (0x4000, 0x100, 0x00FF);
pub(super) const GRID_BIFF8: (u32, u32, u16) = (0x1_0000, 0x100, 0x00FF);
pub(super) const GRID_BIFF12: (u32, u32, u16) = (0x10_0000, 0x4000, 0x3FFF);
