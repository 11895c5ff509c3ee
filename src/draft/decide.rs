//! What the rows and columns of a table are, where a catalogue says what there can be.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    Files, assign,
    matching::{Match, Matcher, Said},
    meaning::{self, Meaning},
    model::{Certainty, DraftTable, Role},
    relations::{Along, RelationKind},
    words,
};
use crate::{
    model::catalogue::{Catalogue, IndicatorId, MeasureId, MeasureKind},
    values::{
        language::{Language, say},
        text,
        unit::Unit,
    },
};

/// What decisions are made by.
pub(super) struct Decider<'a> {
    pub(super) files: &'a Files<'a>,
    pub(super) catalogue: &'a Catalogue,
    pub(super) matcher: Matcher,
    pub(super) language: Language,
}

impl Decider<'_> {
    /// Gives every row and column of a table its meaning.
    pub(super) fn decide(&self, mut table: DraftTable) -> Vec<DraftTable> {
        self.decide_one(&mut table);
        if !table.by_column {
            return vec![table];
        }
        let lists = super::groups::lists(&table);
        if lists.len() < 2 {
            return vec![table];
        }
        let decided = lists.into_iter().map(|mut list| {
            let around = self.around(&list);
            let groups = self.groups(&list, &around);
            let found = self.matcher.matches(&groups.iter().map(|(_, said)| said.clone()).collect::<Vec<_>>());
            for column in &mut list.columns {
                (column.measure, column.indicator) = (None, None);
            }
            self.columns_name(&mut list, &groups, found);
            super::members::decide(&mut list, self.language);
            list
        });
        decided.collect()
    }

    fn decide_one(&self, table: &mut DraftTable) {
        let around = self.around(table);
        let rows = Self::said_rows(table, &around);
        let by_row = self.matcher.matches(&rows.iter().map(|(_, said)| said.clone()).collect::<Vec<_>>());
        let groups = self.groups(table, &around);
        let by_group = self.matcher.matches(&groups.iter().map(|(_, said)| said.clone()).collect::<Vec<_>>());
        let worth = |found: &[Option<Match>]| -> usize {
            let points =
                found.iter().flatten().map(|m| if m.certainty == Certainty::Certain { 4 } else { 2 }).sum::<usize>();
            points * 100 / (found.len().max(1) * 4)
        };
        let (row_worth, column_worth) = (worth(&by_row), worth(&by_group));
        let has_names = groups.iter().any(|(columns, _)| columns.iter().any(|at| Self::names_itself(table, *at)));
        // One indicator for a whole table is little to go by.
        let column_worth = if has_names { column_worth } else { column_worth / 2 };
        table.by_column = column_worth > row_worth && table.blocks.is_none();
        if table.by_column {
            self.columns_name(table, &groups, by_group);
            super::members::decide(table, self.language);
        } else {
            self.rows_name(table, &rows, by_row);
            self.measures(table);
            self.renamed(table, &rows);
        }
    }

    fn around(&self, table: &DraftTable) -> Vec<String> {
        let sheet = self.files.sheet(table);
        let mut around = vec![sheet.name.to_string()];
        // "Khối, lớp": what the labels are.
        around.extend(table.label.iter().filter(|label| !label.starts_with('@')).cloned());
        around.extend(table.titles.iter().take(4).cloned());
        around.push(text::file_stem(self.files.name(table.file)).replace(['-', '_', '.'], " "));
        around
    }

    fn said_rows(table: &DraftTable, around: &[String]) -> Vec<(usize, Said)> {
        let mut said = Vec::new();
        for (at, row) in table.rows.iter().enumerate() {
            if !row.line.has_values && row.line.unit.is_none() || row.line.path.is_empty() {
                continue;
            }
            let unit = row.line.unit.clone().or_else(|| table.unit.clone());
            said.push((
                at,
                Said {
                    label: row.line.label.clone(),
                    headings: row.line.headings.clone(),
                    around: around.to_vec(),
                    unit,
                },
            ));
        }
        said
    }

    /// Columns with the same name above them, and what is said of each.
    fn groups(&self, table: &DraftTable, around: &[String]) -> Vec<(Vec<usize>, Said)> {
        let mut groups: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        let mut order: Vec<Vec<String>> = Vec::new();
        for (at, column) in table.columns.iter().enumerate().filter(|(_, column)| column.has_figures) {
            if matches!(column.meaning, Meaning::Code | Meaning::Note) {
                continue;
            }
            let steps = name_steps(&column.header);
            if !groups.contains_key(&steps) {
                order.push(steps.clone());
            }
            groups.entry(steps).or_default().push(at);
        }
        order
            .into_iter()
            .map(|steps| {
                let columns = groups.remove(&steps).unwrap_or_default();
                let unit = columns.iter().find_map(|at| table.columns[*at].unit.clone());
                let unit = unit.or_else(|| self.counted_in(steps.last()?)).or_else(|| table.unit.clone());
                let (label, headings) = match steps.split_last() {
                    Some((label, headings)) => {
                        let headings = headings.iter().chain(&table.part).cloned().collect();
                        (without_unit(label).to_owned(), headings)
                    }
                    // What the whole table is about.
                    None => (subject(table).unwrap_or_else(|| around.first().cloned().unwrap_or_default()), Vec::new()),
                };
                (columns, Said { label, headings, around: around.to_vec(), unit })
            })
            .collect()
    }

    /// "Số lớp (lớp)": a thing in brackets is a unit where the catalogue counts in it.
    fn counted_in(&self, step: &str) -> Option<Arc<Unit>> {
        let open = step.rfind('(')?;
        let unit = Unit::parse(step[open + 1..].trim_end_matches([')', ' ']))?;
        let is_known = self
            .catalogue
            .iter()
            .any(|(_, indicator)| indicator.unit.as_ref().is_some_and(|own| own.measures_same(&unit)));
        is_known.then(|| Arc::new(unit))
    }

    fn names_itself(table: &DraftTable, column: usize) -> bool {
        !name_steps(&table.columns[column].header).is_empty()
    }

    fn remark(&self, found: &Match) -> (String, Vec<String>) {
        let ids: Vec<String> = found.others.iter().map(|id| self.catalogue.indicator(*id).id.to_string()).collect();
        let mut evidence = if found.is_exact {
            say!(self.language, "đúng tên trong danh mục", "the name of the catalogue")
        } else if found.certainty == Certainty::Certain {
            say!(self.language, "đủ các từ của tên trong danh mục", "all words of the name in the catalogue")
        } else {
            say!(self.language, "chỉ theo tên", "by its name only")
        };
        if found.unit_differs {
            evidence.push_str(&say!(
                self.language,
                "; đơn vị tính khác danh mục",
                "; the unit differs from the catalogue's"
            ));
        }
        (evidence, ids)
    }

    fn rows_name(&self, table: &mut DraftTable, rows: &[(usize, Said)], found: Vec<Option<Match>>) {
        for ((at, said), found) in rows.iter().zip(found) {
            let remark = found.as_ref().map(|found| self.remark(found));
            let row = &mut table.rows[*at];
            match (found, remark) {
                (Some(found), Some((evidence, alternatives))) => {
                    row.role = Role::Indicator;
                    row.indicator = Some(self.catalogue.indicator(found.indicator).id.to_string());
                    row.certainty = found.certainty;
                    (row.evidence, row.alternatives) = (evidence, alternatives);
                }
                _ if !row.line.has_values => row.role = Role::Heading,
                _ => {
                    row.role = Role::Open;
                    row.certainty = Certainty::Open;
                    let near = self.matcher.nearest(said);
                    let near = near.iter().filter(|(_, score)| *score >= 400).take(2);
                    row.alternatives = near.map(|(id, _)| self.catalogue.indicator(*id).id.to_string()).collect();
                    row.evidence =
                        say!(self.language, "danh mục không có chỉ tiêu này", "the catalogue has no such indicator");
                }
            }
        }
    }

    fn columns_name(&self, table: &mut DraftTable, groups: &[(Vec<usize>, Said)], found: Vec<Option<Match>>) {
        for ((columns, _), found) in groups.iter().zip(found) {
            let Some(found) = found else {
                for at in columns {
                    table.columns[*at].evidence =
                        say!(self.language, "danh mục không có chỉ tiêu này", "the catalogue has no such indicator");
                }
                continue;
            };
            let (evidence, alternatives) = self.remark(&found);
            let id = self.catalogue.indicator(found.indicator).id.to_string();
            // A column that names its indicator and no measure holds results.
            let all: Vec<MeasureId> = self.catalogue.iter_measures().map(|(id, _)| id).collect();
            let actual = self.catalogue.measure_where(|kind| kind == MeasureKind::Actual);
            let scores: Vec<Vec<i64>> = columns
                .iter()
                .map(|at| {
                    let meaning = &table.columns[*at].meaning;
                    let fit = |measure: &MeasureId| match meaning {
                        Meaning::Name if Some(*measure) == actual => 80,
                        _ => i64::from(meaning::fit(meaning, self.catalogue, *measure)),
                    };
                    all.iter().map(fit).collect()
                })
                .collect();
            let measures = assign::assign(&scores);
            for (place, (at, measure)) in columns.iter().zip(measures).enumerate() {
                let column = &mut table.columns[*at];
                let Some(measure) = measure.filter(|measure| scores[place][*measure] >= 40) else {
                    column.evidence = say!(self.language, "chưa rõ loại số liệu", "which measure it is cannot be told");
                    continue;
                };
                column.indicator = Some(id.clone());
                column.measure = Some(self.catalogue.measures[measure].id.to_string());
                column.certainty = found.certainty;
                (column.evidence, column.alternatives) = (evidence.clone(), alternatives.clone());
            }
        }
        for column in &mut table.columns {
            if column.measure.is_none()
                && (!column.has_figures || matches!(column.meaning, Meaning::Code | Meaning::Note))
            {
                column.measure = Some("ignore".to_owned());
                column.certainty = Certainty::Certain;
            }
        }
    }

    /// The measures of columns, where the rows name the indicators.
    pub(super) fn measures(&self, table: &mut DraftTable) {
        let all: Vec<MeasureId> = self.catalogue.iter_measures().map(|(id, _)| id).collect();
        let taking: Vec<usize> = (0..table.columns.len()).filter(|at| table.columns[*at].twin.is_none()).collect();
        let years: BTreeSet<i32> = table
            .columns
            .iter()
            .filter_map(|column| match column.meaning {
                Meaning::Value(value) => value.year,
                _ => None,
            })
            .collect();
        let score = |at: usize, measure: MeasureId, base: &BTreeSet<MeasureId>| -> i64 {
            let column = &table.columns[at];
            let mut score = i64::from(meaning::fit(&column.meaning, self.catalogue, measure));
            match self.catalogue.measure(measure).kind {
                MeasureKind::Ratio { of, to, .. } if score > 0 => {
                    let is_there = |id: MeasureId| base.contains(&id);
                    score += if is_there(of) && is_there(to) { 25 } else { -25 };
                }
                MeasureKind::Share { .. } if score > 0 => {
                    let has_plan = base.iter().any(|id| self.catalogue.measure(*id).kind == MeasureKind::Plan);
                    let has_whole = table.rows.iter().filter_map(|row| row.indicator.as_deref()).any(|id| {
                        self.catalogue.find(id).is_some_and(|id| self.catalogue.indicator(id).whole.is_some())
                    });
                    score += if !has_plan && has_whole { 40 } else { -30 };
                }
                // "Năm 2030 (ước)" among the results of other years.
                MeasureKind::Other if score == 55 && years.len() > 3 => score += 42,
                _ => {}
            }
            if !column.has_figures && !matches!(column.meaning, Meaning::Note | Meaning::Verdict) { 0 } else { score }
        };
        let none = BTreeSet::new();
        let bases: Vec<Vec<i64>> = taking
            .iter()
            .map(|at| {
                all.iter()
                    .map(|id| if self.catalogue.measure(*id).is_base() { score(*at, *id, &none) } else { 0 })
                    .collect()
            })
            .collect();
        let found = assign::assign(&bases);
        let base: BTreeSet<MeasureId> = found.iter().flatten().map(|at| all[*at]).collect();
        let others: Vec<Vec<i64>> = taking
            .iter()
            .zip(&found)
            .map(|(at, found)| {
                let is_free = found.is_none();
                all.iter()
                    .map(
                        |id| if is_free && !self.catalogue.measure(*id).is_base() { score(*at, *id, &base) } else { 0 },
                    )
                    .collect()
            })
            .collect();
        let more = assign::assign(&others);
        let mut chosen: Vec<(usize, usize, i64)> = Vec::new();
        for (place, at) in taking.into_iter().enumerate() {
            if let Some(measure) = found[place] {
                chosen.push((at, measure, bases[place][measure]));
            } else if let Some(measure) = more[place] {
                chosen.push((at, measure, others[place][measure]));
            }
        }
        for (at, measure, score) in chosen {
            let column = &mut table.columns[at];
            column.measure = Some(self.catalogue.measures[measure].id.to_string());
            column.certainty = if score >= 75 { Certainty::Certain } else { Certainty::Likely };
            column.evidence = say!(self.language, "theo tiêu đề", "by its header");
        }
        self.judge_ratios(table);
        for column in &mut table.columns {
            if column.measure.is_some() {
                continue;
            }
            let is_note = matches!(column.meaning, Meaning::Note | Meaning::Verdict) || !column.has_figures;
            if is_note || column.meaning == Meaning::Code {
                column.measure = Some("ignore".to_owned());
                column.certainty = Certainty::Certain;
                column.evidence = if column.meaning == Meaning::Code {
                    say!(self.language, "mã, không phải số liệu", "codes, no figures")
                } else {
                    String::new()
                };
            } else {
                column.evidence = say!(self.language, "chưa rõ loại số liệu", "which measure it is cannot be told");
            }
        }
        super::blocks::follow(table);
    }

    /// What the figures say of columns that are called ratios.
    fn judge_ratios(&self, table: &mut DraftTable) {
        let of_measure: BTreeMap<String, usize> =
            table.columns.iter().filter_map(|column| Some((column.measure.clone()?, column.place?))).collect();
        for at in 0..table.columns.len() {
            let Some(measure) = table.columns[at].measure.clone() else { continue };
            let Some(id) = self.catalogue.find_measure(&measure) else { continue };
            let MeasureKind::Ratio { of, to, .. } = self.catalogue.measure(id).kind else { continue };
            let Some(place) = table.columns[at].place else { continue };
            let (of, to) = (&self.catalogue.measure(of).id, &self.catalogue.measure(to).id);
            let (of, to) = (of_measure.get(&**of).copied(), of_measure.get(&**to).copied());
            let relation = table.relations.iter().find(|relation| {
                relation.along == Along::Columns
                    && relation.kind == RelationKind::Ratio
                    && relation.total == place
                    && Some(relation.parts[0]) == of
                    && relation.parts.get(1).copied() == to
            });
            if let Some(relation) = relation {
                table.columns[at].evidence = words::support(relation, self.language);
            }
        }
    }

    /// Rows that state another measure of the indicator of another row, or a share for a ratio.
    fn renamed(&self, table: &mut DraftTable, rows: &[(usize, Said)]) {
        let measure_of = |wanted: &dyn Fn(MeasureKind) -> bool| {
            self.catalogue.measure_where(wanted).map(|id| self.catalogue.measure(id).id.to_string())
        };
        let has = |table: &DraftTable, measure: &str| {
            table.columns.iter().any(|column| column.measure.as_deref() == Some(measure))
        };
        let Some(actual) = measure_of(&|kind| kind == MeasureKind::Actual) else { return };
        let estimate = self.catalogue.iter_measures().find(|(_, measure)| measure.kind == MeasureKind::Estimate);
        if let Some((estimate_id, estimate)) = estimate
            && has(table, &actual)
            && !has(table, &estimate.id)
        {
            let ratio = self
                .catalogue
                .iter_measures()
                .find(|(_, measure)| matches!(measure.kind, MeasureKind::Ratio { of, .. } if of == estimate_id));
            let own_ratio = table
                .columns
                .iter()
                .filter_map(|column| column.measure.as_deref())
                .find(|id| {
                    self.catalogue
                        .find_measure(id)
                        .is_some_and(|id| matches!(self.catalogue.measure(id).kind, MeasureKind::Ratio { .. }))
                })
                .map(str::to_owned);
            for (at, said) in rows {
                let own = words::words(&said.label);
                let is_estimate = own.iter().any(|word| word == "ước" || word == "ưth")
                    || text::fold(&said.label).contains("dự kiến");
                if !is_estimate {
                    continue;
                }
                let kept: Vec<String> = own
                    .into_iter()
                    .filter(|word| {
                        !["ước", "ưth", "thực", "hiện", "cả", "năm", "dự", "kiến", "th"].contains(&word.as_str())
                    })
                    .collect();
                let bare = Said { label: kept.join(" "), ..said.clone() };
                let nearest = self.matcher.nearest(&bare);
                // The indicator of a row of this table.
                let of_row = |id: IndicatorId| {
                    let id = &self.catalogue.indicator(id).id;
                    table
                        .rows
                        .iter()
                        .enumerate()
                        .any(|(other, row)| other != *at && row.indicator.as_deref() == Some(&**id))
                };
                let Some((id, _)) = nearest.into_iter().find(|(id, score)| *score >= 560 && of_row(*id)) else {
                    continue;
                };
                let row = &mut table.rows[*at];
                row.role = Role::Indicator;
                row.indicator = Some(self.catalogue.indicator(id).id.to_string());
                row.measures = vec![(actual.clone(), estimate.id.to_string())];
                if let Some(own) = &own_ratio {
                    row.measures.push((
                        own.clone(),
                        ratio.map_or_else(|| "ignore".to_owned(), |(_, measure)| measure.id.to_string()),
                    ));
                }
                row.certainty = Certainty::Likely;
                row.alternatives.clear();
                row.evidence = say!(self.language, "dòng ước của chỉ tiêu trên", "the estimate of the indicator above");
            }
        }
        self.shares(table, &actual);
    }

    /// A printed ratio that is a share of the whole and no ratio to the plan.
    fn shares(&self, table: &mut DraftTable, actual: &str) {
        let place = |wanted: &dyn Fn(MeasureKind) -> bool| {
            table.columns.iter().find_map(|column| {
                let id = self.catalogue.find_measure(column.measure.as_deref()?)?;
                wanted(self.catalogue.measure(id).kind).then_some((column.place?, column.measure.clone()?))
            })
        };
        let Some((ratio, ratio_id)) = place(&|kind| matches!(kind, MeasureKind::Ratio { .. })) else { return };
        let Some((plan, _)) = place(&|kind| kind == MeasureKind::Plan) else { return };
        let Some((result, _)) = place(&|kind| kind == MeasureKind::Actual) else { return };
        let Some(share) =
            self.catalogue.iter_measures().find(|(_, measure)| matches!(measure.kind, MeasureKind::Share { .. }))
        else {
            return;
        };
        let _ = actual;
        let width = table.figures.columns.len();
        let cell = |row: usize, column: usize| table.figures.cells.get(row * width + column).copied().flatten();
        let mut renamed = Vec::new();
        for (at, row) in table.rows.iter().enumerate() {
            let Some(whole) = row
                .indicator
                .as_deref()
                .and_then(|id| self.catalogue.find(id))
                .and_then(|id| self.catalogue.indicator(id).whole)
            else {
                continue;
            };
            let whole = self.catalogue.indicator(whole).id.to_string();
            let Some(of) =
                table.rows.iter().find(|other| other.indicator.as_deref() == Some(&whole)).and_then(|row| row.place)
            else {
                continue;
            };
            let Some(own) = row.place else { continue };
            let (Some(printed), Some(result_own), Some(result_whole)) =
                (cell(own, ratio), cell(own, result), cell(of, result))
            else {
                continue;
            };
            let prints = |numerator: crate::values::number::Decimal, denominator: crate::values::number::Decimal| {
                let quotient = crate::values::number::Rational::from(numerator)
                    .checked_div(&crate::values::number::Rational::from(denominator));
                quotient.is_some_and(|quotient| {
                    (&quotient * &crate::values::number::Rational::power_of_ten(2))
                        .may_print_as(printed.value, printed.decimals)
                })
            };
            let by_plan = cell(own, plan).is_some_and(|plan| prints(result_own.value, plan.value));
            if !by_plan && prints(result_own.value, result_whole.value) {
                renamed.push(at);
            }
        }
        for at in renamed {
            table.rows[at].measures = vec![(ratio_id.clone(), share.1.id.to_string())];
        }
    }
}

/// The texts above a column that name what is counted, and not which measure of it.
pub(super) fn name_steps(header: &[String]) -> Vec<String> {
    let is_name = |text: &&String| {
        let folded = vec![text::fold_label(text)];
        match meaning::meaning(&folded) {
            Meaning::Name => true,
            Meaning::Value(_)
            | Meaning::Ratio(..)
            | Meaning::Growth(..)
            | Meaning::Share
            | Meaning::Verdict
            | Meaning::Note
            | Meaning::Code => false,
        }
    };
    let mut steps: Vec<String> = header.iter().filter(is_name).cloned().collect();
    steps.dedup();
    // "Năm học 2029-2030" says when.
    steps.retain(|step| {
        let rest: Vec<String> = words::words(step)
            .into_iter()
            .filter(|word| {
                !["năm", "học", "kỳ", "tháng"].contains(&word.as_str())
                    && !word.bytes().all(|byte| byte.is_ascii_digit())
            })
            .collect();
        !rest.is_empty()
    });
    steps
}

/// What the title of a table says that it is about: "KẾT QUẢ GIẢI NGÂN NĂM 2030" is about "giải ngân".
fn subject(table: &DraftTable) -> Option<String> {
    const FORMS: [&str; 14] =
        ["kết", "quả", "báo", "cáo", "biểu", "bảng", "tình", "hình", "thực", "hiện", "năm", "tháng", "hợp", "số"];
    let title = table
        .titles
        .iter()
        .find(|title| !title.starts_with('(') && title.chars().filter(|c| c.is_alphabetic()).count() > 6)?;
    let is_year = |word: &String| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let kept: Vec<String> =
        words::words(title).into_iter().filter(|word| !FORMS.contains(&word.as_str()) && !is_year(word)).collect();
    (!kept.is_empty()).then(|| kept.join(" "))
}

/// "Diện tích (ha)" without its unit.
pub(super) fn without_unit(label: &str) -> &str {
    match label.rfind('(') {
        Some(open) if open > 0 && Unit::parse_bracketed(label[open + 1..].trim_end_matches([')', ' '])).is_some() => {
            label[..open].trim_end()
        }
        _ => label,
    }
}
