//! Who may ask: the page in the browser that this program opened, and nobody else.
//!
//! Every web page that the officer visits can send requests to this machine. Another port of it is another
//! site; a cookie alone does not tell them apart, since browsers share cookies between ports.

use std::{
    io,
    sync::Mutex,
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, Method, header};

use super::{fault::Fault, lock};

/// Launch tokens that wait to be used.
const MOST_TOKENS: usize = 16;
/// How long one may wait.
const TOKEN_LIFE: Duration = Duration::from_mins(15);

/// Tokens are kept as digests, whose comparison takes the same time wherever they differ.
type Digest = blake3::Hash;

/// The secrets of a run.
pub(super) struct Auth {
    /// Names this run.
    pub(super) instance: String,
    port: u16,
    /// `127.0.0.1:PORT`.
    host: String,
    origin: String,
    session: String,
    session_digest: Digest,
    /// For a second start of the program on the same machine.
    pub(super) secret: String,
    secret_digest: Digest,
    tokens: Mutex<Vec<(Digest, Instant)>>,
}

fn digest(text: &str) -> Digest {
    blake3::hash(text.as_bytes())
}

/// Random bytes of the system in hexadecimal digits.
pub(super) fn random(bytes: usize) -> io::Result<String> {
    let mut filled = vec![0; bytes];
    getrandom::fill(&mut filled).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(filled.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

impl Auth {
    pub(super) fn new(port: u16) -> io::Result<Self> {
        let host = format!("127.0.0.1:{port}");
        let (session, secret) = (random(32)?, random(32)?);
        Ok(Self {
            instance: random(4)?,
            port,
            origin: format!("http://{host}"),
            host,
            session_digest: digest(&session),
            session,
            secret_digest: digest(&secret),
            secret,
            tokens: Mutex::default(),
        })
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// A new address that can be opened once.
    pub(super) fn launch(&self) -> io::Result<String> {
        let token = random(32)?;
        let mut tokens = lock(&self.tokens);
        tokens.retain(|(_, since)| since.elapsed() < TOKEN_LIFE);
        if tokens.len() >= MOST_TOKENS {
            tokens.remove(0);
        }
        tokens.push((digest(&token), Instant::now()));
        Ok(format!("{}/?token={token}", self.origin))
    }

    /// Takes a launch token, once, and gives the cookie for it.
    pub(super) fn exchange(&self, token: &str) -> Result<String, Fault> {
        let token = digest(token);
        let mut tokens = lock(&self.tokens);
        let at = tokens.iter().position(|(known, since)| *known == token && since.elapsed() < TOKEN_LIFE);
        tokens.remove(at.ok_or(Fault::UsedToken)?);
        Ok(format!("{}={}; HttpOnly; SameSite=Strict; Path=/", self.cookie_name(), self.session))
    }

    fn cookie_name(&self) -> String {
        format!("bieu-{}", self.instance)
    }

    /// Whether a request may have been sent by the page at all: asked of every request.
    pub(super) fn check_source(&self, method: &Method, headers: &HeaderMap, is_page: bool) -> Result<(), Fault> {
        // Another name of this machine would be another origin (DNS rebinding).
        if only(headers, header::HOST.as_str()) != Some(self.host.as_str()) {
            return Err(Fault::Foreign("Host"));
        }
        let is_read = method == Method::GET;
        let origin = headers.contains_key(header::ORIGIN).then(|| only(headers, header::ORIGIN.as_str()));
        match origin {
            Some(origin) if origin != Some(self.origin.as_str()) => return Err(Fault::Foreign("Origin")),
            None if !is_read => return Err(Fault::Foreign("Origin")),
            Some(_) | None => {}
        }
        match headers.contains_key("sec-fetch-site").then(|| only(headers, "sec-fetch-site")) {
            None | Some(Some("same-origin")) => {}
            // Typed, or opened by another program.
            Some(Some("none")) if is_page && is_read => {}
            Some(_) => return Err(Fault::Foreign("Sec-Fetch-Site")),
        }
        let is_json = || {
            let kind = only(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
            let (kind, rest) = kind.split_once(';').unwrap_or((kind, ""));
            let rest = rest.trim();
            kind.trim().eq_ignore_ascii_case("application/json")
                && (rest.is_empty() || rest.eq_ignore_ascii_case("charset=utf-8"))
        };
        if !is_read && !is_json() {
            return Err(Fault::Foreign("Content-Type"));
        }
        Ok(())
    }

    /// Whether the cookie of this run is there.
    pub(super) fn check_cookie(&self, headers: &HeaderMap) -> Result<(), Fault> {
        let name = self.cookie_name();
        let mut pairs =
            headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(';'));
        let own = pairs.find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name));
        match own {
            Some((_, value)) if digest(value) == self.session_digest => Ok(()),
            Some(_) | None => Err(Fault::Unknown),
        }
    }

    /// Whether a second start of this program asks, which has read the secret from the settings folder.
    pub(super) fn check_secret(&self, headers: &HeaderMap) -> Result<(), Fault> {
        if only(headers, header::HOST.as_str()) != Some(self.host.as_str()) {
            return Err(Fault::Foreign("Host"));
        }
        // Pages always say where they are from.
        if headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site") {
            return Err(Fault::Foreign("Origin"));
        }
        let given = only(headers, header::AUTHORIZATION.as_str()).and_then(|text| text.strip_prefix("Bearer "));
        match given {
            Some(secret) if digest(secret) == self.secret_digest => Ok(()),
            Some(_) | None => Err(Fault::Unknown),
        }
    }
}

/// The one value of a header; none where there are several or it is no text.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() {
        return None;
    }
    first.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().expect("a value"));
        }
        headers
    }

    #[test]
    fn a_token_is_taken_once() -> io::Result<()> {
        let auth = Auth::new(4000)?;
        let address = auth.launch()?;
        let token = address.split_once("token=").map(|(_, token)| token).unwrap_or_default();
        let cookie = auth.exchange(token).expect("the first time");
        assert!(auth.exchange(token).is_err() && auth.exchange("").is_err());
        let own = cookie.split(';').next().unwrap_or_default();
        assert!(auth.check_cookie(&headers(&[("cookie", &format!("a=b; {own}"))])).is_ok());
        assert!(auth.check_cookie(&headers(&[("cookie", &format!("{own}0"))])).is_err());
        Ok(())
    }

    #[test]
    fn another_port_is_another_site() -> io::Result<()> {
        let auth = Auth::new(4000)?;
        let check = |method: Method, pairs: &[(&'static str, &str)]| auth.check_source(&method, &headers(pairs), false);
        let host = ("host", "127.0.0.1:4000");
        let json = ("content-type", "application/json");
        assert!(check(Method::GET, &[host]).is_ok());
        assert!(check(Method::POST, &[host, json, ("origin", "http://127.0.0.1:4000")]).is_ok());
        for wrong in [
            "http://127.0.0.1:40000",
            "http://127.0.0.1:400",
            "http://localhost:4000",
            "null",
            "https://127.0.0.1:4000",
        ] {
            assert!(check(Method::POST, &[host, json, ("origin", wrong)]).is_err(), "{wrong}");
            assert!(check(Method::GET, &[host, ("origin", wrong)]).is_err(), "{wrong}");
        }
        assert!(check(Method::POST, &[host, json]).is_err());
        assert!(check(Method::GET, &[("host", "localhost:4000")]).is_err());
        assert!(check(Method::GET, &[host, ("sec-fetch-site", "same-site")]).is_err());
        Ok(())
    }
}
