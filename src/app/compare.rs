//! What is mended, what is new, and which figures moved: between two judgements, or two submissions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{App, fault::Fault, folders::Folder, judge::Judgement};

/// Figures that are listed.
const MOST_MOVED: usize = 500;

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

fn findings(submission: &Value) -> BTreeMap<String, &Value> {
    let all = submission["findings"].as_array().into_iter().flatten();
    let open = all.filter(|finding| finding["suppressed"].is_null());
    open.filter_map(|finding| Some((finding["fingerprint"].as_str()?.to_owned(), finding))).collect()
}

/// What follows from a cause has not gone with it: it may only have been folded into another one.
fn told(submission: &Value, found: &mut BTreeSet<String>) {
    for finding in submission.as_array().into_iter().flatten() {
        if let Some(fingerprint) = finding["fingerprint"].as_str() {
            found.insert(fingerprint.to_owned());
        }
        told(&finding["consequences"], found);
    }
}

/// Between the last two judgements of a submission, or from another submission to it.
pub(super) fn compare(
    app: &App,
    folder: &Folder,
    submission: Option<&str>,
    with: Option<(&Folder, Option<&str>)>,
) -> Result<Value, Fault> {
    let path = folder.submission(submission)?;
    let judgement = |folder: &Folder| folder.state().now.clone().ok_or(Fault::NoSuchThing);
    let now = judgement(folder)?;
    let (before, before_path) = match with {
        Some((folder, submission)) => (judgement(folder)?, folder.submission(submission)?),
        None => (folder.state().before.clone().ok_or(Fault::NoSuchThing)?, path.clone()),
    };
    let (new, old) = (now.submission(&path), before.submission(&before_path));
    let (new, old) = (new.ok_or(Fault::NoSuchThing)?, old.ok_or(Fault::NoSuchThing)?);
    let (is, was) = (findings(new), findings(old));
    let (mut still, mut had) = (BTreeSet::new(), BTreeSet::new());
    told(&new["findings"], &mut still);
    told(&old["findings"], &mut had);
    let mended: Vec<&Value> = was.iter().filter(|(id, _)| !still.contains(*id)).map(|(_, own)| *own).collect();
    let fresh: Vec<&Value> = is.iter().filter(|(id, _)| !had.contains(*id)).map(|(_, own)| *own).collect();
    let same: Vec<&String> = is.keys().filter(|id| had.contains(*id)).collect();
    Ok(json!({
        "before": before.revision,
        "revision": now.revision,
        "mended": mended,
        "new": fresh,
        "same": same,
        "moved": moved((&before, &before_path), (&now, &path), folder, app),
    }))
}

fn moved(before: (&Judgement, &str), now: (&Judgement, &str), folder: &Folder, app: &App) -> Vec<Value> {
    let none = BTreeMap::new();
    let of = |(judgement, path): (&Judgement, &str)| judgement.figures.get(path).cloned();
    let (before, now) = (of(before).unwrap_or_else(|| none.clone()), of(now).unwrap_or(none));
    let language = app.language();
    let shown = |figure: Option<&Figure>| {
        figure.map(|figure| {
            let value = crate::values::number::parse_plain(&figure.value);
            value.map_or_else(|| figure.value.clone(), |value| language.number(value))
        })
    };
    let keys: BTreeSet<&[String; 3]> = before.keys().chain(now.keys()).collect();
    let differs = |key: &&&[String; 3]| before.get(**key).map(|own| &own.value) != now.get(**key).map(|own| &own.value);
    // Words that changed are no figures.
    let is_figure =
        |key: &&&[String; 3]| [before.get(**key), now.get(**key)].into_iter().flatten().any(|own| own.is_number);
    let mut state = folder.state();
    keys.iter()
        .filter(differs)
        .filter(is_figure)
        .take(MOST_MOVED)
        .filter_map(|key| {
            let [indicator, measure, member] = key;
            let (old, new) = (before.get(*key), now.get(*key));
            let own = new.or(old)?;
            let label = if member.is_empty() { own.label.clone() } else { format!("{} · {member}", own.label) };
            let place = new.map(|own| {
                let id = state.file_id(&folder.id, &own.file);
                json!({ "file": own.file, "fileId": id, "sheet": own.sheet, "cell": own.cell })
            });
            Some(json!({
                "indicator": indicator, "label": label, "measure": measure,
                "before": shown(old), "after": shown(new), "place": place,
            }))
        })
        .collect()
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
