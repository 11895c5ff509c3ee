//! Means of the lines beside them.
