//! Units of measure: what they measure, and exact conversion between them.
//!
//! A unit is a product of bases over a product of bases, times a factor: `tạ/ha` is 100 kg over
//! 10,000 m². A word that is not in the table below is a thing that is counted (`con`, `hộ`,
//! `thôn`) and is its own base, so no list of things has to be kept here.

use crate::values::{
    number::{Decimal, Rational},
    text,
};

/// What a base measures; decides whether its numbers are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    Measured,
    Money,
}

struct Named {
    names: &'static [&'static str],
    base: &'static str,
    nature: Nature,
    /// Size in the base, as numerator and denominator.
    size: (i64, i64),
}

const fn named(names: &'static [&'static str], base: &'static str, size: i64) -> Named {
    Named { names, base, nature: Nature::Measured, size: (size, 1) }
}

/// Decimal multiples of the metre, the gram and the đồng, as offices write them.
/// A sào is 360 m² in the North, 500 in the Centre and 1,000 in the South, so it is no fixed unit.
const UNITS: &[Named] = &[
    named(&["m2", "m²", "mét vuông", "m vuông"], "m2", 1),
    named(&["ha", "héc ta", "hecta", "hec-ta", "hécta", "héc-ta"], "m2", 10_000),
    named(&["km2", "km²", "ki lô mét vuông"], "m2", 1_000_000),
    named(&["kg", "ki lô gam", "kilogam", "kilôgam"], "kg", 1),
    Named { names: &["g", "gam"], base: "kg", nature: Nature::Measured, size: (1, 1000) },
    named(&["yến"], "kg", 10),
    named(&["tạ"], "kg", 100),
    named(&["tấn", "t", "ton", "tons", "tonne", "tonnes"], "kg", 1000),
    named(&["m", "mét"], "m", 1),
    Named { names: &["cm"], base: "m", nature: Nature::Measured, size: (1, 100) },
    named(&["km"], "m", 1000),
    named(&["m3", "m³", "mét khối"], "m3", 1),
    Named { names: &["lít", "l"], base: "m3", nature: Nature::Measured, size: (1, 1000) },
    named(&["kwh"], "kwh", 1),
    named(&["%", "phần trăm", "tỷ lệ %", "tỷ lệ (%)"], "%", 1),
    Named {
        names: &["‰", "phần nghìn", "phần ngàn", "0/00", "o/oo", "0/oo", "%o", "%0"],
        base: "%",
        nature: Nature::Measured,
        size: (1, 10),
    },
    Named {
        names: &["đồng", "đ", "₫", "vnđ", "vnd", "đồng việt nam", "đồng vn"],
        base: "đồng",
        nature: Nature::Money,
        size: (1, 1),
    },
    Named { names: &["usd", "$", "us$", "đô la mỹ", "đô la"], base: "usd", nature: Nature::Money, size: (1, 1) },
    Named {
        names: &["trđ", "tr.đ", "tr.đồng", "tr đồng", "tr đ", "trđồng", "triệuđồng"],
        base: "đồng",
        nature: Nature::Money,
        size: (1_000_000, 1),
    },
    Named {
        names: &["tỷđ", "tỷ", "tỷđồng"], base: "đồng", nature: Nature::Money, size: (1_000_000_000, 1)
    },
    Named { names: &["triệu"], base: "đồng", nature: Nature::Money, size: (1_000_000, 1) },
    Named {
        names: &["ngđ", "nghđ", "n.đ", "ng.đ", "ng.đồng", "ng đồng", "ng đ", "nghđồng", "nghìnđồng"],
        base: "đồng",
        nature: Nature::Money,
        size: (1000, 1),
    },
];

/// Words that multiply the unit behind them.
const MULTIPLIERS: &[(&str, i64)] = &[
    ("nghìn tỷ", 1_000_000_000_000),
    ("1000", 1000),
    ("1.000", 1000),
    ("1,000,000", 1_000_000),
    ("1,000", 1000),
    ("1 000", 1000),
    ("000", 1000),
    ("1.000.000", 1_000_000),
    ("1 000 000", 1_000_000),
    ("1000000", 1_000_000),
    ("100", 100),
    ("nghìn", 1000),
    ("ngàn", 1000),
    ("ngh.", 1000),
    ("ng.", 1000),
    ("vạn", 10_000),
    ("triệu", 1_000_000),
    ("tr.", 1_000_000),
    ("tỷ", 1_000_000_000),
    ("trăm", 100),
    ("thousand", 1000),
    ("thous.", 1000),
    ("million", 1_000_000),
    ("mill.", 1_000_000),
];

/// Multipliers cut short without a full stop: only before a unit of the table, since "ng" and "tr"
/// begin words of their own.
const SHORT_MULTIPLIERS: &[(&str, i64)] = &[("ngh", 1000), ("ng", 1000), ("tr", 1_000_000)];

/// Words that count persons, one for one: "người" may stand for each of them.
const PERSONS: &[&str] = &[
    "công dân",
    "khẩu",
    "nhân khẩu",
    "lao động",
    "học sinh",
    "sinh viên",
    "em",
    "trẻ",
    "trẻ em",
    "cháu",
    "đảng viên",
    "đoàn viên",
    "hội viên",
    "cán bộ",
    "công chức",
    "viên chức",
    "quần chúng",
    "đối tượng",
    "lượt người",
    "bệnh nhân",
    "thanh niên",
    "phụ nữ",
    "nông dân",
];

/// A unit as written, with what it measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// As written.
    pub name: String,
    over: Vec<String>,
    under: Vec<String>,
    factor: Rational,
    nature: Option<Nature>,
}

impl Unit {
    /// Understands a unit as an office writes it; an empty text is no unit.
    pub fn parse(written: &str) -> Option<Self> {
        let name = text::trim(text::trim(written).trim_matches(['(', ')', ':', ';', ',']));
        let mut folded = text::fold(name);
        if folded.ends_with('.') && named_unit(folded.trim_end_matches('.')).is_some() {
            folded.pop(); // "tấn." ends a line
        }
        if folded.is_empty() {
            return None;
        }
        if let Some(unit) = named_unit(&folded) {
            return Some(Self { name: name.to_owned(), ..unit }); // "0/00" is no quotient
        }
        let mut parts = folded.split('/').map(str::trim);
        let mut unit = Self { name: name.to_owned(), ..part(parts.next()?)? };
        for written in parts {
            let below = part(written)?;
            unit.factor = unit.factor.checked_div(&below.factor)?;
            unit.under.extend(below.over);
            // Money over anything, a mass over an area: a quotient is measured, never counted.
            unit.nature = Some(unit.nature.unwrap_or(Nature::Measured));
        }
        unit.over.sort_unstable();
        unit.under.sort_unstable();
        Some(unit)
    }

    /// Understands a unit in brackets behind words, where remarks stand as well: "(b/c quý III)" and
    /// "(đ/c)" are no quotients, "(con)" counts nothing. `None` unless it measures something, or is
    /// a quotient of which one side does.
    pub fn parse_bracketed(written: &str) -> Option<Self> {
        let unit = Self::parse(written)?;
        let folded = text::fold(&unit.name);
        let mut parts = folded.split('/').map(str::trim);
        let (above, below): (&str, Vec<&str>) = (parts.next()?, parts.collect());
        if below.is_empty() || named_unit(&folded).is_some() {
            return (!unit.is_count()).then_some(unit);
        }
        // A letter alone may shorten any word.
        let measures = |part: &str| self::part(part).is_some_and(|unit| !unit.is_count());
        let is_sure = |part: &str| part.chars().count() > 1 && measures(part);
        let by_a_word = || below.iter().all(|part| part.chars().count() > 1);
        (is_sure(above) || below.iter().any(|part| is_sure(part)) || (measures(above) && by_a_word())).then_some(unit)
    }

    /// This unit as another name of `other`, where the two count the same things one for one: the
    /// initials of its words (ĐV for đảng viên), "người" for a word for persons. With the factor of
    /// this unit, so that a thousand of them stay a thousand.
    pub fn named_as(&self, other: &Self) -> Option<Self> {
        let ([mine], [theirs], true) = (&*self.over, &*other.over, self.under == other.under) else { return None };
        let is_person = |word: &str| PERSONS.contains(&word);
        let persons = (mine == "người" && is_person(theirs)) || (theirs == "người" && is_person(mine));
        let initials = || -> String { theirs.split(' ').filter_map(|word| word.chars().next()).collect() };
        let shortened = self.nature.is_none()
            && other.nature.is_none()
            && theirs.contains(' ')
            && self.name.chars().all(|c| !c.is_lowercase())
            && mine.replace('.', "") == initials();
        (persons || shortened).then(|| Self { over: other.over.clone(), nature: other.nature, ..self.clone() })
    }

    /// Whether both measure the same thing, so that one converts into the other.
    pub fn measures_same(&self, other: &Self) -> bool {
        self.over == other.over && self.under == other.under
    }

    /// The factor from this unit to another; `None` when they measure different things.
    pub fn factor_to(&self, other: &Self) -> Option<Rational> {
        self.measures_same(other).then(|| self.factor.checked_div(&other.factor))?
    }

    /// A value in this unit, in the other one, exactly; `None` when they measure different things
    /// or the result has more than 28 digits.
    pub fn convert(&self, value: Decimal, other: &Self) -> Option<Decimal> {
        let factor = self.factor_to(other)?;
        (&Rational::from(value) * &factor).to_exact_decimal()
    }

    /// Whether it stands for more than one of what it measures: nghìn con, triệu đồng, tấn.
    pub(crate) fn is_multiple(&self) -> bool {
        self.factor > Rational::ONE
    }

    /// Whether its numbers are money.
    pub fn is_money(&self) -> bool {
        self.nature == Some(Nature::Money) && self.under.is_empty()
    }

    /// Whether a number with this many decimals is money known to one đồng, dollar and so on.
    pub fn is_money_to_the_last(&self, decimals: i32) -> bool {
        self.is_money() && &self.factor * &Rational::power_of_ten(-decimals) <= Rational::ONE
    }

    /// Whether amounts in it can be added up: not what is per something, nor a percentage.
    pub fn adds_up(&self) -> bool {
        self.under.is_empty() && !self.over.iter().any(|base| base == "%")
    }

    /// Whether its numbers count whole things.
    pub fn is_count(&self) -> bool {
        self.nature.is_none()
    }
}

fn named_unit(folded: &str) -> Option<Unit> {
    let unit = UNITS.iter().find(|unit| unit.names.contains(&folded))?;
    Some(Unit {
        name: String::new(),
        over: vec![unit.base.to_owned()],
        under: Vec::new(),
        factor: Rational::from(unit.size.0).checked_div(&Rational::from(unit.size.1))?,
        nature: Some(unit.nature),
    })
}

fn part(folded: &str) -> Option<Unit> {
    if let Some(unit) = named_unit(folded) {
        return Some(unit);
    }
    for (word, times) in MULTIPLIERS {
        let Some(rest) = folded.strip_prefix(word) else { continue };
        let separated = rest.starts_with([' ', '.']) || word.ends_with(['.', '0']);
        let rest = rest.trim_start_matches([' ', '.']);
        if separated && !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit()) {
            let mut unit = part(rest)?;
            if unit.over.iter().any(|base| base == "%") {
                return None; // "100 %" is an amount
            }
            unit.factor = &unit.factor * &Rational::from(*times);
            return Some(unit);
        }
    }
    for (word, times) in SHORT_MULTIPLIERS {
        let Some(rest) = folded.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')) else { continue };
        if let Some(mut unit) = named_unit(rest).filter(|unit| unit.over != ["%"]) {
            unit.factor = &unit.factor * &Rational::from(*times);
            return Some(unit);
        }
    }
    // "kg người": no unit has a digit in front that is not a multiplier.
    if folded.is_empty() || folded.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(Unit {
        name: String::new(),
        over: vec![folded.to_owned()],
        under: Vec::new(),
        factor: Rational::from(1),
        nature: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(written: &str) -> Unit {
        Unit::parse(written).expect("a unit")
    }

    fn convert(value: &str, from: &str, to: &str) -> Option<String> {
        let value = value.parse().expect("a decimal");
        unit(from).convert(value, &unit(to)).map(|v| v.normalize().to_string())
    }

    #[test]
    fn conversions_are_exact() {
        assert_eq!(convert("10842647.794", "nghìn đồng", "đồng").as_deref(), Some("10842647794"));
        assert_eq!(convert("163.248704", "triệu đồng", "Đồng").as_deref(), Some("163248704"));
        assert_eq!(convert("1,5".replace(',', ".").as_str(), "tỷ đồng", "triệu đồng").as_deref(), Some("1500"));
        assert_eq!(convert("10063", "tạ", "tấn").as_deref(), Some("1006.3"));
        assert_eq!(convert("57.5", "tạ/ ha", "tấn/ha").as_deref(), Some("5.75"));
        assert_eq!(convert("186000", "m2", "ha").as_deref(), Some("18.6"));
        assert_eq!(convert("2", "1000 đồng", "đồng").as_deref(), Some("2000"));
        assert_eq!(convert("2", "1.000đ", "đồng").as_deref(), Some("2000"));
        assert_eq!(convert("2", "Nghìn tỷ đồng", "tỷ đồng").as_deref(), Some("2000"));
        assert_eq!(convert("2", "nghìn con", "con").as_deref(), Some("2000"));
        assert_eq!(convert("874", "kg/người/năm", "kg/năm/người").as_deref(), Some("874"));
    }

    #[test]
    fn units_as_offices_shorten_them() {
        for (from, to, factor) in [
            ("Ngh. tấn", "tấn", "1000"),
            ("Thous. tons", "tấn", "1000"),
            ("Mill. tonnes", "tấn", "1000000"),
            ("Ng. tấn", "tấn", "1000"),
            ("Ngh tấn", "tấn", "1000"),
            ("Ng.con", "con", "1000"),
            ("Ngh. tỷ đồng", "tỷ đồng", "1000"),
            ("Ngh.đ", "đồng", "1000"),
            ("Tr. đồng", "đồng", "1000000"),
            ("Tr đ", "đồng", "1000000"),
            ("Tr.đ/ người", "đồng/người", "1000000"),
            ("1000 đ", "đồng", "1000"),
            ("1 000 đồng", "đồng", "1000"),
            ("'000 đ", "đồng", "1000"),
            ("1.000.000 đ", "đồng", "1000000"),
            ("1,000,000 đ", "đồng", "1000000"),
            ("Tỉ USD", "usd", "1000000000"),
            ("0/00", "%", "0.1"),
            ("‰", "%", "0.1"),
            ("( %)", "%", "1"),
            ("₫", "đồng", "1"),
            ("Tấn/ ha", "kg/m2", "0.1"),
            ("nghìn con/hộ", "con/hộ", "1000"),
        ] {
            assert_eq!(convert("1", from, to).as_deref(), Some(factor), "{from} to {to}");
        }
        assert_eq!(Unit::parse("100%"), None);
        assert!(Unit::parse("ng nghỉ").is_some_and(|unit| unit.is_count()), "a word of its own");
    }

    #[test]
    fn brackets_that_hold_no_unit() {
        for written in
            ["b/c quý III", "hoặc b/q", "đ/c", "KH/TH", "nam/nữ", "con", "giá 1994", "100%", "t/h", "quý III"]
        {
            assert_eq!(Unit::parse_bracketed(written), None, "{written}");
        }
        for written in [" %", "ha", "tạ/ha", "người/km2", "Ngh. tấn", "kg/người", "đ/kg", "triệu đồng", "0/00", "m³"]
        {
            assert!(Unit::parse_bracketed(written).is_some(), "{written}");
        }
    }

    #[test]
    fn one_thing_under_two_names() {
        let same = |stated: &str, wanted: &str| unit(stated).named_as(&unit(wanted)).is_some();
        assert!(same("ĐV", "đảng viên") && same("HS", "học sinh") && same("Đ.V", "đảng viên"));
        assert!(same("người", "công dân") && same("đảng viên", "người") && same("nghìn người", "lao động"));
        assert!(
            !same("ĐV", "hộ") && !same("công dân", "đảng viên") && !same("hộ", "người") && !same("đv", "đảng viên")
        );
        assert!(!same("TH", "ha") && !same("người", "con"));
        let thousand = unit("nghìn người").named_as(&unit("công dân")).expect("persons");
        assert_eq!(thousand.factor_to(&unit("công dân")), Some(Rational::from(1000)));
    }

    #[test]
    fn different_things_do_not_convert() {
        for (from, to) in [("ha", "tấn"), ("con", "hộ"), ("tạ", "tạ/ha"), ("%", "thôn"), ("đồng", "usd")] {
            assert_eq!(convert("1", from, to), None, "{from} to {to}");
        }
    }

    #[test]
    fn only_things_are_counted_and_only_currency_is_money() {
        assert!(unit("con").is_count() && unit("đảng viên").is_count() && unit("liều").is_count());
        assert!(unit("ha").adds_up() && unit("con").adds_up() && unit("triệu đồng").adds_up());
        assert!(!unit("%").adds_up() && !unit("tạ/ha").adds_up() && !unit("hộ/thôn").adds_up());
        assert!(!unit("ha").is_count() && !unit("%").is_count() && !unit("hộ/thôn").is_count());
        assert!(unit("triệu đồng").is_money() && !unit("triệu đồng/người").is_money());
        assert_eq!(Unit::parse("  "), None);
    }
}
