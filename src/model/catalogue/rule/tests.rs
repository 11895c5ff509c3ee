use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::model::{
    catalogue::{Catalogue, decode},
    document::{Document, Problem},
};

fn catalogue(rules: &str) -> Result<Catalogue, Vec<Problem>> {
    let head = r#"
[catalogue]
id = "c"
period = "2000"
"#;
    let indicators: Vec<String> =
        ["a", "b", "c", "tong", "lua.xuan.dt", "lua.xuan.ns", "lua.xuan.sl", "lua.mua.dt", "t-x"]
            .iter()
            .map(|id| format!("[[indicator]]\nid = \"{id}\"\nparts = [\"a\", \"b\"]\n"))
            .collect();
    decode(&Document::new("c.toml", format!("{head}{}{rules}", indicators.concat())))
}

fn rule(text: &str) -> String {
    format!("[[rule]]\nid = \"r\"\nthat = '''{text}'''\n")
}

fn condition(text: &str) -> Condition {
    let catalogue = catalogue(&rule(text)).unwrap_or_else(|problems| panic!("{text}: {problems:#?}"));
    catalogue.rules.into_iter().next().expect("a rule").that
}

/// The text that is underlined, and the message.
fn fault(text: &str) -> (String, String) {
    let problems = catalogue(&rule(text)).expect_err(text);
    let first = &problems[0];
    (first.document.text[first.span.clone()].to_owned(), first.message.1.clone())
}

#[test]
fn the_language() {
    for text in [
        "a = b + c",
        "tong = sum(parts(tong))",
        "a - b = -c * (a + 1.50) / 10",
        "0 <= a <= b < 5",
        "a in 0..100 and b in 5.. or c in ..b + 1",
        "a in {\"A\", \"B\", 3}",
        "note(a) = \"xong\" or not missing(b)",
        "if a > 0 then b > 0 else if c > 0 then b = 0 else b = 1",
        "plan(a) >= previous(plan(b)) and previous(a) != actual(b)",
        "sum(children(lua.xuan)) < abs(a) + min(a, b) + max(children(lua), 3)",
        "count(members(a)) in 8..12 and unique(members(note(a)))",
        "digits(a) <= 3 and decimals(plan(a)) = 0 and number(a) and present(b)",
        "`a` = `lua.xuan.dt` + t-x",
        "a  -  b<c",
    ] {
        let node = parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
        assert_eq!(parse(&node.to_string()), Ok(node.clone()), "{text} -> {node}");
        condition(text);
    }
    assert_eq!(parse("a-b = 1.5").map(|n| n.to_string()), Ok("a-b = 1.5".to_owned()), "a hyphen joins");
    assert_eq!(condition("tong = sum(parts(tong))"), condition("tong = a + b"));
    assert_eq!(condition("a in 1..b"), condition("1 <= a <= b"));
}

#[test]
fn mistakes_are_where_they_are() {
    for (text, at, says) in [
        ("a = b +", "'", "the rule ends too early"),
        ("a == b", "=", "`=` does not belong here"),
        ("a = 0,5", ",", "`,` does not belong here"),
        ("a = lua.xuan.dtt", "lua.xuan.dtt", "no indicator `lua.xuan.dtt` in the catalogue"),
        ("a + b", "a + b", "this is a value, no condition: a comparison is missing (=, <=, in ...)"),
        ("a = plam(b)", "plam", "no function and no measure `plam`"),
        ("a = (b + c", "'", "the rule ends too early"),
        ("a = \"x", "\"", "the quote \" is never closed"),
        ("a < \"x\"", "\"x\"", "a text is only compared with `=`, `!=` or `in`"),
        ("a = b / (1 - 1)", "(1 - 1)", "division by 0"),
        (
            "a = members(b)",
            "members(b)",
            "`members` is several figures; it stands in sum, count, min, max, median or unique",
        ),
        ("a = sum(children(c))", "c", "no indicator below `c.`"),
        ("a = 2x", "2x", "`2x` is no number"),
        ("a in ..", "'", "the range has no end"),
        (
            "a = 12345678901234567890123456789",
            "12345678901234567890123456789",
            "`12345678901234567890123456789` has more than 28 digits",
        ),
    ] {
        let (found, message) = fault(text);
        assert_eq!((found.trim_matches(['(', ')']), message.as_str()), (at.trim_matches(['(', ')']), says), "{text}");
    }
    let both = catalogue(&rule("x = y + a-b")).expect_err("three names");
    assert_eq!(both.len(), 3, "all at once: {both:#?}");
    assert!(both.iter().any(|p| p.help.as_ref().is_some_and(|h| h.1.contains("spaces"))));
}

#[test]
fn depth_has_a_limit_and_length_has_none() {
    for deep in [
        format!("{}a{} = 1", "(".repeat(100_000), ")".repeat(100_000)),
        format!("{}a = 1", "not ".repeat(100_000)),
        format!("a = {}1", "- ".repeat(100_000)),
        format!("a = {}", "abs(".repeat(100_000)),
        format!("{}a = 1", "if a = 1 then a = 1 else ".repeat(100_000)),
    ] {
        assert!(parse(&deep).is_err_and(|fault| fault.message.1.contains("deeper")), "{}", &deep[..20]);
    }
    assert!(parse(&format!("a = b{}", " + b".repeat(20_000))).is_ok());
}

#[test]
fn prefixes_make_a_rule_each() {
    let text = "[[rule]]\nid = \"r\"\nthat = \"dt >= a\"\nfor = [\"lua.xuan\", \"lua.mua\"]\n";
    let catalogue = catalogue(text).expect("right");
    let first: Vec<&str> =
        catalogue.rules.iter().map(|r| &*catalogue.indicator(r.that.operands()[0].indicator).id).collect();
    assert_eq!(first, ["lua.xuan.dt", "lua.mua.dt"]);
    let problems = self::catalogue(&text.replace("dt >=", "sl >=")).expect_err("autumn has no output");
    assert_eq!(problems[0].message.1, "no indicator `lua.mua.sl` and no `sl` in the catalogue");
}

#[test]
fn linear_cases() {
    let show = |text: &str| -> Option<Vec<String>> {
        let catalogue = catalogue(&rule(text)).expect("right");
        let id = |operand: &Operand| catalogue.indicator(operand.indicator).id.to_string();
        let Condition::Compare(left, rest) = &catalogue.rules[0].that else { unreachable!("a comparison") };
        let (relation, right) = &rest[0];
        let show = |form: &Linear| {
            let terms: Vec<_> = form.terms.iter().map(|(o, factor)| format!("{factor}{}", id(o))).collect();
            format!("{} + {} {} 0", terms.join(" + "), form.constant, form.relation.sign())
        };
        let cases = Linear::cases(left, *relation, right)?;
        Some(cases.iter().map(|case| case.iter().map(show).collect::<Vec<_>>().join("; ")).collect())
    };
    for (text, forms) in [
        ("a = b + c", Some(vec!["1a + -1b + -1c + 0 = 0"])),
        ("a = a - b + c", Some(vec!["1b + -1c + 0 = 0"])),
        ("2 * (a - 3) / 4 <= b", Some(vec!["0.5a + -1b + -1.5 <= 0"])),
        ("a = abs(b)", Some(vec!["1b + 0 >= 0; 1a + -1b + 0 = 0", "-1b + 0 >= 0; 1a + 1b + 0 = 0"])),
        ("a <= 2 * min(b, 3)", Some(vec!["-1b + 3 >= 0; 1a + -2b + 0 <= 0", "1b + -3 >= 0; 1a + -6 <= 0"])),
        ("max(a, b) > 1", Some(vec!["1a + -1b + 0 >= 0; 1a + -1 > 0", "1b + -1a + 0 >= 0; 1b + -1 > 0"])),
        ("a = b * c", None),
        ("a = 1 / b", None),
        ("a = max(members(b))", None),
    ] {
        assert_eq!(show(text), forms.map(|f| f.iter().map(|f| (*f).to_owned()).collect()), "{text}");
    }
}

/// Rules that a person could write.
fn node() -> impl Strategy<Value = Node> {
    let make = |kind| Node { kind, span: 0..0 };
    let leaf = prop_oneof![
        (0u32..100_000, 0u32..4)
            .prop_map(|(n, scale)| ExpressionKind::Number(crate::values::number::Decimal::new(n.into(), scale).into())),
        "[a-zà-ỹ][a-z0-9]{0,4}([.-][a-z0-9]{1,3})?".prop_map(ExpressionKind::Name),
        "[0-9a-z !=-]{1,6}".prop_map(ExpressionKind::Name),
        "[a-zà-ỹ ,.()=]{0,6}".prop_map(ExpressionKind::Text),
    ]
    .prop_map(make);
    let value = leaf.prop_recursive(3, 24, 3, move |inner| {
        prop_oneof![
            prop::collection::vec((any::<bool>(), inner.clone()), 2..4).prop_map(|p| ExpressionKind::Sum(positive(p))),
            prop::collection::vec((any::<bool>(), inner.clone()), 2..4)
                .prop_map(|p| ExpressionKind::Product(positive(p))),
            inner.clone().prop_map(|n| ExpressionKind::Negative(Box::new(n))),
            ("[a-z]{1,5}", prop::collection::vec(inner, 1..3))
                .prop_map(|(name, list)| ExpressionKind::Call(name, list)),
        ]
        .prop_map(make)
    });
    let relation = prop::sample::select(vec![Relation::Equals, Relation::Differs, Relation::AtMost, Relation::Greater]);
    let comparison = prop_oneof![
        (value.clone(), prop::collection::vec((relation, value.clone()), 1..3))
            .prop_map(|(first, rest)| ExpressionKind::Compare(Box::new(first), rest)),
        (value.clone(), value.clone(), prop::option::of(value.clone()))
            .prop_map(|(v, low, high)| ExpressionKind::Within(Box::new(v), Some(Box::new(low)), high.map(Box::new))),
        (value.clone(), prop::collection::vec(value, 1..3))
            .prop_map(|(v, list)| ExpressionKind::OneOf(Box::new(v), list)),
    ]
    .prop_map(make);
    comparison.prop_recursive(3, 16, 3, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(ExpressionKind::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(ExpressionKind::Any),
            inner.clone().prop_map(|n| ExpressionKind::Not(Box::new(n))),
            (inner.clone(), inner.clone(), prop::option::of(inner)).prop_map(|(a, b, c)| ExpressionKind::If(
                Box::new(a),
                Box::new(b),
                c.map(Box::new)
            )),
        ]
        .prop_map(make)
    })
}

/// The first piece of a chain carries no sign.
fn positive(mut pieces: Vec<(bool, Node)>) -> Vec<(bool, Node)> {
    pieces[0].0 = false;
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_printed_reads_back(node in node()) {
        let text = node.to_string();
        prop_assert_eq!(parse(&text), Ok(node), "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "([a-z0-9.,()+*/=<>!{}\"`' -]|and|or|not |if |then|in |\\PC){0,40}") {
        let length = text.len();
        match parse(&text) {
            Err(fault) => prop_assert!(fault.span.start <= fault.span.end && fault.span.end <= length),
            Ok(node) => {
                let index = HashMap::new();
                let scope =
                    Scope { indicators: &[], index: &index, measures: &[], members: None, prefix: Some("x"), row: None };
                let _ = resolve(&node, scope);
            }
        }
    }
}
