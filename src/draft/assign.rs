//! The best assignment of rows to columns as a whole: the Hungarian method on whole numbers.

/// For each row the column that it gets, so that the sum of scores is greatest; rows without a score
/// above 0 get none. `scores` has the same length in every row.
pub(super) fn assign(scores: &[Vec<i64>]) -> Vec<Option<usize>> {
    let rows = scores.len();
    let columns = scores.first().map_or(0, Vec::len);
    if rows == 0 || columns == 0 {
        return vec![None; rows];
    }
    // A dummy column for each row stands for "none".
    let width = columns + rows;
    let cost = |row: usize, column: usize| if column < columns { -scores[row][column].max(0) } else { 0 };
    // Potentials and matches, from one; 0 is the free column.
    let (mut by_row, mut by_column) = (vec![0i64; rows + 1], vec![0i64; width + 1]);
    let mut matched = vec![0usize; width + 1];
    for row in 1..=rows {
        matched[0] = row;
        let mut at = 0;
        let mut least = vec![i64::MAX; width + 1];
        let mut used = vec![false; width + 1];
        let mut way = vec![0usize; width + 1];
        loop {
            used[at] = true;
            let own = matched[at];
            let (mut delta, mut next) = (i64::MAX, 0);
            for column in 1..=width {
                if used[column] {
                    continue;
                }
                let reduced = cost(own - 1, column - 1) - by_row[own] - by_column[column];
                if reduced < least[column] {
                    least[column] = reduced;
                    way[column] = at;
                }
                if least[column] < delta {
                    delta = least[column];
                    next = column;
                }
            }
            for column in 0..=width {
                if used[column] {
                    by_row[matched[column]] += delta;
                    by_column[column] -= delta;
                } else if least[column] < i64::MAX {
                    least[column] -= delta;
                }
            }
            at = next;
            if matched[at] == 0 {
                break;
            }
        }
        while at != 0 {
            let before = way[at];
            matched[at] = matched[before];
            at = before;
        }
    }
    let mut found = vec![None; rows];
    for column in 1..=columns {
        let row = matched[column];
        if row > 0 && scores[row - 1][column - 1] > 0 {
            found[row - 1] = Some(column - 1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_counts_and_not_row_by_row() {
        // The first row would like the column that the second needs.
        assert_eq!(assign(&[vec![90, 80], vec![85, 0]]), [Some(1), Some(0)]);
        assert_eq!(assign(&[vec![0, 0], vec![0, 5]]), [None, Some(1)]);
        assert_eq!(assign(&[vec![3], vec![7], vec![5]]), [None, Some(0), None]);
        assert!(assign(&[]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn nothing_beats_it(scores in proptest::collection::vec(proptest::collection::vec(0i64..50, 3), 3)) {
            let found = assign(&scores);
            let total: i64 = found.iter().enumerate().filter_map(|(row, column)| Some(scores[row][(*column)?])).sum();
            for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
                let other: i64 = order.iter().enumerate().map(|(row, column)| scores[row][*column]).sum();
                proptest::prop_assert!(total >= other);
            }
        }
    }
}
