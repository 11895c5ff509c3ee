//! A text of a cell, read as a quantity under every convention; its lines, as a column.

#![no_main]

use bieu::internals::values::number::{Amount, Convention, Decimal, decide, english, parse, parse_plain, plain, spaced, vietnamese};
use libfuzzer_sys::fuzz_target;

fn only(text: &str, convention: Convention) -> Option<(Decimal, Option<Decimal>)> {
    match parse(text, convention) {
        Amount::Number(figure) => Some((figure.value, figure.alternative)),
        _ => None,
    }
}

/// What is printed reads back.
fn round_trip(value: Decimal) {
    let read = Some((value, None));
    assert_eq!(only(&vietnamese(value), Convention::Vietnamese), read, "{value} as {}", vietnamese(value));
    assert_eq!(only(&spaced(value), Convention::Vietnamese), read, "{value} as {}", spaced(value));
    assert_eq!(only(&english(value), Convention::English), read, "{value} as {}", english(value));
    assert_eq!(parse_plain(&plain(value)), Some(value), "{value} as {}", plain(value));
    for text in [vietnamese(value), spaced(value), english(value)] {
        let readings = only(&text, Convention::Unknown);
        let among = readings.is_some_and(|(first, other)| first == value || other == Some(value));
        assert!(among, "{value} as {text}: {readings:?}");
    }
}

fn check(text: &str, convention: Convention) -> Amount {
    let amount = parse(text, convention);
    for figure in amount.figures() {
        assert!(figure.alternative.is_none() || convention == Convention::Unknown, "{text:?}: {figure:?}");
        assert_eq!(figure.decimals, figure.value.scale(), "{text:?}: {figure:?}");
        assert!(figure.unit.as_deref() != Some(""), "{text:?}: {figure:?}");
        for value in [Some(figure.value), figure.alternative].into_iter().flatten() {
            round_trip(value);
        }
        // Settling later gives what the convention gives at once.
        let mut settled = figure.clone();
        settled.read_as(Convention::English);
        assert!(settled.alternative.is_none());
        assert_eq!(settled.decimals, settled.value.scale(), "{text:?}: {settled:?}");
    }
    match &amount {
        Amount::Range { low, high } => assert!(low.unit != high.unit || low.value <= high.value, "{text:?}"),
        Amount::Fraction { percent: Some(percent), .. } => assert!(percent.percent, "{text:?}"),
        _ => {}
    }
    amount
}

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut decided = false;
    for line in text.lines().chain([&*text]) {
        let vi = check(line, Convention::Vietnamese);
        let en = check(line, Convention::English);
        let open = check(line, Convention::Unknown);
        // One number: the open reading holds what either convention would read.
        if let Amount::Number(figure) = &open {
            for (convention, amount) in [(Convention::Vietnamese, &vi), (Convention::English, &en)] {
                if let Amount::Number(declared) = amount {
                    let known = figure.value == declared.value || figure.alternative == Some(declared.value);
                    assert!(known, "{line:?} under {convention:?}: {declared:?}, open: {figure:?}");
                }
                let mut settled = figure.clone();
                settled.read_as(convention);
                if let (Amount::Number(declared), true) = (amount, figure.alternative.is_some()) {
                    assert_eq!(settled.value, declared.value, "{line:?} settled as {convention:?}");
                    assert_eq!(settled.decimals, declared.decimals, "{line:?} settled as {convention:?}");
                }
            }
        }
        decided |= !open.figures().all(|figure| figure.evidence == Convention::Unknown);
        let _ = parse_plain(line).map(round_trip);
    }
    let decision = decide(text.lines());
    assert!(decided || decision.convention() == Convention::Unknown);
});
