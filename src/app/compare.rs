//! What is mended, what is new, and which figures moved: between two judgements, or two submissions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{App, fault::Fault, figures::Figure, folders::Folder, judgement::Judgement};

/// Figures that are listed.
const MOST_MOVED: usize = 500;

fn findings(submission: &Value) -> BTreeMap<String, &Value> {
    let all = submission["findings"].as_array().into_iter().flatten();
    let open = all.filter(|finding| finding["suppressed"].is_null());
    open.filter_map(|finding| Some((finding["fingerprint"].as_str()?.to_owned(), finding))).collect()
}

/// What follows from a cause has not gone with it: it may only have been folded into another one.
fn reported(submission: &Value, found: &mut BTreeSet<String>) {
    for finding in submission.as_array().into_iter().flatten() {
        if let Some(fingerprint) = finding["fingerprint"].as_str() {
            found.insert(fingerprint.to_owned());
        }
        reported(&finding["consequences"], found);
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
    reported(&new["findings"], &mut still);
    reported(&old["findings"], &mut had);
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
