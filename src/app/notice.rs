//! What is said to a person who has no console: a page of its own where the program cannot begin, and a log.
//!
//! A program that was started by a double click has nowhere to say why it ends: without these it would seem
//! that nothing had happened. The log holds no figures and no address that could be opened.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{assets, home, texts::civil};
use crate::{
    driver::shown,
    values::language::{Language, say},
    write::address,
};

const LOG: &str = "bieu.log";
const BEFORE: &str = "bieu.log.cu";
const PAGE: &str = "khong-mo-duoc.html";
/// Bytes after which the log is begun anew; the one before is kept.
const MOST: u64 = 1 << 20;

/// Adds a line to the log, if it can be written at all.
pub(super) fn log(text: &str) {
    if let Some(folder) = home::place() {
        // A program that cannot keep a log does its work all the same.
        let _ = log_in(&folder, text, home::now());
    }
}

fn log_in(folder: &Path, text: &str, now: u64) -> io::Result<()> {
    let path = folder.join(LOG);
    if fs::metadata(&path).is_ok_and(|meta| meta.len() > MOST) {
        fs::rename(&path, folder.join(BEFORE))?;
    }
    // One line is one event, whatever stands in it.
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let (when, id, version) = (time(now), std::process::id(), env!("CARGO_PKG_VERSION"));
    let line = format!("{when} bieu {version} [{id}] {}\n", text.trim());
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(line.as_bytes())
}

/// Seconds since 1970 as a time in Vietnam, which is seven hours ahead.
fn time(now: u64) -> String {
    let now = now + 7 * 3600;
    let ((year, month, day), rest) = (civil(now / 86_400), now % 86_400);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// Has every panic of this process in the log, beside what is done with it already.
pub(super) fn log_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        log(&format!("panic: {info}"));
        usual(info);
    }));
}

/// Says on a page in the browser why the program cannot begin, and in the log. The page lies in the folder of
/// settings, or where that cannot be written among the temporary files. Without a browser it is only written.
/// Returns where it lies.
pub(crate) fn say_on_page(message: &str, language: Language, browser: bool) -> Option<PathBuf> {
    let kept = home::place();
    let write = |folder: &Path| {
        home::private_folder(folder).ok()?;
        let path = folder.join(PAGE);
        fs::write(&path, page(message, kept.as_deref(), language)).ok()?;
        Some(path)
    };
    let path = kept.as_deref().and_then(write).or_else(|| write(&std::env::temp_dir().join("bieu")));
    // The folder of both is there by now.
    log(message);
    let path = path?;
    if browser {
        // Where there is no browser there is nobody who looks.
        let _ = webbrowser::open(&address(&shown(&path)));
    }
    Some(path)
}

fn page(message: &str, folder: Option<&Path>, language: Language) -> String {
    let title = say!(language, "Chương trình bieu chưa mở được trang", "bieu could not open its page");
    let advice = say!(
        language,
        "Các tệp số liệu không bị thay đổi. Sửa theo dòng trên rồi mở lại chương trình. Nếu vẫn không được, hãy gửi dòng đó và tệp nhật ký cho người phụ trách.",
        "No file of figures was changed. Mend what the line above says and start the program again. If that does not help, send the line and the log to whoever maintains the program."
    );
    let log = folder.map(|folder| shown(&folder.join(LOG))).unwrap_or_default();
    assets::notice(language, [&title, message, &advice, &time(home::now()), &log])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_holds_a_line_an_event_and_begins_anew() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        log_in(folder.path(), "cổng 80\nđang bận ", 1_796_000_000)?;
        log_in(folder.path(), "xong", 0)?;
        let text = fs::read_to_string(folder.path().join(LOG))?;
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[0].starts_with("2026-11-30 07:53:20 bieu ") && lines[0].ends_with("] cổng 80 đang bận"),
            "{text}"
        );
        assert!(lines[1].starts_with("1970-01-01 07:00:00 ") && lines.len() == 2, "{text}");

        let long = vec![b'x'; usize::try_from(MOST).unwrap_or_default() + 1];
        fs::write(folder.path().join(LOG), long)?;
        log_in(folder.path(), "lại từ đầu", 0)?;
        assert_eq!(fs::read_to_string(folder.path().join(LOG))?.lines().count(), 1);
        assert!(fs::metadata(folder.path().join(BEFORE))?.len() > MOST);
        Ok(())
    }

    #[test]
    fn the_page_says_what_is_wrong_and_nothing_breaks_out_of_it() {
        let text = page("không mở được <b>x</b>", Some(Path::new("/nha/bieu")), Language::Vi);
        assert!(text.contains("&#60;b&#62;x") && text.contains("/nha/bieu/bieu.log"), "{text}");
        assert!(page("x", None, Language::En).contains("lang=\"en\""));
    }
}
