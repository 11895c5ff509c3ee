//! The header: texts of the columns, merged where neighbours share the headings above.

/// A cell of the header, with its span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderCell {
    /// As printed.
    pub text: String,
    /// First row, from zero.
    pub row: usize,
    /// First column, from zero.
    pub column: usize,
    /// Rows it covers, at least one.
    pub rows: usize,
    /// Columns it covers, at least one.
    pub columns: usize,
}

/// The header of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Number of rows, at least one.
    pub depth: usize,
    /// Cells from top to bottom, then from left to right; together they cover the header.
    pub cells: Vec<HeaderCell>,
}

impl Header {
    /// Lays out texts given per column from top to bottom. Neighbours are merged while their
    /// texts are the same and something stands below; the last text of a column reaches down to
    /// the table.
    pub fn new(columns: &[Vec<String>]) -> Self {
        let depth = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let mut cells = Vec::new();
        lay(columns, 0, 0, depth, &mut cells);
        cells.sort_by_key(|cell| (cell.row, cell.column));
        Self { depth, cells }
    }

    /// The header text over a column that says most by itself: its texts from the top, joined.
    pub fn over(&self, column: usize) -> String {
        let texts: Vec<&str> = self
            .cells
            .iter()
            .filter(|c| (c.column..c.column + c.columns).contains(&column) && !c.text.is_empty())
            .map(|c| c.text.as_str())
            .collect();
        texts.join(" – ")
    }
}

/// Lays out the columns from `first` on, from `row` down, all under the same headings.
fn lay(columns: &[Vec<String>], first: usize, row: usize, depth: usize, cells: &mut Vec<HeaderCell>) {
    let mut at = 0;
    while at < columns.len() {
        let own = &columns[at];
        let text = own.get(row).cloned().unwrap_or_default();
        // A heading has texts below it; a text with none below belongs to its column alone.
        let heads = |column: &Vec<String>| column.len() > row + 1;
        let width = if heads(own) {
            columns[at..].iter().take_while(|c| heads(c) && c.get(row) == own.get(row)).count()
        } else {
            1
        };
        let rows = if heads(own) { 1 } else { depth - row };
        cells.push(HeaderCell { text, row, column: first + at, rows, columns: width });
        if heads(own) {
            lay(&columns[at..at + width], first + at, row + 1, depth, cells);
        }
        at += width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(columns: &[&[&str]]) -> Vec<(String, usize, usize, usize, usize)> {
        let columns: Vec<Vec<String>> =
            columns.iter().map(|texts| texts.iter().map(|t| (*t).to_owned()).collect()).collect();
        Header::new(&columns).cells.into_iter().map(|c| (c.text, c.row, c.column, c.rows, c.columns)).collect()
    }

    fn cell(
        text: &str,
        row: usize,
        column: usize,
        rows: usize,
        columns: usize,
    ) -> (String, usize, usize, usize, usize) {
        (text.to_owned(), row, column, rows, columns)
    }

    #[test]
    fn the_two_row_header_of_the_seed() {
        assert_eq!(
            header(&[&["TT"], &["KQ", "TH"], &["KQ", "Tỷ lệ"], &["Ghi chú"]]),
            [
                cell("TT", 0, 0, 2, 1),
                cell("KQ", 0, 1, 1, 2),
                cell("Ghi chú", 0, 3, 2, 1),
                cell("TH", 1, 1, 1, 1),
                cell("Tỷ lệ", 1, 2, 1, 1),
            ]
        );
    }

    #[test]
    fn equal_texts_merge_only_under_equal_headings() {
        assert_eq!(
            header(&[&["A", "x", "1"], &["A", "x", "2"], &["B", "x", "3"], &["A", "y"]]),
            [
                cell("A", 0, 0, 1, 2),
                cell("B", 0, 2, 1, 1),
                cell("A", 0, 3, 1, 1),
                cell("x", 1, 0, 1, 2),
                cell("x", 1, 2, 1, 1),
                cell("y", 1, 3, 2, 1),
                cell("1", 2, 0, 1, 1),
                cell("2", 2, 1, 1, 1),
                cell("3", 2, 2, 1, 1),
            ]
        );
    }

    #[test]
    fn leaves_with_equal_texts_stay_apart_and_no_text_is_an_empty_cell() {
        assert_eq!(
            header(&[&["TH"], &["TH"], &[]]),
            [cell("TH", 0, 0, 1, 1), cell("TH", 0, 1, 1, 1), cell("", 0, 2, 1, 1)]
        );
        assert!(header(&[]).is_empty());
    }
}
