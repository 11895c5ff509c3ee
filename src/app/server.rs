//! The server: one small set of addresses, each request checked before anything is done for it.

use std::{
    collections::VecDeque,
    io,
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::Response,
};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use serde_json::{Value, json};
use tokio::{runtime, task::AbortHandle, time};

use super::{App, api, assets, downloads, fault::Fault, lock, upload};
use crate::values::language::Language;

/// Most bytes of a question that holds no files.
const MOST_ASKED: usize = 1 << 20;
/// Files come in as text, four letters for three bytes.
const MOST_SENT: usize = upload::MOST_UPLOADED / 3 * 4 + MOST_ASKED;
/// How long the head of a request may take, and how long its body.
const HEAD: Duration = Duration::from_secs(5);
const BODY: Duration = Duration::from_secs(5);
const FILES: Duration = Duration::from_mins(1);
/// Connections that have not yet shown the cookie; the oldest goes where there are more.
const MOST_UNKNOWN: usize = 128;
/// Connections in all.
const MOST_OPEN: usize = 384;
/// How often the pages are told that the program lives.
const BEAT: u32 = 2;
/// The first page may take longer to be opened than a closed one to come back.
const FIRST_PAGE: u32 = 600;

/// Serves until it is asked to end, or no page is open any more. `ready` is called once it answers.
pub(super) fn serve(app: &Arc<App>, listener: TcpListener, ready: impl FnOnce()) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().max_blocking_threads(32).build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        tokio::spawn(accept(Arc::clone(app), listener));
        tokio::spawn(beat(Arc::clone(app)));
        ready();
        app.quit.notified().await;
        app.stop.store(true, Ordering::Relaxed);
        app.events.send("quit", &json!({}));
        // The answer to whoever asked for it is still on its way.
        time::sleep(Duration::from_millis(200)).await;
        app.events.close();
        io::Result::Ok(())
    })?;
    runtime.shutdown_timeout(Duration::from_secs(2));
    Ok(())
}

/// Counts seconds without a page. A sleeping machine counts none: it is the beats that are counted, and not
/// the clock.
async fn beat(app: Arc<App>) {
    let (mut alone, mut seconds, mut seen) = (0, 0u32, false);
    loop {
        time::sleep(Duration::from_secs(1)).await;
        seconds = seconds.wrapping_add(1);
        if seconds % BEAT != 0 {
            continue;
        }
        if app.events.beat() > 0 {
            (alone, seen) = (0, true);
            continue;
        }
        alone += BEAT;
        let idle = app.options.idle;
        if alone >= if seen { idle } else { idle.max(FIRST_PAGE) } {
            app.quit.notify_one();
        }
    }
}

/// Connections that may be let go.
#[derive(Default)]
struct Connections {
    unknown: VecDeque<(u64, AbortHandle)>,
    open: usize,
    next: u64,
}

/// One of them.
#[derive(Clone)]
struct Connection {
    number: u64,
    is_known: Arc<AtomicBool>,
    all: Arc<Mutex<Connections>>,
}

impl Connection {
    /// It has shown the cookie.
    fn known(&self) {
        if !self.is_known.swap(true, Ordering::Relaxed) {
            lock(&self.all).unknown.retain(|(number, _)| *number != self.number);
        }
    }
}

/// Takes a connection out of the count when it ends, by whatever way.
struct Counted(Connection);

impl Drop for Counted {
    fn drop(&mut self) {
        let mut all = lock(&self.0.all);
        all.open -= 1;
        all.unknown.retain(|(number, _)| *number != self.0.number);
    }
}

async fn accept(app: Arc<App>, listener: tokio::net::TcpListener) {
    let router = router(&app);
    let all = Arc::new(Mutex::new(Connections::default()));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many files are open: some will be closed.
            time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let connection = {
            let mut connections = lock(&all);
            if connections.open >= MOST_OPEN {
                continue;
            }
            connections.open += 1;
            connections.next += 1;
            Connection { number: connections.next, is_known: Arc::default(), all: Arc::clone(&all) }
        };
        let _ = stream.set_nodelay(true);
        let number = connection.number;
        let counted = Counted(connection.clone());
        let service = TowerToHyperService::new(router.clone().layer(Extension(connection)));
        let task = tokio::spawn(async move {
            let _counted = counted;
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(32 << 10).max_headers(64);
            // Whoever is at the other end has gone away.
            let _ = builder.serve_connection(TokioIo::new(stream), service).await;
        });
        let oldest = {
            let mut connections = lock(&all);
            connections.unknown.push_back((number, task.abort_handle()));
            if connections.unknown.len() > MOST_UNKNOWN { connections.unknown.pop_front() } else { None }
        };
        if let Some((_, oldest)) = oldest {
            oldest.abort();
        }
    }
}

fn router(app: &Arc<App>) -> Router {
    Router::new().fallback(answer).with_state(Arc::clone(app)).layer(middleware::from_fn(with_headers))
}

/// What every answer says to the browser.
async fn with_headers(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 8] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ];
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Every request: who asks is looked at first.
async fn answer(State(app): State<Arc<App>>, connection: Option<Extension<Connection>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let is_page = path == "/";
    match respond(&app, connection.map(|Extension(own)| own), request, &path).await {
        Ok(response) => response,
        Err(fault) if is_page => closed(&fault),
        Err(fault) => refused(&fault, app.language()),
    }
}

async fn respond(
    app: &Arc<App>,
    connection: Option<Connection>,
    request: Request,
    path: &str,
) -> Result<Response, Fault> {
    let (parts, body) = request.into_parts();
    let (method, headers) = (parts.method, parts.headers);
    // Only a path: no proxy is here.
    if parts.uri.authority().is_some() || !(method == Method::GET || method == Method::POST) {
        return Err(Fault::Method);
    }
    if path == "/launch" {
        app.auth.check_secret(&headers)?;
        let body = read(body, &headers, MOST_ASKED, BODY).await?;
        let app = Arc::clone(app);
        return job(move || api::launch(&app, &body)).await.map(|value| as_json(&value));
    }
    app.auth.check_source(&method, &headers, path == "/")?;
    if path == "/" && method == Method::GET {
        let token = parts.uri.query().and_then(|query| query.strip_prefix("token="));
        if let Some(token) = token {
            let cookie = match app.auth.exchange(token) {
                Ok(cookie) => Some(cookie),
                // The page is opened again from the history of the same browser.
                Err(fault) => app.auth.check_cookie(&headers).map(|()| None).map_err(|_| fault)?,
            };
            let response = Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, "/");
            let response =
                if let Some(cookie) = cookie { response.header(header::SET_COOKIE, cookie) } else { response };
            return response.body(Body::empty()).map_err(|error| Fault::Internal(error.to_string()));
        }
    }
    app.auth.check_cookie(&headers)?;
    if let Some(connection) = connection {
        connection.known();
    }
    if method == Method::POST {
        let question = path.strip_prefix("/api/").ok_or(Fault::NoSuchPage)?.to_owned();
        let (most, patience) = if question == "upload" { (MOST_SENT, FILES) } else { (MOST_ASKED, BODY) };
        let body = read(body, &headers, most, patience).await?;
        let app = Arc::clone(app);
        return job(move || api::answer(&app, &question, &body)).await.map(|value| as_json(&value));
    }
    match path {
        "/" => {
            let settings = app.home.settings();
            let theme = if settings.theme.is_empty() { "auto" } else { &settings.theme };
            let page = assets::page(app.language(), theme).ok_or(Fault::NoSuchPage)?;
            Ok(with_kind(page, "text/html; charset=utf-8"))
        }
        "/api/state" => {
            let app = Arc::clone(app);
            job(move || api::answer(&app, "state", b"{}")).await.map(|value| as_json(&value))
        }
        "/api/events" => {
            let stream = app.events.subscribe(&api::hello(app));
            Ok(with_kind(Body::from_stream(stream), "text/event-stream; charset=utf-8"))
        }
        _ if path.starts_with("/download/") => {
            let (id, name) = path["/download/".len()..].split_once('/').ok_or(Fault::NoSuchPage)?;
            let (id, name) = (id.to_owned(), downloads::from_address(name).ok_or(Fault::NoSuchPage)?);
            let app = Arc::clone(app);
            let shown = format!("attachment; filename*=UTF-8''{}", downloads::in_address(&name));
            let bytes = job(move || app.downloads.read(&id, &name)).await?;
            let mut response = with_kind(bytes, "application/octet-stream");
            let shown = HeaderValue::from_str(&shown).map_err(|error| Fault::Internal(error.to_string()))?;
            response.headers_mut().insert(header::CONTENT_DISPOSITION, shown);
            Ok(response)
        }
        _ => {
            let name = path.strip_prefix("/assets/").ok_or(Fault::NoSuchPage)?;
            let (bytes, kind) = assets::asset(name).ok_or(Fault::NoSuchPage)?;
            Ok(with_kind(bytes, kind))
        }
    }
}

/// Does what may take long in a thread of its own.
async fn job<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Fault::Internal(error.to_string())),
    }
}

/// A body within its limits.
async fn read(body: Body, headers: &HeaderMap, most: usize, patience: Duration) -> Result<Vec<u8>, Fault> {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|said| said > most as u64) {
        return Err(Fault::TooLarge);
    }
    match time::timeout(patience, to_bytes(body, most)).await {
        Err(_) => Err(Fault::TooSlow),
        Ok(Ok(bytes)) => Ok(bytes.into()),
        // Its end did not come, or there was more than allowed.
        Ok(Err(_)) => Err(Fault::TooLarge),
    }
}

fn with_kind(body: impl Into<Body>, kind: &'static str) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn as_json(value: &Value) -> Response {
    with_kind(value.to_string(), "application/json; charset=utf-8")
}

fn with_status(mut response: Response, fault: &Fault) -> Response {
    *response.status_mut() = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    // What was not read is not read on.
    if matches!(fault, Fault::TooLarge | Fault::TooSlow) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn refused(fault: &Fault, language: Language) -> Response {
    if matches!(fault, Fault::Failed(_) | Fault::TimedOut | Fault::Internal(_)) {
        super::notice::log(&fault.message(Language::En));
    }
    let mut error = json!({ "code": fault.code(), "message": fault.message(language) });
    if let Fault::Edited(path) = fault {
        error["path"] = json!(path);
        error["theirs"] = json!(std::fs::read_to_string(path).ok());
    }
    with_status(as_json(&json!({ "error": error })), fault)
}

/// The page where it may not be opened: in both languages, for nobody knows who asks.
fn closed(fault: &Fault) -> Response {
    let page = assets::closed(&fault.message(Language::Vi), &fault.message(Language::En));
    with_status(with_kind(page, "text/html; charset=utf-8"), fault)
}
