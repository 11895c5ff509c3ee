//! Times the report on a submission with many broken blocks.
//!
//! ```text
//! cargo run --release --example blocks [-- BLOCKS]
//! ```
//!
//! Each block is a crop of three seasons: area, yield and output of each, output as area times yield,
//! totals of areas and outputs, and plan, result and ratio of all of it. In every block one typed figure
//! is damaged: two digits exchanged, one changed, a factor of ten, or two cells that are wrong at once.

use std::{env, fmt::Write as _, sync::Arc, time::Instant};

use bieu::internals::{
    extract::Texts,
    line::pipeline::{self, Basis},
    model::{catalogue, document::Document, finding::Severity, mapping, report::ReportEntry},
    read::Limits,
    values::language::Language,
};

const SEASONS: [&str; 3] = ["xuan", "mua", "dong"];

fn catalogue_text(blocks: usize) -> String {
    let mut text = "[catalogue]\nid = \"blocks\"\nperiod = \"2024\"\n".to_owned();
    for block in 0..blocks {
        let of = |what: &str| SEASONS.map(|season| format!("\"c{block}.{season}.{what}\"")).join(", ");
        let (areas, outputs) = (of("dt"), of("sl"));
        let _ = write!(
            text,
            "[[indicator]]\nid = \"c{block}.dt\"\nlabel = \"c{block} dt\"\nunit = \"ha\"\ndecimals = 2\nparts = [{areas}]\n\
             [[indicator]]\nid = \"c{block}.sl\"\nlabel = \"c{block} sl\"\nunit = \"tấn\"\ndecimals = 3\nparts = [{outputs}]\n"
        );
        for season in SEASONS {
            let id = format!("c{block}.{season}");
            let _ = write!(
                text,
                "[[indicator]]\nid = \"{id}.dt\"\nlabel = \"{id} dt\"\nunit = \"ha\"\ndecimals = 2\n\
                 [[indicator]]\nid = \"{id}.ns\"\nlabel = \"{id} ns\"\nunit = \"tạ/ha\"\ndecimals = 1\n\
                 [[indicator]]\nid = \"{id}.sl\"\nlabel = \"{id} sl\"\nunit = \"tấn\"\ndecimals = 3\n\
                 product = {{ of = [\"{id}.dt\", \"{id}.ns\"], divide-by = 10 }}\n"
            );
        }
    }
    text
}

const MAPPING: &str = "[mapping]\nid = \"blocks\"\ncatalogue = \"catalogue.toml\"\n\
    [[source]]\nfile = \"so-lieu*\"\nlabel = \"Chỉ tiêu\"\nnumbers = \"english\"\n\
    [source.columns]\n\"Kế hoạch\" = \"plan\"\n\"Thực hiện\" = \"actual\"\n\"Tỷ lệ\" = \"ratio\"\n[source.rows]\n";

fn mapping_text(blocks: usize) -> String {
    let mut text = MAPPING.to_owned();
    for block in 0..blocks {
        let own = ["dt", "sl"].map(|what| (format!("c{block} {what}"), format!("c{block}.{what}")));
        let of_seasons = SEASONS.iter().flat_map(|season| {
            ["dt", "ns", "sl"].map(|what| (format!("c{block}.{season} {what}"), format!("c{block}.{season}.{what}")))
        });
        for (label, id) in own.into_iter().chain(of_seasons) {
            let _ = writeln!(text, "\"{label}\" = \"{id}\"");
        }
    }
    text
}

/// A figure in hundredths, tenths or thousandths.
fn shown(value: i64, decimals: u32) -> String {
    let unit = 10_i64.pow(decimals);
    format!("{}.{:0width$}", value / unit, value % unit, width = decimals as usize)
}

/// What stands there after a damage of one of four kinds.
fn damaged(value: i64, kind: usize) -> i64 {
    match kind {
        0 => {
            let (high, low) = (value / 100 % 10, value / 10 % 10);
            if high == low { value + 300 } else { value + (low - high) * 100 + (high - low) * 10 }
        }
        1 => value + 400,
        _ => value * 10,
    }
}

fn sheet(blocks: usize) -> String {
    let mut text = "Chỉ tiêu,Kế hoạch,Thực hiện,Tỷ lệ\n".to_owned();
    for block in 0..blocks {
        let seed = i64::try_from(block).unwrap_or(0);
        let (mut areas, mut outputs) = ([0, 0], [0, 0]);
        let mut rows = Vec::new();
        for (at, season) in (0..).zip(SEASONS) {
            let area = |column: i64| 12_345 + 137 * seed + 1_729 * at + 411 * column;
            let yields = |column: i64| 513 + (7 * seed + 11 * at + 3 * column) % 90;
            let row: Vec<[i64; 2]> =
                vec![[area(0), area(1)], [yields(0), yields(1)], [area(0) * yields(0) / 10, area(1) * yields(1) / 10]];
            for column in 0..2 {
                areas[column] += row[0][column];
                outputs[column] += row[2][column];
            }
            for (what, decimals, figures) in [("dt", 2, row[0]), ("ns", 1, row[1]), ("sl", 3, row[2])] {
                rows.push((format!("c{block}.{season} {what}"), decimals, figures));
            }
        }
        rows.insert(0, (format!("c{block} dt"), 2, areas));
        rows.insert(1, (format!("c{block} sl"), 3, outputs));
        let kind = block % 4;
        for (at, (label, decimals, figures)) in rows.into_iter().enumerate() {
            let [plan, mut actual] = figures;
            let ratio = (actual * 100_000 / plan + 5) / 10;
            if at == 2 || (kind == 3 && at == 5) {
                actual = damaged(actual, kind);
            }
            let _ = writeln!(text, "{label},{},{},{}", shown(plan, decimals), shown(actual, decimals), shown(ratio, 2));
        }
    }
    text
}

fn main() {
    let blocks = env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(40);
    let catalogue = catalogue::decode(&Document::new("catalogue.toml", catalogue_text(blocks))).expect("a catalogue");
    let mapping = mapping::decode(&Document::new("mapping.toml", mapping_text(blocks)), &catalogue).expect("a mapping");
    let bytes = sheet(blocks);
    let start = Instant::now();
    let file = pipeline::read_file(&Arc::from("so-lieu.csv"), bytes.as_bytes(), &Limits::default());
    let files = vec![file];
    let extract = pipeline::try_mapping(&files, &mapping, &catalogue, None, &Texts::default()).0;
    let basis = Basis { mapping: &mapping, catalogue: &catalogue, previous: None, suppressions: None };
    let judged = pipeline::judge(&Arc::from("in"), files, extract, basis, Language::Vi).submission;
    let took = start.elapsed();
    let grave = |finding: &&ReportEntry| finding.severity > Severity::Info;
    let findings = judged.findings.iter().filter(grave).count();
    let sure = judged.findings.iter().filter(|finding| finding.suspects().next().is_some()).count();
    println!(
        "{blocks} blocks, {} readings, {} broken checks, {findings} findings, {sure} with a sure cell: {} ms",
        judged.readings,
        judged.checks.failed,
        took.as_millis()
    );
}
