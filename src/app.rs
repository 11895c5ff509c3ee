//! The page for those who use no terminal: a small server on this machine only, with the browser as its
//! window.
//!
//! It reads no workbook itself. Every job is a command line of this program, run as a child with limits:
//! a hostile file never meets the process that holds the page, and page and commands cannot differ.

mod api;
mod assets;
mod auth;
mod browse;
mod child;
mod compare;
mod describe;
mod downloads;
mod events;
mod explain;
mod fault;
mod figures;
mod folders;
mod forms;
mod home;
mod instance;
mod journal;
mod judge;
mod judgement;
mod notice;
mod open;
mod server;
mod sheets;
mod texts;
mod upload;
mod watch;

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};

use tokio::sync::Notify;

use crate::values::language::Language;

use auth::Auth;
use browse::Chooser;
use child::Children;
use downloads::Downloads;
use events::Events;
use fault::Fault;
use folders::Folders;
use home::Home;
use sheets::Sheets;

pub(crate) use notice::say_on_page;

/// How the page is started.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Folder or file to begin with.
    pub folder: Option<PathBuf>,
    /// Port on 127.0.0.1; 0 is any that is free.
    pub port: u16,
    /// Whether the browser is opened.
    pub browser: bool,
    /// Seconds after which the program ends when no page is open any more.
    pub idle: u32,
    /// The program that does the jobs: this one.
    pub program: PathBuf,
    /// Language, where the user named one; else what was chosen on the page.
    pub language: Option<Language>,
}

/// Why the page cannot be served at all.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum StartError {
    /// The port cannot be had.
    Port(u16, io::Error),
    /// Another one runs already and does not answer.
    Silent,
    /// The system gives no random numbers, no threads or no files.
    System(io::Error),
}

/// What all requests share.
struct App {
    auth: Auth,
    home: Home,
    chooser: Chooser,
    events: Events,
    folders: Folders,
    children: Children,
    sheets: Sheets,
    downloads: Downloads,
    /// Held while a folder is described: one step after the other.
    describing: Mutex<()>,
    options: Options,
    /// The folder that a start was given, and what was wrong with it.
    start: Mutex<Start>,
    /// Set once: running children end, and so does the server.
    stop: AtomicBool,
    quit: Notify,
}

#[derive(Clone, Debug, Default)]
struct Start {
    folder: Option<String>,
    error: Option<Fault>,
}

impl App {
    fn language(&self) -> Language {
        self.home.language().or(self.options.language).unwrap_or_default()
    }

    /// One of two texts.
    fn language_of(&self, vi: &str, en: &str) -> String {
        match self.language() {
            Language::Vi => vi.to_owned(),
            Language::En => en.to_owned(),
        }
    }

    fn start(&self) -> MutexGuard<'_, Start> {
        lock(&self.start)
    }

    /// Opens what a start was given; what is wrong with it is shown on the page.
    fn open_first(self: &Arc<Self>, path: &std::path::Path) {
        let opened = self.chooser.permit(path).and_then(|path| open::open(self, &path));
        let start = match opened {
            Ok(id) => Start { folder: Some(id), error: None },
            Err(fault) => Start { folder: None, error: Some(fault) },
        };
        *self.start() = start;
    }
}

/// A panic elsewhere is no reason to refuse what is there.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves the page until it is ended. `say_address` is given the address that can be opened once, where no
/// browser is opened.
///
/// # Errors
/// When it cannot be served; nothing was opened then.
pub(crate) fn run(options: Options, say_address: fn(&str)) -> Result<(), StartError> {
    let home = Home::open().map_err(StartError::System)?;
    notice::log_panics();
    if let Some(language) = options.language {
        home.set_language(language);
    }
    let Some(single) = instance::claim(&home).map_err(StartError::System)? else {
        let address = instance::ask(&home, options.folder.as_deref()).ok_or(StartError::Silent)?;
        notice::log("opens the page of the one that runs already");
        show(&address, options.browser, say_address);
        return Ok(());
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
        .map_err(|error| StartError::Port(options.port, error))?;
    let port = listener.local_addr().map_err(StartError::System)?.port();
    notice::log(&format!("begins at the port {port}"));
    let auth = Auth::new(port).map_err(StartError::System)?;
    home.clear();
    let single = single.say(&home, &auth).map_err(StartError::System)?;
    let app = Arc::new(App {
        chooser: Chooser::new(&home),
        home,
        events: Events::default(),
        folders: Folders::default(),
        children: Children::default(),
        sheets: Sheets::default(),
        downloads: Downloads::default(),
        describing: Mutex::default(),
        start: Mutex::default(),
        stop: AtomicBool::new(false),
        quit: Notify::new(),
        auth,
        options,
    });
    let address = app.auth.launch().map_err(StartError::System)?;
    if let Some(folder) = &app.options.folder {
        app.open_first(folder);
    }
    let shown = app.options.browser;
    // Some browsers keep whoever opens them waiting.
    let served = server::serve(&app, listener, move || {
        std::thread::spawn(move || show(&address, shown, say_address));
    });
    app.children.end();
    single.end(&app.home);
    notice::log("ends");
    served.map_err(StartError::System)
}

/// Opens the browser; where there is none the address is said.
fn show(address: &str, browser: bool, say_address: fn(&str)) {
    if !browser || webbrowser::open(address).is_err() {
        say_address(address);
    }
}
