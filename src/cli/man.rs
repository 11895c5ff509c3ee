//! `bieu man`: the manual page in the language of the run, made of the texts of the help. The crates that make
//! pages of clap's commands word the headings in English.

use crate::values::language::{Language, say};
use clap::{Arg, Command};

use super::help;

/// The page as the source text of `man`.
pub(super) fn page(language: Language) -> String {
    let mut command = help::command(language);
    command.build();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    // The first line tells the programs that read this which encoding it has. No date: the same program
    // prints the same page.
    let mut out = format!("'\\\" -*- coding: utf-8 -*-\n.TH BIEU 1 \"\" \"bieu {version}\" \"\"\n");
    // Hyphens are put where English words break.
    out.push_str(".nh\n.ad l\n");
    heading(&mut out, &say!(language, "TÊN", "NAME"));
    out.push_str(&format!("bieu \\- {}\n", escaped(&about)));
    heading(&mut out, &say!(language, "CÁCH DÙNG", "SYNOPSIS"));
    for sub in leaves(&command) {
        out.push_str(&format!(".br\n{}\n", bold(&usage(&sub))));
    }
    heading(&mut out, &say!(language, "CÁC LỆNH", "COMMANDS"));
    for sub in leaves(&command) {
        out.push_str(&format!(".SS {}\n", bold(sub.get_bin_name().unwrap_or_default())));
        out.push_str(&format!("{}\n", escaped(&sub.get_about().map(ToString::to_string).unwrap_or_default())));
        sub.get_arguments().filter(|arg| !is_common(arg)).for_each(|arg| argument(&mut out, arg, language));
        if let Some(example) = sub.get_after_help() {
            let example = example.to_string();
            let (title, line) = example.split_once('\n').unwrap_or((&example, ""));
            out.push_str(&format!(".PP\n{}\n.RS\n.nf\n{}\n.fi\n.RE\n", escaped(title), escaped(line.trim())));
        }
    }
    heading(&mut out, &say!(language, "TÙY CHỌN CHUNG", "COMMON OPTIONS"));
    command.get_arguments().filter(|arg| is_common(arg)).for_each(|arg| argument(&mut out, arg, language));
    heading(&mut out, &say!(language, "MÃ THOÁT", "EXIT STATUS"));
    for (code, meaning) in exits(language) {
        out.push_str(&format!(".TP\n{}\n{}\n", bold(code), escaped(&meaning)));
    }
    out
}

/// The commands that do something, those below others too, and none that is not for people.
fn leaves(command: &Command) -> Vec<Command> {
    let mut found = Vec::new();
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        if sub.has_subcommands() {
            found.extend(leaves(sub));
        } else {
            found.push(sub.clone());
        }
    }
    found
}

fn usage(command: &Command) -> String {
    let text = command.clone().render_usage().to_string();
    text.trim_start_matches("Usage:").trim().to_owned()
}

fn is_common(arg: &Arg) -> bool {
    ["help", "version", "lang"].contains(&arg.get_id().as_str())
}

fn argument(out: &mut String, arg: &Arg, language: Language) {
    let short = arg.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
    let mut words = arg.get_help().map(ToString::to_string).unwrap_or_default();
    // The Vietnamese words say already what a value may be.
    if language == Language::En && arg.get_action().takes_values() {
        let values: Vec<_> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if values.len() > 1 {
            words.push_str(&format!(" [{}]", values.join(", ")));
        }
        if !defaults.is_empty() && !arg.is_hide_default_value_set() {
            words.push_str(&format!(" [default: {}]", defaults.join(", ")));
        }
    }
    out.push_str(&format!(".TP\n{}\n{}\n", bold(&format!("{short}{arg}")), escaped(&words)));
}

fn exits(language: Language) -> [(&'static str, String); 5] {
    [
        (
            "0",
            say!(
                language,
                "không có vấn đề nào từ mức --fail-on trở lên (validate: error; convert, consolidate: never)",
                "no finding at or above --fail-on (validate: error; convert, consolidate: never)"
            ),
        ),
        ("1", say!(language, "có vấn đề từ mức đó trở lên", "findings at or above that level")),
        (
            "2",
            say!(
                language,
                "dùng lệnh sai, bảng ánh xạ hoặc danh mục chỉ tiêu có lỗi, chưa có bảng ánh xạ phù hợp, hoặc không ghi được kết quả",
                "wrong usage, a mistake in a mapping or catalogue, no mapping that fits, or an output that cannot be written"
            ),
        ),
        (
            "3",
            say!(
                language,
                "có tệp không đọc được, hoặc không có tệp nào; các tệp khác vẫn được kiểm tra",
                "an input could not be read, or there was none; all the others were checked"
            ),
        ),
        (
            "130",
            say!(
                language,
                "dừng bằng Ctrl-C; báo cáo ghi phần đã làm",
                "stopped by Ctrl-C; the report says that it is partial"
            ),
        ),
    ]
}

fn heading(out: &mut String, text: &str) {
    out.push_str(&format!(".SH \"{text}\"\n"));
}

fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escaped(text))
}

/// A text that stands for itself: no requests, no hyphens for minus signs.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('\n', " ");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_command_and_option_in_one_language() {
        for language in [Language::Vi, Language::En] {
            let page = page(language);
            let mut command = help::command(language);
            command.build();
            for sub in leaves(&command) {
                assert!(page.contains(&bold(&usage(&sub))), "{}", usage(&sub));
                for name in sub.get_arguments().filter_map(Arg::get_long) {
                    assert!(page.contains(&escaped(&format!("--{name}"))), "{name}");
                }
            }
            let english = ["Usage", "NAME", "OPTIONS", "default:", "Example:"];
            let found = english.iter().any(|word| page.contains(word));
            assert_eq!(found, language == Language::En);
            assert!(!page.contains("Usage"));
            // Lines are requests of the page, or text.
            let known = [".TH ", ".nh", ".ad l", ".SH ", ".SS ", ".TP", ".PP", ".br", ".RS", ".RE", ".nf", ".fi"];
            let requests = page.lines().filter(|line| line.starts_with('.'));
            requests.for_each(|line| assert!(known.iter().any(|name| line.starts_with(name)), "{line}"));
        }
    }
}
