//! Which indicator of a catalogue a row or a column is: by its words and those it stands under, by
//! units, by the best assignment of a whole table.
//!
//! Words that tell one indicator of the catalogue from another are vetoes: "xuân" where the sheet says
//! "mùa", "cận" where the row does not say it. They are learnt from the catalogue.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{model::Certainty, words};
use crate::{
    model::catalogue::{Catalogue, IndicatorId},
    values::{text, unit::Unit},
};

/// Scores are per thousand. Below this nothing is matched.
const LEAST: u32 = 580;
/// From here on, and with all words explained, an entry is sure.
const SURE: u32 = 860;
/// How much better than any rival a sure entry is.
const MARGIN: u32 = 40;
/// Most words in which two indicators differ for the words to be vetoes.
const MOST_TELLING: usize = 2;

/// Words of a row that say when or of whom, and not what.
const NEUTRAL: [&str; 8] = ["cả", "năm", "kỳ", "xã", "phường", "toàn", "địa", "bàn"];

/// What is said of a row or a column.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// Its own label.
    pub(super) label: String,
    /// Headings above it, outermost first.
    pub(super) headings: Vec<String>,
    /// Sheet, titles, file: what it stands among.
    pub(super) around: Vec<String>,
    pub(super) unit: Option<Arc<Unit>>,
}

/// One way to name an indicator.
#[derive(Debug)]
struct Name {
    folded: String,
    words: BTreeSet<String>,
    /// Words that tell it from a name of another indicator: its own and those of the other.
    rivals: BTreeSet<(Vec<String>, Vec<String>)>,
}

#[derive(Debug)]
struct Known {
    id: IndicatorId,
    names: Vec<Name>,
    /// Words of sections and parents, and of the id without tones.
    around: BTreeSet<String>,
    id_words: BTreeSet<String>,
    unit: Option<Unit>,
    accepts: Vec<Unit>,
}

/// The indicators of a catalogue, ready to be matched.
#[derive(Debug)]
pub(super) struct Matcher {
    known: Vec<Known>,
    /// In how many indicators a word occurs.
    count: BTreeMap<String, u32>,
}

/// What was found for a row or column.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub(super) indicator: IndicatorId,
    pub(super) certainty: Certainty,
    /// The next best ones.
    pub(super) others: Vec<IndicatorId>,
    pub(super) is_exact: bool,
    pub(super) unit_differs: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Score {
    points: u32,
    /// Whether all words on both sides are explained.
    is_full: bool,
    is_exact: bool,
    unit_differs: bool,
}

impl Matcher {
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let general = words::synonyms();
        let mut known: Vec<Known> = catalogue
            .iter()
            .map(|(id, indicator)| {
                let mut written: Vec<String> = vec![indicator.label.clone()];
                written.extend(indicator.synonyms.iter().cloned());
                let keys: BTreeSet<String> = written.iter().map(|name| text::fold_label(name)).collect();
                // Short names ("Bò") mean many things; a longer one brings all that mean the same.
                let is_known = |name: &String| keys.contains(&text::fold_label(name));
                for (label, others) in general {
                    let is_meant = is_known(label)
                        || others.iter().any(|other| words::telling(other).len() > 2 && is_known(other));
                    if is_meant {
                        written.push(label.clone());
                        written.extend(others.iter().cloned());
                    }
                }
                let mut seen = BTreeSet::new();
                let names = written.iter().filter_map(|name| {
                    let folded = text::fold_label(name);
                    seen.insert(folded.clone()).then(|| Name {
                        words: words::telling(name),
                        folded,
                        rivals: BTreeSet::new(),
                    })
                });
                let around = catalogue.headings(id).iter().flat_map(|heading| words::telling(heading)).collect();
                let id_words = indicator.id.split(['.', '-', '_']).map(str::to_owned).collect();
                Known {
                    id,
                    names: names.collect(),
                    around,
                    id_words,
                    unit: indicator.unit.clone(),
                    accepts: indicator.accepts.clone(),
                }
            })
            .collect();
        let mut count: BTreeMap<String, u32> = BTreeMap::new();
        for own in &known {
            let all: BTreeSet<&String> = own.names.iter().flat_map(|name| &name.words).collect();
            for word in all {
                *count.entry(word.clone()).or_default() += 1;
            }
        }
        find_rivals(&mut known);
        Self { known, count }
    }

    /// How much a word tells.
    fn weight(&self, word: &str) -> u32 {
        match self.count.get(word) {
            Some(1) => 6,
            None | Some(2..=3) => 5,
            Some(4..=7) => 4,
            Some(8..=14) => 3,
            Some(15..=30) => 2,
            Some(_) => 1,
        }
    }

    /// The best assignment for the rows or columns of one table.
    pub(super) fn matches(&self, all: &[Said]) -> Vec<Option<Match>> {
        let prepared: Vec<Prepared> = all.iter().map(Prepared::of).collect();
        let scores: Vec<Vec<Score>> =
            prepared.iter().map(|said| self.known.iter().map(|known| self.score(said, known)).collect()).collect();
        let worth = |score: &Score| {
            if score.points < LEAST { 0 } else { i64::from(score.points) + i64::from(score.is_exact) * 60 }
        };
        // Only indicators that anything fits take part.
        let taking: Vec<usize> =
            (0..self.known.len()).filter(|at| scores.iter().any(|row| worth(&row[*at]) > 0)).collect();
        let reduced: Vec<Vec<i64>> =
            scores.iter().map(|row| taking.iter().map(|at| worth(&row[*at])).collect()).collect();
        let found = super::assign::assign(&reduced);
        found
            .into_iter()
            .enumerate()
            .map(|(row, place)| {
                let at = taking[place?];
                let own = scores[row][at];
                let mut others: Vec<(u32, usize)> = scores[row]
                    .iter()
                    .enumerate()
                    .filter(|(other, score)| *other != at && score.points >= LEAST)
                    .map(|(other, score)| (score.points, other))
                    .collect();
                others.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
                let rival = others.first().map_or(0, |(score, _)| *score);
                // Another row that would fit as well.
                let twin = scores
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != row)
                    .map(|(_, row)| row[at].points)
                    .max()
                    .unwrap_or(0);
                let is_clear = own.points >= rival + MARGIN && own.points >= twin + MARGIN
                    || own.is_exact && own.points > rival && own.points >= twin;
                let is_sure = own.points >= SURE && own.is_full && is_clear && !own.unit_differs;
                Some(Match {
                    indicator: self.known[at].id,
                    certainty: if is_sure { Certainty::Certain } else { Certainty::Likely },
                    others: others.iter().take(2).map(|(_, at)| self.known[*at].id).collect(),
                    is_exact: own.is_exact,
                    unit_differs: own.unit_differs,
                })
            })
            .collect()
    }

    /// How well each indicator fits by itself, the best first.
    pub(super) fn nearest(&self, said: &Said) -> Vec<(IndicatorId, u32)> {
        let prepared = Prepared::of(said);
        let mut all: Vec<(IndicatorId, u32)> = self
            .known
            .iter()
            .map(|known| (known.id, self.score(&prepared, known).points))
            .filter(|(_, score)| *score > 0)
            .collect();
        all.sort_by_key(|(id, score)| (std::cmp::Reverse(*score), *id));
        all
    }

    fn score(&self, said: &Prepared, known: &Known) -> Score {
        if said.own.is_empty() {
            return Score::default();
        }
        let best = known
            .names
            .iter()
            .map(|name| self.score_name(said, known, name))
            .max_by_key(|score| (score.points, score.is_full));
        best.unwrap_or_default()
    }

    /// What the words of rivals take off: all of it where the row says what tells another indicator, and
    /// nearer than what tells this one.
    fn penalty(said: &Prepared, name: &Name) -> Option<u32> {
        let is_exact = name.folded == said.folded;
        let mut most = 0;
        for (mine, theirs) in &name.rivals {
            let nearest = |words: &[String]| words.iter().map(|word| said.how_near(word)).min();
            let (own, other) = (nearest(mine), nearest(theirs));
            match (own, other) {
                // Another name with more words, all of which are said.
                (None, Some(other)) if other >= 95 => return None,
                (None, Some(other)) if other > 0 && !is_exact => most = most.max(120),
                (Some(own), Some(other)) if other > own && other > 0 => return None,
                // Words of its own that are not said.
                (Some(0), None) if !is_exact => most = most.max(200),
                _ => {}
            }
        }
        Some(most)
    }

    fn score_name(&self, said: &Prepared, known: &Known, name: &Name) -> Score {
        let Some(penalty) = Self::penalty(said, name) else { return Score::default() };
        let (mut got, mut all) = (0, 0);
        let mut is_full = penalty == 0;
        for word in &name.words {
            let weight = self.weight(word);
            let own = said.how_near(word);
            if own == 0 && is_number(word) {
                return Score::default();
            }
            all += weight * 100;
            got += weight * own;
            is_full &= own >= 50;
        }
        let covered = got * 1000 / all.max(1);
        let (mut got, mut all) = (0, 0);
        for word in &said.own {
            if NEUTRAL.contains(&word.as_str()) && !name.words.contains(word) {
                continue;
            }
            let weight = self.weight(word);
            let skeleton = text::skeleton(word);
            let word = words::once(word).unwrap_or(word);
            let explained = if name.words.contains(word) {
                100
            } else if known.around.contains(word) || known.id_words.contains(&skeleton) {
                75
            } else if said.unit.as_ref().is_some_and(|unit| text::fold(&unit.name) == *word) {
                // "Hộ đạt ...", counted in hộ.
                60
            } else if said.is_plain && name.words.iter().any(|own| text::skeleton(own) == skeleton) {
                90
            } else {
                0
            };
            if explained == 0 && is_number(word) {
                return Score::default();
            }
            all += weight * 100;
            got += weight * explained;
            is_full &= explained > 0;
        }
        let explained = got * 1000 / all.max(1);
        // A row that says all of a name and more is another thing: "hộ cận nghèo" is no "hộ nghèo".
        let is_narrower =
            explained <= 800 && name.folded != said.folded && name.words.iter().all(|word| said.own.contains(word));
        let penalty = penalty + if is_narrower { 330 } else { 0 };
        let is_known_word = |word: &String| {
            name.words.contains(word) || known.around.contains(word) || known.id_words.contains(&text::skeleton(word))
        };
        is_full &= said.remarks.iter().all(is_known_word);
        // The heading right above belongs to the name of the row. One of which the catalogue knows the
        // words, and this indicator none, speaks of another.
        let (mut got, mut all, mut elsewhere) = (0, 0, 0);
        for word in &said.near {
            let weight = self.weight(word);
            all += weight;
            got += weight * u32::from(is_known_word(word));
            elsewhere += weight * u32::from(self.count.contains_key(word));
        }
        let near = (got * 1000).checked_div(all).unwrap_or(600);
        let is_elsewhere = all > 0 && got == 0 && elsewhere * 2 >= all;
        // A long name that is written just so is meant wherever it stands.
        let is_named = name.folded == said.folded && name.words.len() > 2;
        let penalty = penalty + if is_elsewhere && !is_named { 300 } else { 0 };
        let is_exact = name.folded == said.folded;
        let score = covered * 47 / 100 + explained * 45 / 100 + near * 8 / 100;
        let mut score = score.saturating_sub(penalty);
        if is_exact {
            score += 60;
        }
        let mut unit_differs = false;
        if let (Some(said), Some(own)) = (&said.unit, &known.unit) {
            let same = said.measures_same(own)
                || known.accepts.iter().any(|accepted| said.measures_same(accepted))
                || said.named_as(own).is_some()
                || own.named_as(said).is_some();
            let both_count = said.is_count() && own.is_count();
            if same {
                score += 40;
            } else if both_count {
                score = score.saturating_sub(30);
            } else {
                score = score.saturating_sub(if is_exact { 120 } else { 330 });
                unit_differs = true;
            }
        }
        Score { points: score, is_full, is_exact, unit_differs }
    }
}

/// Finds for each name the words that tell it from names of other indicators.
fn find_rivals(known: &mut [Known]) {
    // As numbers, for there are many pairs.
    let mut ids: BTreeMap<String, u32> = BTreeMap::new();
    let mut names: Vec<(usize, usize, Vec<u32>)> = Vec::new();
    for (at, own) in known.iter().enumerate() {
        for (place, name) in own.names.iter().enumerate() {
            let mut numbers: Vec<u32> = Vec::with_capacity(name.words.len());
            for word in &name.words {
                let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
                numbers.push(*ids.entry(word.clone()).or_insert(next));
            }
            numbers.sort_unstable();
            names.push((at, place, numbers));
        }
    }
    let by_number: BTreeMap<u32, String> = ids.into_iter().map(|(word, number)| (number, word)).collect();
    let less = |a: &[u32], b: &[u32]| -> Vec<u32> {
        a.iter().filter(|word| b.binary_search(word).is_err()).copied().collect()
    };
    let words = |numbers: &[u32]| -> Vec<String> {
        numbers.iter().filter_map(|number| by_number.get(number).cloned()).collect()
    };
    let mut found = Vec::new();
    for (at, place, own) in &names {
        for (other, _, theirs) in &names {
            if at == other || own.len().abs_diff(theirs.len()) > MOST_TELLING {
                continue;
            }
            let mine = less(own, theirs);
            if mine.len() > MOST_TELLING || mine.len() == own.len() {
                continue;
            }
            let others = less(theirs, own);
            if others.len() > MOST_TELLING || (mine.is_empty() && others.is_empty()) {
                continue;
            }
            found.push((*at, *place, words(&mine), words(&others)));
        }
    }
    for (at, place, mine, others) in found {
        known[at].names[place].rivals.insert((mine, others));
    }
}

/// A number that is no year: of a round, a grade, a level.
fn is_number(word: &str) -> bool {
    word.len() < 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

struct Prepared {
    folded: String,
    own: BTreeSet<String>,
    /// What stands in brackets behind the label: remarks, and what tells it from others.
    remarks: BTreeSet<String>,
    near: BTreeSet<String>,
    above: BTreeSet<String>,
    around: BTreeSet<String>,
    /// The same without tones: names of files and sheets are often written so.
    plain: BTreeSet<String>,
    /// Whether the label has no tones at all.
    is_plain: bool,
    /// How often each word is said.
    counts: BTreeMap<String, u32>,
    unit: Option<Arc<Unit>>,
}

impl Prepared {
    fn of(said: &Said) -> Self {
        let all = |texts: &[String]| texts.iter().flat_map(|text| words::words(text)).collect::<BTreeSet<String>>();
        let mut around = all(&said.around);
        // A figure in percent is a rate, whether its label says so or not.
        around.extend(said.unit.iter().flat_map(|unit| words::of_unit(&unit.name)));
        let texts = [&said.label].into_iter().chain(&said.headings).chain(&said.around);
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for word in texts.flat_map(|text| words::words(text)) {
            *counts.entry(word).or_default() += 1;
        }
        let (bare, remark) = match said.label.find('(') {
            Some(open) if open > 2 => said.label.split_at(open),
            Some(_) | None => (said.label.as_str(), ""),
        };
        Self {
            folded: text::fold_label(&said.label),
            own: words::telling(bare),
            remarks: if remark.is_empty() { BTreeSet::new() } else { words::telling(remark) },
            near: said.headings.last().map_or_else(BTreeSet::new, |heading| words::telling(heading)),
            above: all(&said.headings),
            plain: around.iter().map(|word| text::skeleton(word)).collect(),
            around,
            is_plain: said.label.is_ascii(),
            counts,
            unit: said.unit.clone(),
        }
    }

    /// How near to the row a word stands, 100 in its own label, 0 nowhere.
    fn how_near(&self, word: &str) -> u32 {
        if let Some(once) = words::once(word) {
            return if self.counts.get(once).is_some_and(|count| *count > 1) { self.how_near(once) } else { 0 };
        }
        if self.own.contains(word) {
            100
        } else if self.remarks.contains(word) {
            97
        } else if self.above.contains(word) {
            95
        } else if self.around.contains(word) {
            80
        } else {
            let skeleton = text::skeleton(word);
            if self.is_plain && self.own.contains(&skeleton) {
                90
            } else if skeleton.len() > 1 && self.plain.contains(&skeleton) {
                60
            } else {
                0
            }
        }
    }
}
