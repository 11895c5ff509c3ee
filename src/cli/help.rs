//! Help texts and usage errors in the language of the run. clap words them in English; here is what an
//! officer reads. Words stand by command and argument; a test holds the two lists together.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::Path,
};

use crate::values::language::{Language, say};
use clap::{
    Arg, ArgAction, Command, CommandFactory, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::args::Args;

/// An example of each command that works on the samples, whose names no code knows.
const EXAMPLES: &str = include_str!("examples.txt");

/// What a command does, in Vietnamese.
const COMMANDS: &[(&str, &str)] = &[
    ("convert", "Lập biểu (.xlsx) từ các tệp Excel của cơ quan"),
    ("validate", "Kiểm tra các bộ số liệu; chỉ ghi báo cáo, không ghi gì khác"),
    ("consolidate", "Gộp nhiều bộ số liệu cùng danh mục chỉ tiêu vào một tệp"),
    ("draft", "Lập bản nháp bảng ánh xạ (và danh mục chỉ tiêu nếu chưa có) từ các tệp chưa ai khai báo"),
    ("inspect", "Cho xem chương trình đọc được gì: sheet, vùng dữ liệu, bảng mã, từng ô"),
    #[cfg(feature = "app")]
    ("app", "Mở trang làm việc trong trình duyệt, cho người không dùng cửa sổ lệnh"),
    ("mapping", "Làm việc với bảng ánh xạ và danh mục chỉ tiêu"),
    ("mapping check", "Soát bảng ánh xạ và danh mục chỉ tiêu; chỉ rõ dòng và cột của từng chỗ sai"),
    (
        "mapping schema",
        "In JSON Schema của bảng ánh xạ, danh mục và bieu.toml, để trình soạn thảo nhắc khóa và báo chỗ sai",
    ),
    ("mapping export", "Ghi bảng ánh xạ hoặc danh mục có sẵn ra tệp để xem và sửa, kèm các tệp mà nó cần"),
    ("explain", "Giải thích một mã vấn đề và cách sửa"),
    ("completions", "In tệp tự điền lệnh cho cửa sổ dòng lệnh"),
];

/// Words of arguments in Vietnamese, by command and name; `*` stands for every command without words of
/// its own.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("*", "inputs", "Tệp hoặc thư mục"),
    ("*", "paths", "Tệp hoặc thư mục"),
    (
        "mapping check",
        "against",
        "Đọc cả các tệp hoặc thư mục này, cho xem từng mục lấy được ô nào và số nào không mục nào lấy",
    ),
    ("mapping export", "name", "Tên một bảng ánh xạ hoặc danh mục có sẵn"),
    ("mapping export", "output", "Thư mục sẽ ghi vào"),
    (
        "*",
        "mapping",
        "Bảng ánh xạ (tệp khai báo số liệu nằm ở sheet, dòng, cột nào): tên tệp, thư mục, hoặc tên bảng có sẵn; được nêu nhiều lần",
    ),
    (
        "convert",
        "mapping",
        "Bảng ánh xạ (tệp khai báo số liệu nằm ở sheet, dòng, cột nào): tên tệp, thư mục, hoặc tên bảng có sẵn",
    ),
    ("*", "previous", "Số liệu kỳ trước để so sánh; `mapping.toml` để cạnh cho biết cách đọc"),
    ("convert", "output", "Tệp biểu sẽ ghi; là thư mục khi có nhiều bộ số liệu (mặc định: bieu-ket-qua.xlsx)"),
    ("consolidate", "output", "Tệp tổng hợp sẽ ghi"),
    (
        "convert",
        "prefill",
        "Lập mẫu của kỳ sau để điền: kết quả kỳ này thành số kỳ trước, kế hoạch năm sau thành kế hoạch, theo danh mục chỉ tiêu",
    ),
    ("*", "table", "Ghi thêm bảng số liệu dạng CSV, mỗi số một dòng"),
    (
        "*",
        "report",
        "Ghi thêm báo cáo; đuôi tệp cho biết dạng (.html .xlsx .csv .json .sarif .txt, .xml là JUnit); được nêu nhiều lần",
    ),
    (
        "convert",
        "annotate",
        "Ghi thêm bản sao các tệp .xlsx, .xlsm, trong đó ô có vấn đề được tô màu và ghi chú; tệp nguồn không bị thay đổi",
    ),
    (
        "draft",
        "catalogue",
        "Danh mục chỉ tiêu: tên tệp hoặc tên danh mục có sẵn; nếu không nêu thì lập nháp cả danh mục",
    ),
    ("draft", "period", "Kỳ của số liệu, ví dụ 2026, 2026-6T, 2021-2025 (mặc định: theo tiêu đề các bảng)"),
    ("draft", "choices", "Những điều người dùng đã chọn cho từng dòng, cột (JSON)"),
    ("draft", "output", "Thư mục ghi mapping.toml và danh-muc.toml (mặc định: thư mục của tệp đầu tiên)"),
    (
        "draft",
        "update",
        "Bổ sung vào mapping.toml đã có: dòng còn đúng giữ nguyên, dòng mới được thêm, dòng không còn thành nhận xét",
    ),
    ("draft", "format", "Dạng in ra màn hình; với json chỉ ghi tệp khi có --output"),
    ("*", "force", "Ghi đè tệp đã có"),
    ("convert", "shard", "Chỉ lập biểu cho phần thứ I trong N phần, khi chia việc cho N máy"),
    ("validate", "shard", "Chỉ kiểm tra phần thứ I trong N phần, khi chia việc cho N máy"),
    ("convert", "only", "Chỉ lập biểu của bộ số liệu này, theo đường dẫn trong báo cáo"),
    ("validate", "only", "Chỉ kiểm tra bộ số liệu này, theo đường dẫn trong báo cáo"),
    ("validate", "resume", "Giữ kết quả trong tệp này; lần chạy sau không kiểm tra lại bộ số liệu chưa thay đổi"),
    ("*", "fail_on", "Có vấn đề từ mức nào thì kết thúc với mã 1"),
    (
        "*",
        "second_reader",
        "Đọc lại các tệp bằng bộ đọc thứ hai và báo chỗ hai bên đọc khác nhau: on (có), off (không)",
    ),
    ("*", "jobs", "Số tiến trình chạy cùng lúc (mặc định: theo số nhân của máy)"),
    ("*", "timeout", "Số giây tối đa cho một tệp"),
    ("*", "max_memory", "Bộ nhớ tối đa (MB) cho một tiến trình"),
    ("*", "quiet", "Không hiện tiến độ và ghi chú; vẫn báo lỗi"),
    ("*", "format", "Dạng in ra màn hình"),
    #[cfg(feature = "app")]
    ("app", "folder", "Thư mục hoặc tệp mở sẵn"),
    #[cfg(feature = "app")]
    ("app", "port", "Cổng trên 127.0.0.1; 0 là cổng bất kỳ còn trống"),
    #[cfg(feature = "app")]
    ("app", "no_browser", "Không mở trình duyệt: in địa chỉ (mở được một lần) ra màn hình"),
    #[cfg(feature = "app")]
    ("app", "idle", "Số giây tự kết thúc sau khi trang cuối cùng đóng lại"),
    ("explain", "code", "Mã vấn đề, ví dụ ratio-mismatch; bỏ trống để xem tất cả các mã"),
    ("completions", "shell", "Tên chương trình dòng lệnh: bash, elvish, fish, powershell, zsh"),
    ("*", "lang", "Ngôn ngữ của thông báo: vi (tiếng Việt) hoặc en (tiếng Anh)"),
    ("*", "help", "In hướng dẫn này"),
    ("*", "version", "In số phiên bản"),
];

/// Names of values in Vietnamese.
const VALUES: &[(&str, &str)] = &[
    ("INPUT", "TỆP-HOẶC-THƯ-MỤC"),
    ("PATHS", "TỆP-HOẶC-THƯ-MỤC"),
    ("FILE-OR-FOLDER", "TỆP-HOẶC-THƯ-MỤC"),
    ("FILE", "TỆP"),
    ("FOLDER", "THƯ-MỤC"),
    ("MAPPING", "BẢNG-ÁNH-XẠ"),
    ("OUT.xlsx", "TỆP.xlsx"),
    ("OUT.csv", "TỆP.csv"),
    ("STATE", "TỆP"),
    ("LEVEL", "MỨC"),
    ("SECONDS", "GIÂY"),
    ("NAME", "TÊN"),
    ("MIB", "MB"),
    ("FORMAT", "DẠNG"),
    ("CODE", "MÃ"),
    ("CATALOGUE", "DANH-MỤC"),
    ("PERIOD", "KỲ"),
    ("LANG", "NGÔN-NGỮ"),
];

/// The language that the arguments ask for, before they are parsed.
pub(super) fn language_of(arguments: &[OsString]) -> Language {
    let mut words = arguments.iter().skip(1).map(|word| word.to_string_lossy());
    let mut named = None;
    while let Some(word) = words.next() {
        if word == "--lang" {
            named = words.next().map(std::borrow::Cow::into_owned);
        } else if let Some(word) = word.strip_prefix("--lang=") {
            named = Some(word.to_owned());
        }
    }
    let named = named.or_else(|| env::var("BIEU_LANG").ok());
    if named.as_deref() == Some("en") { Language::En } else { Language::Vi }
}

/// The arguments, with `validate` before a path where no command is named: a name of a command wins, and
/// what is neither is a mistake.
pub(super) fn with_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let mut at = 1;
    while let Some(word) = arguments.get(at).filter(|word| word.to_string_lossy().starts_with("--lang")) {
        at += if word == "--lang" { 2 } else { 1 };
    }
    // "help validate" is "validate --help".
    if arguments.get(at).is_some_and(|word| word == "help") {
        arguments.remove(at);
        arguments.push("--help".into());
        return arguments;
    }
    let is_path = |word: &OsString| {
        let is_command = || Args::command().get_subcommands().any(|command| OsStr::new(command.get_name()) == word);
        Path::new(word).exists() && !is_command()
    };
    if arguments.get(at).is_some_and(is_path) {
        arguments.insert(at, "validate".into());
    }
    arguments
}

/// The arguments of the program without a console, with `app` before them unless a command is named.
pub(super) fn with_app(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let names: Vec<String> = Args::command().get_subcommands().map(|own| own.get_name().to_owned()).collect();
    let is_known = |word: &OsString| {
        let word = word.to_string_lossy();
        names.iter().any(|name| *name == word) || ["help", "--help", "-h", "--version", "-V"].contains(&&*word)
    };
    // A folder that has the name of a command comes with its whole path when it is dropped.
    if !arguments.iter().skip(1).any(is_known) {
        let at = arguments.len().min(1);
        arguments.insert(at, "app".into());
    }
    arguments
}

/// The commands with all their texts in one language.
pub(super) fn command(language: Language) -> Command {
    let command = Args::command().disable_help_subcommand(true).after_help(start(language));
    match language {
        Language::En => with_examples(command, ""),
        Language::Vi => vietnamese(with_examples(command, ""), ""),
    }
}

/// What to do first, in five lines.
pub(super) fn start(language: Language) -> String {
    say!(
        language,
        "Bắt đầu:\n  bieu validate THƯ-MỤC              kiểm tra các tệp Excel trong thư mục\n  bieu convert THƯ-MỤC -o BIEU.xlsx  lập biểu để in, ký\n  bieu explain MÃ                    giải thích một mã vấn đề\n  bieu LỆNH --help                   hướng dẫn của một lệnh",
        "To begin:\n  bieu validate FOLDER              check the spreadsheets in a folder\n  bieu convert FOLDER -o FORM.xlsx  write the form, ready to print and sign\n  bieu explain CODE                 explain a finding code\n  bieu COMMAND --help               help for a command"
    )
}

fn path_of(above: &str, command: &Command) -> String {
    format!("{above} {}", command.get_name()).trim().to_owned()
}

fn with_examples(command: Command, above: &str) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |sub| {
            let path = path_of(above, &sub);
            let sub = with_examples(sub, &path);
            match example_of(&path) {
                Some(example) => sub.after_help(format!("Example:\n  {example}")),
                None => sub,
            }
        })
    })
}

/// Gives a command and those below it their Vietnamese texts.
fn vietnamese(command: Command, path: &str) -> Command {
    let known = COMMANDS.iter().find(|(name, ..)| *name == path);
    let mut command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading("Các lệnh")
        .subcommand_value_name("LỆNH")
        .help_template("{about-with-newline}\nCách dùng: {usage}\n\n{all-args}{after-help}")
        .version(env!("CARGO_PKG_VERSION"))
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help))
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version));
    if let Some((_, about)) = known {
        command = command.about(*about).long_about(*about);
        command = command.after_help(format!("Ví dụ:\n  {}", example_of(path).unwrap_or_default()));
    } else if path.is_empty() {
        let about = "Đọc các tệp Excel của cơ quan theo bảng ánh xạ, kiểm tra, tính lại và lập biểu để in, ký";
        command = command.about(about).long_about(about);
    }
    command = command.mut_args(|arg| {
        let name = arg.get_id().as_str().to_owned();
        let own = words_of(path, &name).unwrap_or_default();
        let mut words = own.to_owned();
        let values: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        let takes_value = arg.get_action().takes_values();
        if takes_value && values.len() > 1 && !own.contains(" on (") && !own.contains("vi (") && name != "shell" {
            words.push_str(&format!("; nhận: {}", values.join(", ")));
        }
        let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if takes_value && !defaults.is_empty() {
            words.push_str(&format!(" (mặc định: {})", defaults.join(", ")));
        }
        let named = arg.get_value_names().and_then(|names| names.first()).map(|name| name.as_str().to_owned());
        let named = named.unwrap_or_else(|| name.to_uppercase());
        let value = VALUES.iter().find(|(english, _)| *english == named).map(|(_, value)| *value);
        let heading = if arg.is_positional() { "Tham số" } else { "Tùy chọn" };
        let arg = arg.help(words.clone()).long_help(words).help_heading(heading);
        if !takes_value {
            return arg;
        }
        let arg = arg.hide_possible_values(true).hide_default_value(true).hide_env(true);
        if let Some(value) = value { arg.value_name(value) } else { arg }
    });
    let mut usage = format!("{} [TÙY CHỌN]", format!("bieu {path}").trim_end());
    for needed in command.get_opts().filter(|arg| arg.is_required_set()) {
        let short = needed.get_short().map(|short| format!("-{short}"));
        let name = short.or_else(|| needed.get_long().map(|long| format!("--{long}"))).unwrap_or_default();
        let value = needed.get_value_names().and_then(<[_]>::first).map_or("", |value| value.as_str());
        usage.push_str(&format!(" {name} <{value}>"));
    }
    for place in command.get_positionals() {
        usage.push_str(&format!(" {place}"));
    }
    if command.has_subcommands() {
        usage.push_str(" <LỆNH>");
    }
    command = command.override_usage(usage);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |sub| {
            let path = path_of(path, &sub);
            vietnamese(sub, &path)
        })
    })
}

fn example_of(path: &str) -> Option<&'static str> {
    EXAMPLES.lines().find_map(|line| line.strip_prefix(path)?.strip_prefix(": "))
}

fn words_of(path: &str, argument: &str) -> Option<&'static str> {
    let of = |command: &str| ARGUMENTS.iter().find(|(of, name, _)| *of == command && *name == argument);
    of(path).or_else(|| of("*")).map(|(.., words)| *words)
}

/// What is wrong with the arguments, in Vietnamese; `None` where clap's own text is what was asked for.
pub(super) fn mistake(error: &Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let argument = || text(ContextKind::InvalidArg).unwrap_or_default();
    let value = || text(ContextKind::InvalidValue).unwrap_or_default();
    let meant = |kind| text(kind).map(|meant| format!("; có phải \"{meant}\"?")).unwrap_or_default();
    let words = match error.kind() {
        ErrorKind::MissingSubcommand => "thiếu tên lệnh".to_owned(),
        ErrorKind::InvalidSubcommand => {
            let name = text(ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("không có lệnh, tệp hay thư mục \"{name}\"{}", meant(ContextKind::SuggestedSubcommand))
        }
        ErrorKind::UnknownArgument if !argument().starts_with('-') => format!("không nhận thêm \"{}\"", argument()),
        ErrorKind::UnknownArgument => {
            format!("không có tùy chọn \"{}\"{}", argument(), meant(ContextKind::SuggestedArg))
        }
        ErrorKind::MissingRequiredArgument => format!("thiếu {}", argument()),
        ErrorKind::InvalidValue if value().is_empty() => format!("thiếu giá trị cho {}", argument()),
        ErrorKind::InvalidValue => {
            let known = text(ContextKind::ValidValue).map(|known| format!("; nhận: {known}")).unwrap_or_default();
            format!("{} không nhận \"{}\"{known}", argument(), value())
        }
        ErrorKind::ValueValidation => format!("{} không nhận \"{}\"", argument(), value()),
        ErrorKind::ArgumentConflict => {
            let other = text(ContextKind::PriorArg).unwrap_or_default();
            format!("không dùng {} cùng với {other}", argument())
        }
        ErrorKind::NoEquals | ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{} nhận sai số giá trị", argument())
        }
        ErrorKind::InvalidUtf8 => "có ký tự không đọc được trong dòng lệnh".to_owned(),
        // Help and version are no mistakes.
        _ => return None,
    };
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(command: &Command, path: &str, look: &mut impl FnMut(&str, &Command)) {
        look(path, command);
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            each(sub, &path_of(path, sub), look);
        }
    }

    #[test]
    fn every_command_and_argument_has_vietnamese_words_and_an_example() {
        let mut used = Vec::new();
        each(&Args::command(), "", &mut |path, command| {
            let is_known = COMMANDS.iter().any(|(name, _)| *name == path) && example_of(path).is_some();
            assert!(path.is_empty() || is_known, "{path}");
            for arg in command.get_arguments() {
                let name = arg.get_id().as_str();
                assert!(words_of(path, name).is_some(), "{path} {name}");
                used.push((path.to_owned(), name.to_owned()));
            }
        });
        for (command, name, _) in ARGUMENTS.iter().filter(|(_, name, _)| !["help", "version"].contains(name)) {
            let is_used = used.iter().any(|(path, own)| own == name && (*command == "*" || path == command));
            assert!(is_used, "no argument {name} of {command}");
        }
        let mut known = 0;
        each(&Args::command(), "", &mut |path, _| known += usize::from(!path.is_empty()));
        assert_eq!(COMMANDS.len(), known);
    }

    #[test]
    fn help_holds_no_english() {
        each(&command(Language::Vi), "", &mut |_, command| {
            let help = command.clone().render_long_help().to_string();
            for word in ["Usage", "OPTIONS", "Options", "Arguments", "Commands", "Print", "default", "possible", "env:"]
            {
                assert!(!help.contains(word), "{word} in\n{help}");
            }
        });
        command(Language::Vi).debug_assert();
        command(Language::En).debug_assert();
    }

    #[test]
    fn the_language_is_known_before_the_rest() {
        let of = |words: &[&str]| language_of(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(of(&["bieu", "validate", "--lang", "en"]), Language::En);
        assert_eq!(of(&["bieu", "--lang=en", "--help"]), Language::En);
        assert_eq!(of(&["bieu", "--lang=vi", "--help"]), Language::Vi);
    }

    #[test]
    fn a_path_is_validated_and_a_command_wins() {
        let of = |words: &[&str]| with_command(words.iter().map(OsString::from).collect());
        assert_eq!(of(&["bieu", "src", "--format", "json"])[1], "validate");
        assert_eq!(of(&["bieu", "--lang", "en", "src"])[3], "validate");
        assert_eq!(of(&["bieu", "validate", "src"]).len(), 3);
        assert_eq!(of(&["bieu", "khong-co"]).len(), 2);
        assert_eq!(of(&["bieu", "help", "explain"]), ["bieu", "explain", "--help"]);
    }
}
