//! Periods, and the placeholders that titles and headers hold: `{year}`, `{year-1}`, `{period}`.

use std::fmt;

/// What a form reports on: a year, part of a year, or several years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    written: String,
    /// The year, or the last year of several.
    pub year: i32,
    /// The first year of several; the same as `year` otherwise.
    pub first_year: i32,
    /// Months from January that a part of a year covers; 12 for a whole year.
    pub months: u8,
}

impl Period {
    /// Reads `2023`, `2023-6T` (six months), `2023-9T` or `2021-2025`.
    pub fn parse(written: &str) -> Option<Self> {
        let year = |text: &str| -> Option<i32> {
            (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
        };
        let period = |first_year, year, months| Self { written: written.to_owned(), year, first_year, months };
        let Some((first, rest)) = written.split_once('-') else {
            let only = year(written)?;
            return Some(period(only, only, 12));
        };
        let first = year(first)?;
        if let Some(months) = rest.strip_suffix('T') {
            let months = months.parse().ok().filter(|m| (1..=12).contains(m))?;
            return Some(period(first, first, months));
        }
        year(rest).filter(|last| *last >= first).map(|last| period(first, last, 12))
    }

    /// The period after it: of a year the next year, of some months the same ones of the next year, of
    /// several years as many more.
    #[must_use]
    pub fn next(&self) -> Self {
        let years = self.year - self.first_year + 1;
        let (first_year, year) = (self.first_year + years, self.year + years);
        let written = match (self.first_year == self.year, self.months) {
            (true, 12) => year.to_string(),
            (true, months) => format!("{year}-{months}T"),
            (false, _) => format!("{first_year}-{year}"),
        };
        Self { written, year, first_year, months: self.months }
    }

    /// Puts the period and the given fields into a text with placeholders. A field that is not
    /// known becomes a dotted line to fill in by hand, and its name is returned.
    pub fn expand(&self, template: &str, fields: &[(String, String)]) -> (String, Vec<String>) {
        let mut out = String::with_capacity(template.len());
        let mut unknown = Vec::new();
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let Some(length) = rest[open..].find('}') else {
                rest = &rest[open..];
                out.push_str(rest);
                return (out, unknown);
            };
            let name = rest[open + 1..open + length].trim();
            match self.placeholder(name) {
                Some(value) => out.push_str(&value),
                None => {
                    if let Some((_, value)) = fields.iter().find(|(key, _)| key == name) {
                        out.push_str(value);
                    } else {
                        out.push_str("……");
                        unknown.push(name.to_owned());
                    }
                }
            }
            rest = &rest[open + length + 1..];
        }
        out.push_str(rest);
        (out, unknown)
    }

    fn placeholder(&self, name: &str) -> Option<String> {
        if name == "period" {
            return Some(self.to_string());
        }
        if name == "months" {
            return Some(self.months.to_string());
        }
        let (base, offset) = match (name.strip_prefix("year"), name.strip_prefix("first-year")) {
            (Some(offset), _) => (self.year, offset),
            (None, Some(offset)) => (self.first_year, offset),
            (None, None) => return None,
        };
        let offset = offset.trim();
        let offset: i32 = if offset.is_empty() {
            0
        } else {
            // Only a signed offset: "year2" is a field of that name, not the year 2.
            offset.starts_with(['+', '-']).then(|| offset.replace(' ', "").parse().ok())??
        };
        Some(base.checked_add(offset)?.to_string())
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_parse() {
        let of = |text| Period::parse(text).map(|p| (p.first_year, p.year, p.months));
        assert_eq!(of("2023"), Some((2023, 2023, 12)));
        assert_eq!(of("2024-6T"), Some((2024, 2024, 6)));
        assert_eq!(of("2021-2025"), Some((2021, 2025, 12)));
        for wrong in ["", "23", "2023-", "2025-2021", "2023-13T", "2023-0T", "năm 2023"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_next_period_is_as_long() {
        for (period, next) in [("2023", "2024"), ("2024-6T", "2025-6T"), ("2021-2025", "2026-2030")] {
            let made = Period::parse(period).expect("a period").next();
            assert_eq!(Some(&made), Period::parse(next).as_ref());
        }
    }

    #[test]
    fn placeholders_expand() {
        let period = Period::parse("2023-9T").expect("a period");
        let fields = [("office".to_owned(), "Đảng ủy xã".to_owned())];
        let expand = |text| period.expand(text, &fields);
        assert_eq!(expand("KH {year+1} / TH {year-1}").0, "KH 2024 / TH 2022");
        assert_eq!(expand("{months} tháng năm {year} của {office}").0, "9 tháng năm 2023 của Đảng ủy xã");
        assert_eq!(expand("số {number}"), ("số ……".to_owned(), vec!["number".to_owned()]));
        assert_eq!(expand("a { b").0, "a { b");
    }
}
