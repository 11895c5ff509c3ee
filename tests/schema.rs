//! The JSON Schema that `bieu mapping schema` prints, held against every TOML file of the project. The
//! schema has twelve keywords; a crate for all of them would bring more than it saves.

mod program;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Map, Number, Value, json};
use toml::de::{DeTable, DeValue};

fn schema() -> Value {
    let output = Command::new(program::path()).args(["mapping", "schema"]).output().expect("bieu runs");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            number.as_str().parse::<i64>().map_or(Value::Null, |number| Value::Number(number.into()))
        }
        DeValue::Float(number) => {
            number.as_str().parse().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
        }
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(list) => Value::Array(list.iter().map(|item| plain(item.get_ref())).collect()),
        DeValue::Table(table) => table_of(table),
    }
}

fn table_of(table: &DeTable<'_>) -> Value {
    let entry = |(key, item): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let key: &std::borrow::Cow<'_, str> = key.get_ref();
        (key.to_string(), plain(item.get_ref()))
    };
    Value::Object(table.iter().map(entry).collect::<Map<_, _>>())
}

/// What is wrong with a value, as paths and keywords.
fn mistakes(root: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    let fits = |schema: &Value| {
        let mut inner = Vec::new();
        mistakes(root, schema, value, path, &mut inner);
        inner.is_empty()
    };
    let count = |limit: &Value| limit.as_u64().and_then(|limit| usize::try_from(limit).ok()).expect("a count");
    for (keyword, rule) in schema.as_object().expect("a schema") {
        let is_right = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "then" | "else" => true,
            "$ref" => {
                let pointer = rule.as_str().and_then(|text| text.strip_prefix('#')).expect("a place in the schema");
                mistakes(root, root.pointer(pointer).expect(pointer), value, path, found);
                true
            }
            "if" => {
                let branch = if fits(rule) { "then" } else { "else" };
                mistakes(root, &schema[branch], value, path, found);
                true
            }
            "type" => {
                let is = |name: &Value| match name.as_str().expect("a type") {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_i64(),
                    "number" => value.is_number(),
                    "null" => value.is_null(),
                    // No type of JSON fits nothing, which the files tell.
                    _ => false,
                };
                rule.as_array().map_or_else(|| is(rule), |names| names.iter().any(is))
            }
            "enum" => rule.as_array().expect("a list").contains(value),
            "anyOf" => rule.as_array().expect("a list").iter().any(fits),
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().expect("a number")),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().expect("a number")),
            "minItems" => value.as_array().is_none_or(|list| list.len() >= count(rule)),
            "maxItems" => value.as_array().is_none_or(|list| list.len() <= count(rule)),
            "required" => {
                let keys = rule.as_array().expect("a list").iter().filter_map(Value::as_str);
                value.as_object().is_none_or(|table| keys.into_iter().all(|key| table.contains_key(key)))
            }
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    mistakes(root, rule, item, &format!("{path}[{at}]"), found);
                }
                true
            }
            "properties" | "additionalProperties" => {
                let named = schema.get("properties").and_then(Value::as_object);
                for (key, item) in value.as_object().into_iter().flatten() {
                    let path = format!("{path}.{key}");
                    match (named.and_then(|named| named.get(key)), rule) {
                        (Some(own), _) if keyword == "properties" => mistakes(root, own, item, &path, found),
                        (None, Value::Bool(false)) => found.push(format!("{path}: no such key")),
                        (None, Value::Object(_)) if keyword != "properties" => mistakes(root, rule, item, &path, found),
                        _ => {}
                    }
                }
                true
            }
            other => {
                found.push(format!("this test does not know the keyword {other}"));
                true
            }
        };
        if !is_right {
            found.push(format!("{path}: {keyword}"));
        }
    }
}

fn toml_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            toml_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "toml")
            && path.file_name().is_some_and(|name| name != "Cargo.toml")
        {
            files.push(path);
        }
    }
}

fn check(schema: &Value, text: &str) -> Vec<String> {
    let (table, errors) = DeTable::parse_recoverable(text);
    assert!(errors.is_empty(), "{errors:?}");
    let mut found = Vec::new();
    mistakes(schema, schema, &table_of(table.get_ref()), "", &mut found);
    found
}

#[test]
fn every_toml_file_fits_the_schema() {
    let schema = schema();
    let mut files = Vec::new();
    for folder in ["mappings", "samples", "tests"] {
        toml_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files);
    }
    assert!(files.len() > 500, "{}", files.len());
    for file in files {
        let found = check(&schema, &fs::read_to_string(&file).expect("a text"));
        assert!(found.is_empty(), "{}: {found:?}", file.display());
    }
}

#[test]
fn what_is_wrong_does_not_fit() {
    let schema = schema();
    let head = "[catalogue]\nid = \"a\"\nperiod = \"2030\"\n";
    let mapping = "[mapping]\nid = \"a\"\ncatalogue = \"b\"\n";
    for (text, expected) in [
        ("[catalogue]\nid = \"a\"\n".to_owned(), ".catalogue: anyOf"),
        (format!("{head}[[indicator]]\nid = \"x\"\nunti = \"ha\"\n"), ".indicator[0].unti: no such key"),
        (format!("{head}[[indicator]]\nid = \"x\"\nlevel = 9\n"), ".indicator[0].level: maximum"),
        (format!("{head}[[measure]]\nid = \"x\"\nkind = \"plam\"\n"), ".measure[0].kind: enum"),
        (format!("{head}[form]\nprofile = \"nd31\"\n"), ".form.profile: anyOf"),
        (format!("{mapping}[[source]]\nlabel = \"x\"\n"), ".source[0]: anyOf"),
        (format!("{mapping}[[source]]\nfile = \"x\"\nsum = 1\n"), ".source[0].sum: type"),
        ("[[suppress]]\ncode = \"x\"\n".to_owned(), ".suppress[0]: required"),
    ] {
        assert_eq!(check(&schema, &text), [expected], "{text}");
    }
    assert_eq!(check(&schema, "[mapping]\nextends = \"a\"\nperiod = \"2031\"\n"), [""; 0]);
    assert_eq!(schema["$schema"], json!("https://json-schema.org/draft/2020-12/schema"));
}

/// Keys may be added to a report; those that are there today are all in the schema.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(table) => {
            if table.contains_key("properties") && !table.contains_key("additionalProperties") {
                table.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            table.values_mut().for_each(closed);
        }
        Value::Array(list) => list.iter_mut().for_each(closed),
        _ => {}
    }
}

#[test]
fn reports_fit_the_schema() {
    let mut schema = schema();
    closed(&mut schema);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = fs::read_to_string(root.join("tests/reports/report.json")).expect("a golden report");
    let mut reports = vec![("the golden report".to_owned(), golden)];
    for sample in ["luc-binh-2023", "bieu-thon-2024", "bieu-6-thang-2024"] {
        let mut bieu = Command::new(program::path());
        let output = bieu.args(["validate", "--quiet", "--format", "json"]).arg(root.join("samples").join(sample));
        let output = output.output().expect("bieu runs");
        reports.push((sample.to_owned(), String::from_utf8(output.stdout).expect("a text")));
    }
    for (name, text) in reports {
        let report: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(report["schema"], json!("bieu.report/1"));
        let mut found = Vec::new();
        mistakes(&schema, &schema, &report, "", &mut found);
        assert!(found.is_empty(), "{name}: {found:?}");
        let mut wrong = report.clone();
        wrong["submissions"][0]["status"] = json!("fine");
        mistakes(&schema, &schema, &wrong, "", &mut found);
        assert_eq!(found, [".submissions[0].status: enum"], "{name}");
    }
}
