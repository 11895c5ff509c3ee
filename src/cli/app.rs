//! `bieu app`.

use std::{
    ffi::OsString,
    io::{self, IsTerminal},
    process,
};

use crate::{
    app::{Options, StartError},
    driver::reason,
    values::language::{Language, say},
};

use clap::error::ErrorKind;

use super::{Exit, Failure, args::App, help};

/// Wrong arguments of this command, such as several files that were dropped on the program at once.
pub(super) fn refused(error: &clap::Error, arguments: &[OsString], language: Language) {
    if !error.use_stderr() || arguments.get(1).is_none_or(|word| word != "app") {
        return;
    }
    let words = help::mistake(error).filter(|_| language == Language::Vi).unwrap_or_else(|| error.to_string());
    let message = match error.kind() {
        ErrorKind::UnknownArgument => {
            say!(language, "{words}; hãy mở từng thư mục hoặc tệp một", "{words}\nOpen one folder or file at a time.")
        }
        _ => words,
    };
    say_without_console(&message, arguments.iter().all(|word| word != "--no-browser"), language);
}

/// Whoever has no console is told on a page in the browser.
fn say_without_console(message: &str, browser: bool, language: Language) {
    if !io::stderr().is_terminal() {
        crate::app::say_on_page(message, language, browser);
    }
}

pub(super) fn run(args: &App, arguments: &[OsString], language: Language) -> Result<Exit, Failure> {
    let is_named = std::env::var_os("BIEU_LANG").is_some()
        || arguments.iter().any(|word| word.to_string_lossy().starts_with("--lang"));
    let options = Options {
        folder: args.folder.clone(),
        port: args.port,
        browser: !args.no_browser,
        idle: args.idle,
        program: std::env::current_exe().map_err(|error| Failure::usage(error.to_string()))?,
        language: is_named.then_some(language),
    };
    // The children end with whoever started them; what they have not finished they remove.
    let _ = ctrlc::set_handler(|| process::exit(Exit::Interrupted as i32));
    let say_address = |address: &str| {
        // Whoever started the program without a browser reads it there; a closed pipe is no reason to stop.
        let _ = super::print(format!("{address}\n").as_bytes());
    };
    crate::app::run(options, say_address).map(|()| Exit::Ok).map_err(|error| {
        let message = match error {
            StartError::Port(port, error) => {
                let error = reason(&error, language);
                say!(language, "không dùng được cổng {port}: {error}", "the port {port} cannot be used: {error}")
            }
            StartError::Silent => say!(
                language,
                "bieu app đang chạy nhưng không trả lời; hãy đóng chương trình đó (Trình quản lý tác vụ của Windows: Ctrl+Shift+Esc) rồi mở lại",
                "bieu app is running already and does not answer; close it (Task Manager of Windows: Ctrl+Shift+Esc) and start again"
            ),
            StartError::System(error) => {
                let error = reason(&error, language);
                say!(language, "không mở được trang: {error}", "the page cannot be served: {error}")
            }
        };
        say_without_console(&message, !args.no_browser, language);
        Failure::usage(message)
    })
}
