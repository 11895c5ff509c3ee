//! A file on top of the one that it extends: what it says counts, what it leaves out is taken from
//! the base. Every value keeps its place, so that a mistake is shown in the file that it stands in.

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{Item, Problems};
use crate::model::document::both;

/// Lists whose entries have names: one of the same name changes that of the base, others are added.
const NAMED: &[&str] = &["section", "indicator", "measure", "rule", "source"];
/// The table that says who the members are, which a mapping may hold as well.
const MEMBERS: &str = "members";
/// Tables of an entry that are merged key by key.
const INNER: &[&str] = &["blocks", "columns", "rows", "cells"];
/// What takes a key or an entry of the base away.
const REMOVE: &str = "remove";

type Key<'d> = Spanned<DeString<'d>>;

/// Whether the text of a mapping may say something of its catalogue: a look that costs no parsing.
pub(super) fn may_be_of_catalogue(text: &str) -> bool {
    let begins = |line: &str| {
        let word = line.trim_start_matches([' ', '\t', '[', '"', '\'']);
        word.starts_with(MEMBERS) || NAMED.iter().filter(|name| **name != "source").any(|name| word.starts_with(name))
    };
    // A key may be written with escapes.
    text.contains("period") || text.contains('\\') || text.lines().any(begins)
}

/// What a mapping says of its catalogue: another period, and what it declares itself.
pub(super) fn of_catalogue(mapping: Spanned<DeTable<'_>>) -> Spanned<DeTable<'_>> {
    let span = mapping.span();
    let mut kept = DeTable::new();
    for (key, item) in mapping.into_inner() {
        if key.get_ref() == "mapping" {
            let (span, head) = (item.span(), item.into_inner());
            let DeValue::Table(head) = head else { continue };
            let period: DeTable<'_> = head.into_iter().filter(|(key, _)| key.get_ref() == "period").collect();
            if !period.is_empty() {
                kept.insert(Spanned::new(key.span(), "catalogue".into()), Spanned::new(span, DeValue::Table(period)));
            }
        } else if key.get_ref() == MEMBERS || (NAMED.contains(&&**key.get_ref()) && key.get_ref() != "source") {
            kept.insert(key, item);
        }
    }
    Spanned::new(span, kept)
}

/// The whole of a file and its base.
pub(super) fn merge<'d>(base: DeTable<'d>, own: DeTable<'d>, problems: &mut Problems) -> DeTable<'d> {
    overlay(base, own, &mut |key, base, own| match (base.into_inner(), own.span(), own.into_inner()) {
        (DeValue::Array(base), span, DeValue::Array(own)) if NAMED.contains(&key) => {
            let (base, own) = (base.into_iter().collect(), own.into_iter());
            Spanned::new(span, DeValue::Array(entries(base, own, problems).into_iter().collect()))
        }
        (DeValue::Table(base), span, DeValue::Table(own)) if key == "columns" => Spanned::new(
            span,
            DeValue::Table(overlay(base, own, &mut |_, base, own| match (
                base.into_inner(),
                own.span(),
                own.into_inner(),
            ) {
                (DeValue::Table(base), span, DeValue::Table(own)) => {
                    Spanned::new(span, DeValue::Table(places(base, own, problems)))
                }
                (_, span, own) => Spanned::new(span, own),
            })),
        ),
        (base, span, own) => Spanned::new(span, deep(base, own)),
    })
}

/// Tables within tables are merged, anything else is replaced.
fn deep<'d>(base: DeValue<'d>, own: DeValue<'d>) -> DeValue<'d> {
    match (base, own) {
        (DeValue::Table(base), DeValue::Table(own)) => DeValue::Table(overlay(base, own, &mut |_, base, own| {
            let span = own.span();
            Spanned::new(span, deep(base.into_inner(), own.into_inner()))
        })),
        (_, own) => own,
    }
}

/// All keys of both, those of the base first; `both` makes one value of two. The key of the file
/// itself stays, as it says where the value stands.
fn overlay<'d>(
    base: DeTable<'d>,
    mut own: DeTable<'d>,
    both: &mut dyn FnMut(&str, Item<'d>, Item<'d>) -> Item<'d>,
) -> DeTable<'d> {
    let mut merged = DeTable::new();
    for (key, item) in base {
        match own.remove_entry(&key) {
            Some((own_key, own_item)) => {
                let item = both(key.get_ref(), item, own_item);
                merged.insert(own_key, item);
            }
            None => {
                merged.insert(key, item);
            }
        }
    }
    merged.extend(own);
    merged
}

/// What tells an entry from others: its id; of a source the name, else the files.
fn name_of(item: &Item<'_>) -> Option<String> {
    let table = item.get_ref().as_table()?;
    let text = |key: &str| table.get(key).and_then(|item| item.get_ref().as_str()).map(str::to_owned);
    text("id").or_else(|| text("name")).or_else(|| match table.get("file")?.get_ref() {
        DeValue::Array(files) => {
            Some(files.iter().filter_map(|file| file.get_ref().as_str()).collect::<Vec<_>>().join(", "))
        }
        file => file.as_str().map(str::to_owned),
    })
}

fn entries<'d>(base: Vec<Item<'d>>, own: impl Iterator<Item = Item<'d>>, problems: &mut Problems) -> Vec<Item<'d>> {
    let mut merged: Vec<(bool, Item<'d>)> = base.into_iter().map(|item| (false, item)).collect();
    for entry in own {
        let (name, span) = (name_of(&entry), entry.span());
        let mut table = match entry.into_inner() {
            DeValue::Table(table) => table,
            // A mistake that is told when the list is read.
            other => {
                merged.push((true, Spanned::new(span, other)));
                continue;
            }
        };
        // One that the file names twice stays twice, which is told when the list is read.
        let at = merged.iter().position(|(changed, item)| !changed && name.is_some() && name_of(item) == name);
        let removed = table.remove(REMOVE).filter(|_| !problems.document.is_joined);
        let after = table.remove("after");
        let mut item = table;
        let mut place = merged.len();
        if let Some(at) = at {
            let (_, old) = merged.remove(at);
            if removed.as_ref().and_then(|removed| removed.get_ref().as_bool()) == Some(true) {
                continue;
            }
            place = at;
            if let DeValue::Table(mut old) = old.into_inner() {
                for key in removed.map_or_else(Vec::new, |removed| keys(&removed, problems)) {
                    if old.remove(&**key.get_ref()).is_none() {
                        nothing(&key, problems);
                    }
                }
                item = changed(old, item, problems);
            }
        } else if let Some(removed) = removed {
            nothing(&Spanned::new(removed.span(), name.clone().unwrap_or_default().into()), problems);
            continue;
        }
        if let Some(after) = after.filter(|_| !problems.document.is_joined || at.is_none()) {
            let wanted = after.get_ref().as_str();
            match merged.iter().position(|(_, item)| wanted.is_some() && name_of(item).as_deref() == wanted) {
                Some(at) => place = at + 1,
                None if problems.document.is_joined => {}
                None => problems.add(
                    after.span(),
                    both!("`after` phải nêu một mục có trước đó", "`after` must name an entry that is there before"),
                ),
            }
        }
        merged.insert(place, (true, Spanned::new(span, DeValue::Table(item))));
    }
    merged.into_iter().map(|(_, item)| item).collect()
}

/// An entry of the base with what the file says of it.
fn changed<'d>(base: DeTable<'d>, own: DeTable<'d>, problems: &mut Problems) -> DeTable<'d> {
    overlay(base, own, &mut |key, base, own| match (base.into_inner(), own.span(), own.into_inner()) {
        (DeValue::Table(base), span, DeValue::Table(own)) if INNER.contains(&key) => {
            Spanned::new(span, DeValue::Table(places(base, own, problems)))
        }
        (_, span, own) => Spanned::new(span, own),
    })
}

/// Headers, labels or cells with what they hold: each counts as a whole.
fn places<'d>(mut base: DeTable<'d>, own: DeTable<'d>, problems: &mut Problems) -> DeTable<'d> {
    let mut kept = DeTable::new();
    for (key, item) in own {
        if item.get_ref().as_str() != Some(REMOVE) {
            kept.insert(key, item);
        } else if base.remove(&key).is_none() {
            nothing(&key, problems);
        }
    }
    overlay(base, kept, &mut |_, _, own| own)
}

/// The keys that `remove` names.
fn keys<'d>(removed: &Item<'d>, problems: &mut Problems) -> Vec<Key<'d>> {
    let named = |item: &Item<'d>| match item.get_ref() {
        DeValue::String(text) => Some(Spanned::new(item.span(), text.clone())),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    };
    let found: Option<Vec<_>> = match removed.get_ref() {
        DeValue::Array(list) => list.iter().map(named).collect(),
        DeValue::String(_) => named(removed).map(|key| vec![key]),
        DeValue::Boolean(false) => Some(Vec::new()),
        DeValue::Boolean(true) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => {
            None
        }
    };
    found.unwrap_or_else(|| {
        let message = both!("`remove` phải là true hoặc danh sách khóa", "`remove` must be true or a list of keys");
        problems.add(removed.span(), message);
        Vec::new()
    })
}

/// What is to be taken away is not there.
fn nothing(key: &Key<'_>, problems: &mut Problems) {
    let name = key.get_ref();
    problems.add(
        key.span(),
        both!("không có `{name}` để bỏ: tệp gốc không khai báo", "no `{name}` to remove: the base does not declare it"),
    );
}
