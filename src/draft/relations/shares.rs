//! Shares of a whole that stands in the same column or row.
