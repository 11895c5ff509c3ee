//! `new-check`: what every check has, to be filled in.

use std::{fs, path::Path};

use crate::Outcome;

/// What stands in the templates for the name, and for that of the type with its facts.
const NAME: &str = "code-name";
const FACTS: &str = "FaultName";
const CHECK: &str = include_str!("../../src/judge/checks/template.rs");
const MAPPING: &str = include_str!("../templates/case/mapping.toml");
const CATALOGUE: &str = include_str!("../templates/case/catalogue.toml");
const INPUT: &str = include_str!("../templates/case/input/so-lieu.csv");
/// "Example" and "nearly": to be renamed for what they are about.
const CASES: [&str; 2] = ["fires-vi-du", "clean-gan-dung"];

/// Says why a name is none for a check.
fn refused(root: &Path, name: &str) -> Option<String> {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    if !name.split('-').all(is_word) || !name.contains('-') {
        return Some(format!("\"{name}\": small letters with hyphens, named for the fault: total-mismatch"));
    }
    let is_there = |path: String| root.join(&path).exists().then(|| format!("{path} is there already"));
    let file = is_there(format!("src/judge/checks/{}.rs", name.replace('-', "_")));
    file.or_else(|| is_there(format!("tests/cases/{name}")))
}

/// `SomeFault` for `some-fault`.
fn type_name(name: &str) -> String {
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    name.split('-').map(capital).collect()
}

/// The list of checks with one more at its end.
fn registered(list: &str, file: &str) -> Option<String> {
    let (before, rest) = list.split_once("\nchecks! {\n")?;
    let (names, after) = rest.split_once("}\n")?;
    Some(format!("{before}\nchecks! {{\n{names}    {file}\n}}\n{after}"))
}

fn write(root: &Path, path: &str, text: &str) -> Outcome {
    let full = root.join(path);
    let folder = full.parent().expect("a path in the project");
    fs::create_dir_all(folder).and_then(|()| fs::write(&full, text)).map_err(|error| format!("{path}: {error}"))?;
    println!("  {path}");
    Ok(())
}

pub(crate) fn run(root: &Path, arguments: &[&str]) -> Outcome {
    let &[name] = arguments else { return Err("cargo xtask new-check NAME".to_owned()) };
    if let Some(why) = refused(root, name) {
        return Err(why);
    }
    let file = name.replace('-', "_");
    let list = fs::read_to_string(root.join("src/judge/checks.rs"))
        .map_err(|error| format!("src/judge/checks.rs: {error}"))?;
    let list = registered(&list, &file).ok_or("src/judge/checks.rs: no list `checks! { ... }`")?;
    println!("written:");
    write(root, &format!("src/judge/checks/{file}.rs"), &CHECK.replace(NAME, name).replace(FACTS, &type_name(name)))?;
    write(root, "src/judge/checks.rs", &list)?;
    for case in CASES {
        let folder = format!("tests/cases/{name}/{case}");
        write(root, &format!("{folder}/mapping.toml"), MAPPING)?;
        write(root, &format!("{folder}/catalogue.toml"), CATALOGUE)?;
        write(root, &format!("{folder}/input/so-lieu.csv"), INPUT)?;
    }
    println!(
        "\nnow:
1. write what each TODO stands for: the explanation, the judgement, the facts of the finding and their words
2. make the input of tests/cases/{name}/{} as a sheet with the fault, and that of {} as one that is
   nearly so and right; rename them for what they are about (fires-..., clean-...)
3. put the line of src/judge/checks.rs where the check is to run
4. cargo xtask bless {name}
5. read git diff line by line; CHANGELOG.md; cargo xtask fmt",
        CASES[0], CASES[1]
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A project with nothing but a list of checks.
    fn project(name: &str) -> std::path::PathBuf {
        let root = std::env::temp_dir().join(format!("bieu-xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("src/judge/checks")).expect("a folder");
        fs::write(root.join("src/judge/checks.rs"), "mod sums;\n\nchecks! {\n    first_one\n}\n\nfn after() {}\n")
            .expect("a file");
        root
    }

    #[test]
    fn a_check_is_a_file_a_line_and_two_cases() {
        let root = project("new");
        run(&root, &["some-fault"]).expect("it is made");
        let read = |path: &str| fs::read_to_string(root.join(path)).expect("a file");
        assert_eq!(
            read("src/judge/checks.rs"),
            "mod sums;\n\nchecks! {\n    first_one\n    some_fault\n}\n\nfn after() {}\n"
        );
        let check = read("src/judge/checks/some_fault.rs");
        assert!(check.starts_with("//! `some-fault`: ") && check.contains("name: \"some-fault\""), "{check}");
        assert!(check.contains("struct SomeFault {") && check.contains("impl Facts for SomeFault {"), "{check}");
        assert!(!check.contains(NAME) && !check.contains(FACTS), "{check}");
        for case in CASES {
            for file in ["mapping.toml", "catalogue.toml", "input/so-lieu.csv"] {
                assert!(!read(&format!("tests/cases/some-fault/{case}/{file}")).is_empty());
            }
        }
        assert!(run(&root, &["some-fault"]).is_err(), "nothing is overwritten");
        fs::remove_dir_all(root).expect("it goes");
    }

    #[test]
    fn names_are_words_with_hyphens() {
        let root = project("names");
        for name in ["Total-mismatch", "total_mismatch", "mismatch", "a--b", "-a", "số-sai", "../a-b", ""] {
            assert!(run(&root, &[name]).is_err(), "{name}");
        }
        assert!(run(&root, &[]).is_err());
        fs::remove_dir_all(root).expect("it goes");
    }

    /// The list of this project is where the task looks for it.
    #[test]
    fn the_list_of_checks_is_found() {
        let list = fs::read_to_string(crate::root().join("src/judge/checks.rs")).expect("the list");
        let longer = registered(&list.replace("\r\n", "\n"), "some_fault").expect("a list");
        assert!(longer.contains("\n    some_fault\n}\n"));
    }
}
