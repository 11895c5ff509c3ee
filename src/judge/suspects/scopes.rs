//! Causes of many breaches: a unit that is wrong for a row, a column or a file, members that are missing,
//! doubled or of another year, a column of other figures. Each is one finding, and no cell is accused of
//! what follows from it.

mod members;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Constraints, at_place};
use crate::{
    judge::{
        checks::{self, CheckConstraint, Context, Form},
        localise,
    },
    model::{
        catalogue::rule::Relation,
        finding::{Certainty, Code, Companion, Facts, Finding, Hypothesis, Place, SlipKind},
        reading::Reading,
        workbook::{Position, column_name, file_name},
    },
    values::{
        language::{Language, counted, say},
        number::{Decimal, Rational, plain, trim},
    },
};

/// So many breaches at least have one cause that is not a cell.
const FEWEST: usize = 3;
/// Fewest figures of a column that is wrong as a whole.
const FEWEST_OF_COLUMN: usize = 5;
/// Fewest of one that is wrong whatever else explains its cells.
const MANY_OF_COLUMN: usize = 8;
/// Nothing of the kind is looked for among more constraints.
const MOST_LAWS: usize = 20_000;
/// Powers of ten between units.
const POWERS: [i32; 10] = [1, -1, 2, -2, 3, -3, 4, -4, 6, -6];
/// Cells and members that are named one by one.
const MOST_NAMED: usize = 12;
/// Figures of one hypothesis.
const MOST_TOGETHER: usize = 60;

/// What figures have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Scope<'a> {
    /// The cell that states their unit.
    Unit(&'a str, &'a str, Position),
    /// A column, so far as the unit cells beside it say the same.
    ColumnUnit(&'a str, &'a str, u32, &'a str),
    /// All that unit cells of one column say the same of.
    UnitName(&'a str, &'a str, u32, &'a str),
    Row(&'a str, &'a str, u32),
    Column(&'a str, &'a str, u32),
    File(&'a str),
}

fn scopes(reading: &Reading) -> impl Iterator<Item = Scope<'_>> {
    let (file, sheet, cell) = super::at(reading);
    let of_unit = reading.origin.unit.as_ref().map(|(unit, at)| {
        let column = Scope::ColumnUnit(file, sheet, cell.column, &unit.name);
        [Scope::Unit(file, sheet, *at), column, Scope::UnitName(file, sheet, at.column, &unit.name)]
    });
    let of_cell = [Scope::Row(file, sheet, cell.row), Scope::Column(file, sheet, cell.column), Scope::File(file)];
    of_cell.into_iter().chain(of_unit.into_iter().flatten())
}

/// A cause: what is said, and the broken constraints that go with it.
struct Cause {
    finding: Finding,
    constraints: BTreeSet<usize>,
}

/// One way to find a cause.
type Finder<'a> = fn(&Constraints<'a>, &Context<'_>, &[Finding]) -> Option<Cause>;

impl<'a> Constraints<'a> {
    /// Finds causes of many breaches, excuses their constraints, and says which findings follow from each.
    pub(super) fn excuse(&mut self, cx: &Context<'_>, findings: &[Finding]) -> Vec<(Finding, BTreeSet<usize>)> {
        let mut told = Vec::new();
        let causes: [Finder<'a>; 2] = [Self::members, Self::scale];
        for find in causes {
            while self.broken().count() >= FEWEST && self.all.len() <= MOST_LAWS {
                let Some(cause) = find(self, cx, findings) else { break };
                let following = cause
                    .constraints
                    .iter()
                    .flat_map(|constraint| self.findings[*constraint].iter().copied())
                    .collect();
                told.push((cause.finding, following));
                self.excused.extend(cause.constraints);
            }
        }
        told
    }

    /// Columns that are wrong as a whole: nearly all of a long one, or most of one whose breaches nothing
    /// else explains for sure.
    pub(super) fn columns(
        &self,
        cx: &Context<'_>,
        unsure: &BTreeSet<usize>,
        findings: &[Finding],
    ) -> Vec<(Finding, BTreeSet<usize>)> {
        let mut told = Vec::new();
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        let broken: BTreeSet<usize> = self.broken().collect();
        for (among, few, tenths) in [(&broken, MANY_OF_COLUMN, 8), (unsure, FEWEST_OF_COLUMN, 6)] {
            while self.all.len() <= MOST_LAWS {
                let left: BTreeSet<usize> = among.difference(&taken).copied().collect();
                if left.len() < few {
                    break;
                }
                let Some(cause) = self.column(cx, &left, (few, tenths), findings) else { break };
                let following = cause
                    .constraints
                    .iter()
                    .flat_map(|constraint| self.findings[*constraint].iter().copied())
                    .collect();
                told.push((cause.finding, following));
                taken.extend(cause.constraints);
            }
        }
        told
    }

    fn broken(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.all.len()).filter(|constraint| self.is_broken(*constraint))
    }

    /// The figures of every scope that so many broken constraints have to do with.
    fn scoped(&self, fewest: usize, wanted: impl Fn(&Scope<'_>) -> bool) -> BTreeMap<Scope<'a>, Vec<&'a Reading>> {
        let of = |constraint: usize| self.all[constraint].figures().into_iter().filter(|figure| !figure.previous);
        let mut found: HashMap<Scope<'a>, (usize, Vec<&'a Reading>), foldhash::fast::RandomState> = HashMap::default();
        for constraint in self.broken() {
            let own: BTreeSet<Scope<'a>> = of(constraint).flat_map(|figure| scopes(figure.reading)).collect();
            for scope in own.into_iter().filter(&wanted) {
                found.entry(scope).or_default().0 += 1;
            }
        }
        found.retain(|_, (broken, _)| *broken >= fewest);
        if found.is_empty() {
            return BTreeMap::new();
        }
        let mut seen: HashSet<*const Reading, foldhash::fast::RandomState> = HashSet::default();
        for figure in (0..self.all.len()).flat_map(of) {
            if seen.insert(std::ptr::from_ref(figure.reading)) && figure.reading.number().is_some() {
                for scope in scopes(figure.reading).filter(&wanted) {
                    if let Some((_, of)) = found.get_mut(&scope) {
                        of.push(figure.reading);
                    }
                }
            }
        }
        found.into_iter().map(|(scope, (_, readings))| (scope, readings)).collect()
    }

    /// The constraints that speak of some figures.
    fn speaking(&self, of: &[&Reading]) -> BTreeSet<usize> {
        of.iter()
            .flat_map(|reading| self.of.get(&std::ptr::from_ref(*reading)).into_iter().flatten().copied())
            .collect()
    }

    /// Figures that one power of ten puts right.
    fn scale(&self, cx: &Context<'_>, _: &[Finding]) -> Option<Cause> {
        let mut tried: Vec<Scaled<'a>> = Vec::new();
        for (scope, mut readings) in self.scoped(FEWEST, |_| true) {
            // A ratio that is a fraction in place of percent is told as that.
            readings.retain(|reading| cx.catalogue.measure(reading.key.measure).is_base());
            let touched: Vec<usize> = self.speaking(&readings).into_iter().collect();
            let broken: Vec<usize> = touched.iter().copied().filter(|constraint| self.is_broken(*constraint)).collect();
            if readings.len() < 2 || broken.len() < FEWEST {
                continue;
            }
            let mending: Vec<i32> = (POWERS.into_iter().zip(self.scaled(cx, &broken[..FEWEST], &readings, &POWERS)))
                .filter(|(_, (mended, _))| !mended.is_empty())
                .map(|(power, _)| power)
                .collect();
            if mending.is_empty() {
                continue;
            }
            for (power, (mended, worse)) in mending.iter().zip(self.scaled(cx, &touched, &readings, &mending)) {
                let power = *power;
                let mended: BTreeSet<usize> = mended.into_iter().collect();
                let own = self.in_constraints(&readings, &mended);
                let is_all = mended.len() * 5 >= broken.len() * 4 && own * 2 >= readings.len();
                if mended.len() >= FEWEST && own >= 2 && worse == 0 && is_all {
                    let likeness = likeness(cx, &readings, power);
                    tried.push(Scaled { scope: scope.clone(), power, readings: readings.clone(), mended, likeness });
                }
            }
        }
        // What mends most; of equals those that get more like their neighbours; then the fewest figures.
        let rank = |one: &Scaled<'_>| (one.mended.len(), one.likeness, std::cmp::Reverse(one.readings.len()));
        tried.sort_by(|a, b| rank(b).cmp(&rank(a)).then_with(|| a.scope.cmp(&b.scope)));
        let best = tried.first()?;
        let is_part = |one: &[&Reading], of: &[&Reading]| one.iter().all(|r| of.iter().any(|o| std::ptr::eq(*r, *o)));
        // Other figures that would do as well.
        let is_rival = |other: &&Scaled<'a>| {
            let is_same = is_part(&other.readings, &best.readings) || is_part(&best.readings, &other.readings);
            !is_same && other.mended == best.mended && other.likeness >= best.likeness
        };
        let mut rivals: Vec<&Scaled<'a>> = Vec::new();
        for rival in tried.iter().skip(1).filter(is_rival) {
            if !rivals.iter().any(|known| is_part(&known.readings, &rival.readings)) {
                rivals.push(rival);
            }
        }
        let finding = scale_finding(cx, best, &rivals);
        Some(Cause { finding, constraints: best.mended.clone() })
    }

    /// How many of some figures are in some constraints.
    fn in_constraints(&self, readings: &[&Reading], constraints: &BTreeSet<usize>) -> usize {
        let is_in = |reading: &&&Reading| {
            let of = self.of.get(&std::ptr::from_ref(**reading)).into_iter().flatten();
            of.into_iter().any(|constraint| constraints.contains(constraint))
        };
        readings.iter().filter(is_in).count()
    }

    /// For each of some powers: the constraints that some figures times 10^power mend, and how many they break
    /// that nobody computed from them.
    fn scaled(
        &self,
        cx: &Context<'_>,
        constraints: &[usize],
        of: &[&Reading],
        powers: &[i32],
    ) -> Vec<(Vec<usize>, usize)> {
        let group = self.of_constraints(cx, constraints.iter().copied(), None);
        let mut own: Vec<*const Reading> = of.iter().map(|reading| std::ptr::from_ref(*reading)).collect();
        own.sort_unstable();
        let is_own = |at: &usize| own.binary_search(&std::ptr::from_ref(group.figures[*at].reading)).is_ok();
        let variables: Vec<usize> = (0..group.figures.len()).filter(is_own).collect();
        let of_power = |(mended, worse): (Vec<usize>, Vec<usize>)| {
            let mended = mended.into_iter().map(|at| group.constraints[at]);
            let worse = worse.into_iter().filter(|at| !self.all[group.constraints[*at]].follows);
            (mended.filter(|constraint| self.is_broken(*constraint)).collect(), worse.count())
        };
        localise::scaled(&group.block, &variables, powers).into_iter().map(of_power).collect()
    }

    /// A column of which nearly every figure breaks something, while little else is broken.
    fn column(
        &self,
        cx: &Context<'_>,
        all: &BTreeSet<usize>,
        (few, tenths): (usize, usize),
        findings: &[Finding],
    ) -> Option<Cause> {
        let mut ranked: Vec<(usize, Vec<&'a Reading>, BTreeSet<usize>, Scope<'a>)> = Vec::new();
        for (scope, readings) in self.scoped(few, |scope| matches!(scope, Scope::Column(..))) {
            // Of bounds only those are known that are broken: they do not tell how many are kept.
            let is_relation = |constraint: &&usize| self.all[**constraint].figures().len() > 1;
            let broken: BTreeSet<usize> =
                self.speaking(&readings).intersection(all).filter(is_relation).copied().collect();
            let own = self.in_constraints(&readings, &broken);
            // One figure that much hangs on is no column.
            let most = readings.iter().map(|one| self.speaking(&[*one]).intersection(&broken).count()).max();
            let is_spread = most.unwrap_or(0) * 3 <= broken.len();
            // Rows that keep their rules are left in the sheets of large tables.
            let key = |one: &&'a Reading| (one.key.indicator, one.key.measure);
            let plain = readings.first().map(key).map(|(of, measure)| cx.dataset.plain_total(of, measure).filled());
            let figures = readings.len().max(plain.unwrap_or(0));
            if broken.len() >= few && own >= few && own * 10 >= figures * tenths && is_spread {
                ranked.push((broken.len(), readings, broken, scope));
            }
        }
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.3.cmp(&b.3)));
        let (count, _, first, scope) = ranked.first()?;
        let Scope::Column(file, sheet, column) = *scope else { return None };
        // Columns of the same sheet have one cause, as far as each adds breaches of its own.
        let (mut columns, mut constraints) = (vec![column], first.clone());
        for (_, _, broken, other) in &ranked[1..] {
            let Scope::Column(other_file, other_sheet, other) = *other else { continue };
            let more = broken.difference(&constraints).count();
            if (other_file, other_sheet) == (file, sheet) && more * 2 >= broken.len() {
                constraints.extend(broken);
                columns.push(other);
            }
        }
        // Every constraint has as many figures as it has: what another column explains as well is not told apart.
        let rivals: Vec<String> = ranked[1..]
            .iter()
            .filter(|(other, _, broken, _)| other * 10 >= count * 9 && broken.is_subset(&constraints))
            .filter_map(|(.., scope)| match scope {
                Scope::Column(f, s, c) if (*f, *s) != (file, sheet) || !columns.contains(c) => {
                    Some(of_sheet(f, s, &[*c]))
                }
                _ => None,
            })
            .collect();
        columns.sort_unstable();
        let (of, all) = (constraints.len(), all.len());
        let place = of_sheet(file, sheet, &columns);
        let has_rivals = !rivals.is_empty();
        let facts = WrongColumn { broken: of, all, place, rivals };
        let mut finding = self.group_finding(&constraints, findings, facts)?;
        let is_there = |place: &&Place| {
            at_place(place).is_some_and(|(f, s, cell)| (f, s) == (file, sheet) && columns.contains(&cell.column))
        };
        let told = constraints
            .iter()
            .flat_map(|constraint| &self.findings[*constraint])
            .flat_map(|at| findings[*at].target.iter().chain(&findings[*at].sources));
        let is_told = |place: &&Place| if has_rivals { at_place(place).is_some() } else { is_there(place) };
        let cells: BTreeMap<_, Place> = told
            .filter(is_told)
            .map(|place| ((place.file.clone(), place.sheet.clone(), place.cell), place.clone()))
            .collect();
        let first_cell = cells.values().next().cloned();
        // Where other columns would do, no cell is named before the others.
        finding.target =
            if has_rivals { first_cell.map(|place| Place { cell: None, raw: None, ..place }) } else { first_cell };
        finding.sources = cells.into_values().skip(usize::from(!has_rivals)).collect();
        let headers: BTreeSet<&str> = (first.iter().flat_map(|constraint| self.all[*constraint].figures()))
            .filter(|figure| super::at(figure.reading).2.column == column && super::at(figure.reading).0 == file)
            .map(|figure| &*cx.catalogue.measure(figure.reading.key.measure).label)
            .collect();
        let headers: Vec<&str> = headers.into_iter().collect();
        let period = cx.catalogue.period.to_string();
        let (pattern, headers) = (cx.pattern(file), headers.join("|"));
        Some(Cause { finding: finding.fingerprinted(&["column", &pattern, sheet, &headers, &period]), constraints })
    }

    /// A finding of the code that most of what follows has.
    fn group_finding(
        &self,
        constraints: &BTreeSet<usize>,
        findings: &[Finding],
        facts: impl Facts + 'static,
    ) -> Option<Finding> {
        let told: BTreeSet<usize> =
            constraints.iter().flat_map(|constraint| self.findings[*constraint].iter().copied()).collect();
        let mut codes: BTreeMap<&str, (usize, &'static Code)> = BTreeMap::new();
        for place in &told {
            let code = findings[*place].code;
            codes.entry(code.name).or_insert((0, code)).0 += 1;
        }
        let (_, code) = codes.into_values().max_by_key(|(count, _)| *count)?;
        Some(Finding::new(code, facts))
    }
}

/// A column of other figures, and the columns that explain as much.
#[derive(Debug)]
struct WrongColumn {
    broken: usize,
    all: usize,
    place: String,
    rivals: Vec<String>,
}

impl WrongColumn {
    fn or(&self, language: Language) -> String {
        let others = self.rivals.join(", ");
        if others.is_empty() { others } else { say!(language, " (hoặc {others})", " (or {others})") }
    }
}

impl Facts for WrongColumn {
    fn message(&self, language: Language) -> String {
        let (Self { broken: of, all, place, .. }, or) = (self, self.or(language));
        say!(
            language,
            "{of}/{all} phép tính không khớp đều có số ở {place}{or}: có lẽ cả cột là số liệu khác hoặc của kỳ khác",
            "{of} of {all} broken relations have a figure in {place}{or}: the whole column probably holds other figures, or those of another period"
        )
    }

    fn action(&self, language: Language) -> String {
        let (place, or) = (&self.place, self.or(language));
        say!(
            language,
            "đối chiếu cả cột {place}{or} với bản gốc; chưa sửa từng ô",
            "compare the whole of {place}{or} with the original; change no single cell yet"
        )
    }
}

/// Names of a list as far as they are worth reading, and how many more there are.
#[derive(Debug)]
struct Named {
    first: Vec<String>,
    more: usize,
}

impl Named {
    fn first_of(names: impl ExactSizeIterator<Item = String>) -> Self {
        Self { more: names.len().saturating_sub(MOST_NAMED), first: names.take(MOST_NAMED).collect() }
    }

    fn words(&self, language: Language) -> String {
        let (list, more) = (self.first.join(", "), self.more);
        match more {
            0 => list,
            _ => say!(language, "{list} và {more} bản khác", "{list} and {more} more"),
        }
    }
}

fn of_sheet(file: &str, sheet: &str, columns: &[u32]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| column_name(*column)).collect();
    format!("{} '{sheet}'!{}", file_name(file), columns.join(", "))
}

/// How many more of some figures are near the other figures of their rows (plan, result) when they are
/// 10^power times as large.
fn likeness(cx: &Context<'_>, readings: &[&Reading], power: i32) -> i64 {
    let by = Rational::power_of_ten(power);
    let near = |one: &Rational, other: &Rational| {
        let (one, other) = (one.abs(), other.abs());
        let three = Rational::from(3);
        one <= &other * &three && other <= &one * &three
    };
    let mut likeness = 0;
    for reading in readings.iter().filter(|reading| reading.number().is_some_and(|number| !number.is_zero())) {
        let Some(own) = reading.number().map(Rational::from) else { continue };
        for (measure, _) in cx.catalogue.iter_measures().filter(|(_, measure)| measure.is_base()) {
            let other = cx.dataset.beside(reading, reading.key.indicator, measure);
            let other = other.filter(|other| other.key.measure != reading.key.measure);
            let Some(other) = other.and_then(Reading::number).map(Rational::from) else { continue };
            likeness += i64::from(near(&(&own * &by), &other)) - i64::from(near(&own, &other));
        }
    }
    likeness
}

/// Figures that a power of ten would put right.
struct Scaled<'a> {
    scope: Scope<'a>,
    power: i32,
    readings: Vec<&'a Reading>,
    mended: BTreeSet<usize>,
    likeness: i64,
}

impl Scaled<'_> {
    /// Their unit cell, where the scope is about one.
    fn unit(&self) -> Option<(&str, Position)> {
        let (unit, at) = self.readings.first()?.origin.unit.as_ref()?;
        let is_of_unit = matches!(self.scope, Scope::Unit(..) | Scope::ColumnUnit(..) | Scope::UnitName(..));
        is_of_unit.then_some((&*unit.name, *at))
    }

    fn span(&self) -> ScaledSpan {
        ScaledSpan {
            file: self.readings.first().map_or("", |first| file_name(&first.origin.file)).to_owned(),
            cells: Named::first_of(self.readings.iter().map(|reading| reading.origin.cell.to_string())),
            power: self.power,
        }
    }

    /// The unit cell, or the figures, and what would stand there.
    fn hypothesis(&self, cx: &Context<'_>) -> Option<Hypothesis> {
        let first = *self.readings.first()?;
        let to = |reading: &Reading| {
            let value = &Rational::from(reading.number()?) * &Rational::power_of_ten(self.power);
            Some(plain(trim(value.to_exact_decimal()?)))
        };
        let resolves = u32::try_from(self.mended.len()).unwrap_or(u32::MAX);
        // A unit that is stated for these figures alone is the cause itself.
        if let (Scope::Unit(..), Some((name, at))) = (&self.scope, self.unit()) {
            let target = Place { cell: Some(at), raw: Some(name.into()), ..first.place() };
            let right = cx.indicator(first).unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default();
            return Some(Hypothesis { kind: SlipKind::Unit, target, to: right, resolves, together: Vec::new() });
        }
        let others = self.readings.iter().skip(1).take(MOST_TOGETHER);
        let together = others.filter_map(|reading| Some(Companion { target: reading.place(), to: to(reading)? }));
        let (target, to, together) = (first.place(), to(first)?, together.collect());
        Some(Hypothesis { kind: SlipKind::PowerOfTen, target, to, resolves, together })
    }
}

/// Some cells of a file, and how far off they are.
#[derive(Debug)]
struct ScaledSpan {
    file: String,
    cells: Named,
    /// What they are to be multiplied by is 10^power.
    power: i32,
}

impl ScaledSpan {
    fn how(&self, language: Language) -> String {
        let times = language.number(Decimal::from(10_i64.pow(self.power.unsigned_abs())));
        if self.power > 0 {
            say!(language, "nhỏ đi {times} lần", "{times} times too small")
        } else {
            say!(language, "lớn gấp {times} lần", "{times} times too large")
        }
    }
}

/// Figures that are all off by one power of ten, and the others of which that may be said as well.
#[derive(Debug)]
struct WrongScale {
    count: usize,
    mended: usize,
    /// The unit that is stated for them, and where.
    unit: Option<(String, Position)>,
    best: ScaledSpan,
    rivals: Vec<ScaledSpan>,
}

impl Facts for WrongScale {
    fn message(&self, language: Language) -> String {
        let Self { count, mended, .. } = self;
        let rules = counted(*mended, "rule");
        if !self.rivals.is_empty() {
            return say!(
                language,
                "{mended} phép tính cùng lệch 10, 100, 1.000… lần: một cột hoặc một nhóm số có đơn vị khác",
                "{rules} are all off by one power of ten: a column or a group of figures has another unit"
            );
        }
        let of = match &self.unit {
            Some((name, at)) => say!(language, " (đơn vị ở {at}: \"{name}\")", " (unit in {at}: \"{name}\")"),
            None => String::new(),
        };
        let (cells, how, figures) =
            (self.best.cells.words(language), self.best.how(language), counted(*count, "figure"));
        say!(
            language,
            "{count} số ở {cells}{of} cùng {how}: đổi lại thì khớp {mended} phép tính",
            "{figures} in {cells}{of} are all {how}: put right, {rules} hold"
        )
    }

    fn action(&self, language: Language) -> String {
        let cells = self.best.cells.words(language);
        match &self.unit {
            _ if !self.rivals.is_empty() => {
                let one =
                    |one: &ScaledSpan| format!("{} {} ({})", one.file, one.cells.words(language), one.how(language));
                let list: Vec<String> = std::iter::once(&self.best).chain(&self.rivals).map(one).collect();
                let list = list.join(say!(language, "; hoặc ", "; or ").as_str());
                say!(
                    language,
                    "chưa nói chắc được nhóm nào sai, kiểm tra đơn vị và dấu phẩy của: {list}",
                    "it cannot be told which are wrong, check unit and decimal comma of: {list}"
                )
            }
            Some((name, at)) => say!(
                language,
                "kiểm tra đơn vị ở {at} (ghi \"{name}\"); nếu đơn vị đúng, sửa các ô {cells}",
                "check the unit in {at} (\"{name}\"); if it is right, change {cells}"
            ),
            None => say!(
                language,
                "kiểm tra đơn vị và dấu phẩy của các ô {cells}",
                "check the unit and the decimal comma of {cells}"
            ),
        }
    }
}

fn scale_finding(cx: &Context<'_>, best: &Scaled<'_>, rivals: &[&Scaled<'_>]) -> Finding {
    let first = best.readings[0];
    let facts = WrongScale {
        count: best.readings.len(),
        mended: best.mended.len(),
        unit: best.unit().map(|(name, at)| (name.to_owned(), at)),
        best: best.span(),
        rivals: rivals.iter().map(|one| one.span()).collect(),
    };
    let mut finding = Finding::new(checks::unlikely_scale(), facts).stated_at(first.origin.mapping.clone());
    finding.certainty = Some(if rivals.is_empty() { Certainty::Likely } else { Certainty::Open });
    finding.hypotheses =
        std::iter::once(best).chain(rivals.iter().copied()).filter_map(|one| one.hypothesis(cx)).collect();
    finding.target = Some(match best.unit() {
        Some((name, at)) => Place { cell: Some(at), raw: Some(name.into()), ..first.place() },
        None => first.place(),
    });
    finding.sources = best.readings.iter().map(|reading| reading.place()).collect();
    let (sheet, name) = (&first.origin.sheet, best.unit().map_or("", |(name, _)| name));
    let measure = &cx.catalogue.measure(first.key.measure).label;
    let period = cx.catalogue.period.to_string();
    finding.fingerprinted(&["scale", &cx.pattern(&first.origin.file), sheet, name, measure, &period])
}
