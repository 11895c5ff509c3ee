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
    catalogue::{Catalogue, IndicatorId},
    text,
    unit::Unit,
};

/// Scores are per thousand. Below this nothing is matched.
const LEAST: u32 = 560;
/// From here on, and with all words explained, an entry is sure.
const SURE: u32 = 860;
/// How much better than any rival a sure entry is.
const MARGIN: u32 = 40;
/// Most words in which two indicators differ for the words to be vetoes.
const MOST_TELLING: usize = 2;

/// What is said of a row or a column.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Its own label.
    pub label: String,
    /// Headings above it, outermost first.
    pub headings: Vec<String>,
    /// Sheet, titles, file: what it stands among.
    pub around: Vec<String>,
    pub unit: Option<Arc<Unit>>,
}

/// One way to name an indicator.
#[derive(Debug)]
struct Name {
    folded: String,
    words: BTreeSet<String>,
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
    /// Words that tell it from another one: own words and those of the other.
    rivals: Vec<(BTreeSet<String>, BTreeSet<String>)>,
}

/// The indicators of a catalogue, ready to be matched.
#[derive(Debug)]
pub struct Matcher {
    known: Vec<Known>,
    /// In how many indicators a word occurs.
    count: BTreeMap<String, u32>,
}

/// What was found for a row or column.
#[derive(Clone, Debug)]
pub struct Match {
    pub indicator: IndicatorId,
    pub score: u32,
    pub certainty: Certainty,
    /// The next best ones.
    pub others: Vec<IndicatorId>,
    pub is_exact: bool,
    pub unit_differs: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Score {
    score: u32,
    /// Whether all words on both sides are explained.
    is_full: bool,
    is_exact: bool,
    unit_differs: bool,
}

impl Matcher {
    pub fn new(catalogue: &Catalogue) -> Self {
        let general = words::synonyms();
        let mut known: Vec<Known> = catalogue
            .iter()
            .map(|(id, indicator)| {
                let mut written: Vec<String> = vec![indicator.label.clone()];
                written.extend(indicator.synonyms.iter().cloned());
                let keys: BTreeSet<String> = written.iter().map(|name| text::fold_label(name)).collect();
                // A general name with its synonyms goes only with the whole of it.
                for (label, others) in general {
                    if keys.contains(&text::fold_label(label)) {
                        written.extend(others.iter().cloned());
                    }
                }
                let mut seen = BTreeSet::new();
                let names = written.iter().filter_map(|name| {
                    let folded = text::fold_label(name);
                    seen.insert(folded.clone()).then(|| Name { words: words::telling(name), folded })
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
                    rivals: Vec::new(),
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
        let rivals: Vec<Vec<(BTreeSet<String>, BTreeSet<String>)>> = (0..known.len())
            .map(|at| {
                let mut rivals = Vec::new();
                let Some(own) = known[at].names.first() else { return rivals };
                for other in known.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, other)| other) {
                    let Some(theirs) = other.names.first() else { continue };
                    let mine: BTreeSet<String> = own.words.difference(&theirs.words).cloned().collect();
                    let others: BTreeSet<String> = theirs.words.difference(&own.words).cloned().collect();
                    let shared = own.words.intersection(&theirs.words).count();
                    if shared > 0 && mine.len() <= MOST_TELLING && others.len() <= MOST_TELLING && !(mine.is_empty() && others.is_empty()) {
                        rivals.push((mine, others));
                    }
                }
                rivals
            })
            .collect();
        for (own, rivals) in known.iter_mut().zip(rivals) {
            own.rivals = rivals;
        }
        Self { known, count }
    }

    /// How much a word tells.
    fn weight(&self, word: &str) -> u32 {
        match self.count.get(word) {
            None => 5,
            Some(1) => 6,
            Some(2..=3) => 5,
            Some(4..=7) => 4,
            Some(8..=14) => 3,
            Some(15..=30) => 2,
            Some(_) => 1,
        }
    }

    /// The best assignment for the rows or columns of one table.
    pub fn matches(&self, all: &[Said]) -> Vec<Option<Match>> {
        let prepared: Vec<Prepared> = all.iter().map(Prepared::of).collect();
        let scores: Vec<Vec<Score>> =
            prepared.iter().map(|said| self.known.iter().map(|known| self.score(said, known)).collect()).collect();
        let worth = |score: &Score| {
            if score.score < LEAST { 0 } else { i64::from(score.score) + i64::from(score.is_exact) * 60 }
        };
        // Only indicators that anything fits take part.
        let taking: Vec<usize> = (0..self.known.len())
            .filter(|at| scores.iter().any(|row| worth(&row[*at]) > 0))
            .collect();
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
                    .filter(|(other, score)| *other != at && score.score >= LEAST)
                    .map(|(other, score)| (score.score, other))
                    .collect();
                others.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
                let rival = others.first().map_or(0, |(score, _)| *score);
                // Another row that would fit as well.
                let twin = scores
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != row)
                    .map(|(_, row)| row[at].score)
                    .max()
                    .unwrap_or(0);
                let is_clear = own.score >= rival + MARGIN && own.score >= twin + MARGIN || own.is_exact && own.score > rival && own.score >= twin;
                let is_sure = own.score >= SURE && own.is_full && is_clear && !own.unit_differs;
                Some(Match {
                    indicator: self.known[at].id,
                    score: own.score,
                    certainty: if is_sure { Certainty::Certain } else { Certainty::Likely },
                    others: others.iter().take(2).map(|(_, at)| self.known[*at].id).collect(),
                    is_exact: own.is_exact,
                    unit_differs: own.unit_differs,
                })
            })
            .collect()
    }

    /// How well each indicator fits by itself, the best first.
    pub fn nearest(&self, said: &Said) -> Vec<(IndicatorId, u32)> {
        let prepared = Prepared::of(said);
        let mut all: Vec<(IndicatorId, u32)> =
            self.known.iter().map(|known| (known.id, self.score(&prepared, known).score)).filter(|(_, score)| *score > 0).collect();
        all.sort_by_key(|(id, score)| (std::cmp::Reverse(*score), *id));
        all
    }

    fn score(&self, said: &Prepared, known: &Known) -> Score {
        if said.own.is_empty() {
            return Score::default();
        }
        if self.is_vetoed(said, known) {
            return Score::default();
        }
        let best = known.names.iter().map(|name| self.score_name(said, known, name)).max_by_key(|score| (score.score, score.is_full));
        best.unwrap_or_default()
    }

    fn is_vetoed(&self, said: &Prepared, known: &Known) -> bool {
        // A row that is called just so is meant, whatever stands around it.
        known.rivals.iter().any(|(mine, theirs)| {
            let has = |words: &BTreeSet<String>| words.iter().all(|word| said.has(word));
            let says_other = !theirs.is_empty() && has(theirs) && !has(mine);
            // Nothing but own words that the row does not say.
            let lacks_own = theirs.is_empty() && !has(mine) && !known.names.iter().any(|name| name.folded == said.folded);
            says_other || lacks_own
        })
    }

    fn score_name(&self, said: &Prepared, known: &Known, name: &Name) -> Score {
        let (mut got, mut all) = (0, 0);
        let mut is_full = true;
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
            let weight = self.weight(word);
            let skeleton = text::skeleton(word);
            let explained = if name.words.contains(word) {
                100
            } else if known.around.contains(word) || known.id_words.contains(&skeleton) {
                75
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
        // The heading right above belongs to the name of the row.
        let (mut got, mut all) = (0, 0);
        for word in &said.near {
            let weight = self.weight(word);
            all += weight;
            got += weight
                * u32::from(name.words.contains(word) || known.around.contains(word) || known.id_words.contains(&text::skeleton(word)));
        }
        let near = if all == 0 { 600 } else { got * 1000 / all };
        let is_exact = name.folded == said.folded;
        let mut score = covered * 47 / 100 + explained * 45 / 100 + near * 8 / 100;
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
        Score { score, is_full, is_exact, unit_differs }
    }
}

/// A number that is no year: of a round, a grade, a level.
fn is_number(word: &str) -> bool {
    word.len() < 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

struct Prepared {
    folded: String,
    own: BTreeSet<String>,
    near: BTreeSet<String>,
    above: BTreeSet<String>,
    around: BTreeSet<String>,
    /// The same without tones: names of files and sheets are often written so.
    plain: BTreeSet<String>,
    /// Whether the label has no tones at all.
    is_plain: bool,
    unit: Option<Arc<Unit>>,
}

impl Prepared {
    fn of(said: &Said) -> Self {
        let all = |texts: &[String]| texts.iter().flat_map(|text| words::words(text)).collect::<BTreeSet<String>>();
        let mut around = all(&said.around);
        // A figure in percent is a rate, whether its label says so or not.
        if said.unit.as_ref().is_some_and(|unit| unit.name == "%") {
            around.extend(["tỷ".to_owned(), "lệ".to_owned()]);
        }
        Self {
            folded: text::fold_label(&said.label),
            own: words::telling(&said.label),
            near: said.headings.last().map_or_else(BTreeSet::new, |heading| words::telling(heading)),
            above: all(&said.headings),
            plain: around.iter().map(|word| text::skeleton(word)).collect(),
            around,
            is_plain: said.label.is_ascii(),
            unit: said.unit.clone(),
        }
    }

    fn has(&self, word: &str) -> bool {
        self.how_near(word) > 0
    }

    /// How near to the row a word stands, 100 in its own label, 0 nowhere.
    fn how_near(&self, word: &str) -> u32 {
        if self.own.contains(word) {
            100
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
