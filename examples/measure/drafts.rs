//! Drafts a folder and prints the mapping and catalogue; with `--against MAPPING` tells which cells the
//! draft reads otherwise than a mapping by hand does.
//!
//! ```sh
//! cargo run --release --example drafts -- [-c CATALOGUE.toml] [--against MAPPING.toml] FILE...
//! ```

use std::{collections::BTreeMap, path::Path};

use bieu::internals::{
    draft::{self, Request},
    extract::{Extract, Texts, extract},
    line::pipeline::read_file,
    model::{
        catalogue::{self, Catalogue},
        document::Document,
        mapping,
        workbook::Workbook,
    },
    read::Limits,
    values::language::Language,
};

fn document(path: &str) -> Option<Document> {
    Some(Document::new(path, std::fs::read_to_string(path).ok()?))
}

type Taken = BTreeMap<(String, String, String), String>;

fn taken(extract: &Extract, catalogue: &Catalogue) -> Taken {
    let mut taken = Taken::new();
    extract.dataset.each(|reading| {
        let blank = bieu::internals::model::reading::Value::Nothing(bieu::internals::values::number::Nothing::Blank);
        if !reading.origin.addends.is_empty() || reading.value == blank {
            return;
        }
        let (key, place) = (&reading.key, &reading.origin);
        let what = format!(
            "{} {} {}",
            catalogue.indicator(key.indicator).id,
            catalogue.measure(key.measure).id,
            key.member.as_deref().unwrap_or("")
        );
        taken.insert((place.file.to_string(), place.sheet.to_string(), place.cell.to_string()), what);
    });
    taken
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (mut catalogue_path, mut against, mut files, mut quiet) = (None, None, Vec::new(), false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-c" => catalogue_path = arguments.next(),
            "--against" => against = arguments.next(),
            "-q" => quiet = true,
            _ => files.push(argument),
        }
    }
    let known = Texts::default();
    let workbooks: Vec<Workbook> = files
        .iter()
        .filter_map(|file| {
            let bytes = std::fs::read(file).ok()?;
            read_file(&file.as_str().into(), &bytes, &Limits::default()).workbook
        })
        .collect();
    let workbooks: Vec<&Workbook> = workbooks.iter().collect();
    let catalogue = catalogue_path.as_deref().and_then(document).and_then(|document| catalogue::decode(&document).ok());
    let name = Path::new(files.first().map_or("", String::as_str)).parent().and_then(Path::file_name);
    let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let started = std::time::Instant::now();
    let draft = draft::draft(
        Request {
            workbooks: &workbooks,
            catalogue: catalogue.as_ref().zip(catalogue_path.as_deref()),
            period: None,
            name: &name,
            choices: &[],
            language: Language::Vi,
        },
        &known,
    );
    let took = started.elapsed();
    if !quiet {
        println!("{}", draft.mapping.as_deref().unwrap_or("(nothing)"));
        println!("{}", draft.catalogue.as_deref().unwrap_or(""));
    }
    for problem in &draft.problems {
        println!("PROBLEM {problem:?}");
    }
    if let Some(extract) = &draft.extract {
        for finding in
            extract.findings.iter().filter(|finding| finding.mapping.is_some() || finding.code.name.starts_with("unm"))
        {
            println!(
                "FINDING {} {:?} {}",
                finding.code.name,
                finding.mapping.as_ref().map(|line| line.line),
                finding.facts.message(Language::Vi)
            );
        }
    }
    println!(
        "{} tables, {} blank, {} numbers left, {} ms",
        draft.tables.len(),
        draft.blank.len(),
        draft.left,
        took.as_millis()
    );
    let (Some(against), Some(catalogue)) = (against, catalogue) else { return };
    let Some(mapping) = document(&against).and_then(|document| mapping::decode(&document, &catalogue).ok()) else {
        println!("cannot read {against}");
        return;
    };
    let by_hand = taken(&extract(&workbooks, &[], &mapping, &catalogue, None, &known), &catalogue);
    let drafted = draft.extract.as_ref().map(|extract| taken(extract, &catalogue)).unwrap_or_default();
    let right = by_hand.iter().filter(|(cell, what)| drafted.get(*cell) == Some(*what)).count();
    for (cell, what) in &by_hand {
        match drafted.get(cell) {
            Some(other) if other == what => {}
            Some(other) => println!("WRONG {cell:?}: {other}, by hand {what}"),
            None => println!("MISSING {cell:?}: {what}"),
        }
    }
    for (cell, what) in drafted.iter().filter(|(cell, _)| !by_hand.contains_key(*cell)) {
        println!("MORE {cell:?}: {what}");
    }
    println!("{right} of {} cells as by hand", by_hand.len());
}
