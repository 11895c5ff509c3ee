//! The page and what it is made of, all inside the program.

use askama::Template;
use include_dir::{Dir, include_dir};

use crate::values::language::Language;

static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/app/assets");

/// The page.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    lang: &'a str,
    theme: &'a str,
    version: &'a str,
}

/// What is shown in place of the page where it may not be opened.
#[derive(Template)]
#[template(path = "closed.html")]
struct Closed<'a> {
    vi: &'a str,
    en: &'a str,
}

/// What is shown where nothing can be served at all.
#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    lang: &'a str,
    title: &'a str,
    message: &'a str,
    advice: &'a str,
    when: &'a str,
    log: &'a str,
    version: &'a str,
}

pub(super) fn notice(language: Language, [title, message, advice, when, log]: [&str; 5]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    Notice { lang: name(language), title, message, advice, when, log, version }.render().unwrap_or_default()
}

pub(super) fn page(language: Language, theme: &str) -> Option<String> {
    let (lang, version) = (name(language), env!("CARGO_PKG_VERSION"));
    // While the page is being written, it is read from its folder.
    #[cfg(debug_assertions)]
    if let Some(folder) = std::env::var_os("BIEU_APP_ASSETS") {
        let text = std::fs::read_to_string(std::path::Path::new(&folder).join("page.html")).ok()?;
        let text = text.replace("{{ lang }}", lang).replace("{{ theme }}", theme);
        return Some(text.replace("{{ version }}", version));
    }
    Page { lang, theme, version }.render().ok()
}

pub(super) fn closed(vi: &str, en: &str) -> String {
    Closed { vi, en }.render().unwrap_or_default()
}

pub(super) const fn name(language: Language) -> &'static str {
    match language {
        Language::Vi => "vi",
        Language::En => "en",
    }
}

/// A file of the page with its kind.
pub(super) fn asset(name: &str) -> Option<(Vec<u8>, &'static str)> {
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    if !name.split('/').all(is_plain) {
        return None;
    }
    let kind = match name.rsplit_once('.')?.1 {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        _ => return None,
    };
    #[cfg(debug_assertions)]
    if let Some(folder) = std::env::var_os("BIEU_APP_ASSETS") {
        return std::fs::read(std::path::Path::new(&folder).join(name)).ok().map(|bytes| (bytes, kind));
    }
    ASSETS.get_file(name).map(|file| (file.contents().to_vec(), kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_page_are_files() {
        for name in ["", "..", "../app.rs", "a/../b.js", "/etc/passwd", ".x.js", "a//b.js", "x.html", "a\\b.js"] {
            assert!(asset(name).is_none(), "{name}");
        }
        assert!(asset("app.js").is_some());
    }

    #[test]
    fn the_page_has_no_inline_script_and_no_inline_style() {
        let page = page(Language::Vi, "auto").expect("the page");
        let closed = closed("a", "b");
        for text in [page, closed] {
            assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains(" onclick="), "{text}");
            for script in text.split("<script").skip(1) {
                let tag = script.split('>').next().unwrap_or_default();
                assert!(tag.contains(" src=\"/assets/"), "{tag}");
            }
        }
    }
}
