//! Products, ratios and growth of two lines.
