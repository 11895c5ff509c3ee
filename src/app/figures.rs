//! The figures of a run, read back from its tidy table.

use std::collections::BTreeMap;

/// A figure of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) label: String,
    pub(super) value: String,
    /// Whether that is a number, and no words.
    pub(super) is_number: bool,
    pub(super) file: String,
    pub(super) sheet: String,
    pub(super) cell: String,
}

/// Figures by submission, then by indicator, measure and member.
pub(super) type Figures = BTreeMap<String, BTreeMap<[String; 3], Figure>>;

/// Reads the tidy table of a child.
pub(super) fn figures(table: &str) -> Figures {
    let mut figures = Figures::new();
    let mut rows = Rows(table.trim_start_matches('\u{feff}'));
    let Some(names) = rows.next() else { return figures };
    let at = |name: &str| names.iter().position(|own| own == name);
    let wanted =
        ["submission", "indicator", "label", "measure", "member", "value", "value_text", "file", "sheet", "cell"];
    let Some(at) = wanted.iter().map(|name| at(name)).collect::<Option<Vec<usize>>>() else { return figures };
    for row in rows {
        let Some(own) = at.iter().map(|at| row.get(*at).cloned()).collect::<Option<Vec<String>>>() else { continue };
        let Ok([submission, indicator, label, measure, member, value, text, file, sheet, cell]) =
            <[String; 10]>::try_from(own)
        else {
            continue;
        };
        let is_number = !value.is_empty();
        let value = if is_number { value } else { text };
        let figure = Figure { label, value, is_number, file, sheet, cell };
        // The first reading of a key is the one that the form shows.
        figures.entry(submission).or_default().entry([indicator, measure, member]).or_insert(figure);
    }
    figures
}

/// The rows of a CSV that this program wrote.
struct Rows<'a>(&'a str);

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.0.is_empty() {
            return None;
        }
        let (mut row, mut field, mut quoted) = (Vec::new(), String::new(), false);
        let mut chars = self.0.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if quoted && chars.peek().is_some_and(|(_, next)| *next == '"') => {
                    chars.next();
                    field.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => row.push(std::mem::take(&mut field)),
                '\r' if !quoted => {}
                '\n' if !quoted => {
                    row.push(field);
                    self.0 = &self.0[at + 1..];
                    return Some(row);
                }
                c => field.push(c),
            }
        }
        self.0 = "";
        row.push(field);
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tidy_table_is_read_back() {
        let table = "\u{feff}submission,catalogue,period,indicator,label,measure,member,value,value_text,unit,file,sheet,cell,raw\n\
                     a,c,p,i,\"L, \"\"x\"\"\na\",actual,,12.5,,ha,a/b.xlsx,S,D2,\"12,5\"\n\
                     a,c,p,i,L,plan,,,>90,ha,a/b.xlsx,S,C2,>90\n";
        let figures = figures(table);
        let own = &figures["a"];
        assert_eq!(own.len(), 2);
        let figure = &own[&["i".to_owned(), "actual".to_owned(), String::new()]];
        assert_eq!((figure.label.as_str(), figure.value.as_str(), figure.cell.as_str()), ("L, \"x\"\na", "12.5", "D2"));
        assert_eq!(own[&["i".to_owned(), "plan".to_owned(), String::new()]].value, ">90");
        assert!(super::figures("").is_empty() && super::figures("a,b\n1").is_empty());
    }
}
