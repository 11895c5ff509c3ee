//! Places, and files on top of others.

use super::*;

#[test]
fn places_inside_strings() {
    for (file, value, wanted) in [
        ("k = \"a = b\"", "a = b", "b"),
        ("k = 'a = b'", "a = b", "b"),
        ("k = 'đ = b'", "đ = b", "b"),
        ("k = '''\na =\r\n b'''", "a =\n b", "b"),
        ("k = \"\"\"\r\na = b\"\"\"", "a = b", "b"),
        ("k = \"c = \\\"x\\\" and b\"", "c = \"x\" and b", "b"),
        ("k = \"\\u0061\\t= b\"", "a\t= b", "b"),
        ("k = \"\"\"a = \\\n   b\"\"\"", "a = b", "b"),
    ] {
        let document = Document::new("f", file);
        let text = At { value: value.to_owned(), span: 4..file.len() };
        let at = value.find(wanted).expect("it is there");
        assert_eq!(document.within(&text, &(at..at + 1)), file.rfind(wanted).map_or(0..0, |at| at..at + 1), "{file}");
        // Behind the last character there is the quote to point at.
        let end = document.within(&text, &(value.len()..value.len()));
        assert!(!end.is_empty() && end.start > 4, "{file}: {end:?}");
    }
}

/// File, line and column, and message.
type Told = (String, (u32, u32), String);

fn merged(own: &str, base: &str) -> (Vec<String>, Vec<Told>) {
    let document = Document::new("own.toml", own).extending(&Document::new("base.toml", base));
    let mut problems = Problems::new(document.clone());
    let table = parse(&document, &mut problems);
    let mut root = Fields::new(table.get_ref(), 0..0);
    let mut lines = Vec::new();
    for mut entry in root.tables("indicator", &mut problems) {
        let id = entry.text("id", &mut problems).expect("an id");
        let unit = entry.text("unit", &mut problems).map_or_else(String::new, |unit| unit.value);
        let line = document.line(id.span.start);
        lines.push(format!("{} {unit} {}:{}", id.value, line.file, line.line));
        entry.finish(&mut problems);
    }
    let told = problems.into_sorted().into_iter().map(|problem| {
        let (file, _, _) = document.part_at(problem.span.start);
        (file.to_string(), document.line_column(problem.span.start), problem.message.1)
    });
    (lines, told.collect())
}

const BASE: &str = "[[indicator]]\nid = \"a\"\nunit = \"ha\"\n[[indicator]]\nid = \"b\"\nunit = \"ha\"\n\
                    [[indicator]]\nid = \"c\"\nunit = \"ha\"\n";

#[test]
fn entries_of_a_base_are_changed_added_and_removed() {
    let own = "[[indicator]]\nid = \"b\"\nunit = \"con\"\n[[indicator]]\nid = \"n\"\nafter = \"a\"\n\
               [[indicator]]\nid = \"c\"\nremove = true\n[[indicator]]\nid = \"a\"\nremove = [\"unit\"]\n";
    let (lines, told) = merged(own, BASE);
    assert_eq!(lines, ["a  own.toml:11", "n  own.toml:5", "b con own.toml:2"]);
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn mistakes_stand_in_their_own_file() {
    let own = "[[indicator]]\nid = \"z\"\nremove = true\n[[indicator]]\nid = \"y\"\nafter = \"x\"\n";
    let (lines, told) = merged(own, &format!("{BASE}decimls = 2\n"));
    assert_eq!(lines.len(), 4);
    let told: Vec<_> = told.iter().map(|(file, at, message)| (&**file, *at, &**message)).collect();
    assert_eq!(
        told,
        [
            ("own.toml", (3, 10), "no `z` to remove: the base does not declare it"),
            ("own.toml", (6, 9), "`after` must name an entry that is there before"),
            ("base.toml", (10, 1), "no key `decimls` here"),
        ]
    );
}

#[test]
fn an_entry_named_twice_in_one_file_stays_twice() {
    let (lines, _) = merged("[[indicator]]\nid = \"b\"\n[[indicator]]\nid = \"b\"\n", BASE);
    assert_eq!(lines, ["a ha base.toml:2", "b ha own.toml:2", "c ha base.toml:8", "b  own.toml:4"]);
}

#[test]
fn documents_of_one_base_are_joined_without_loss() {
    let base = Document::new("base", BASE);
    let one = Document::new("1", "[[indicator]]\nid = \"one\"\n[[indicator]]\nid = \"a\"\nremove = true\n");
    let two = Document::new("2", "[[indicator]]\nid = \"two\"\n");
    let joined = Document::joined([&one.extending(&base), &two.extending(&base), &base]).expect("one at least");
    assert_eq!(joined.layer_count(), 3);
    let mut problems = Problems::new(joined.clone());
    let table = parse(&joined, &mut problems);
    let list = table.get_ref().get("indicator").and_then(|list| list.get_ref().as_array()).map(|list| list.len());
    assert_eq!((list, problems.is_empty()), (Some(5), true));
}
