//! What happens is told to every open page as it happens (server-sent events).

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Mutex,
    task::{Context, Poll},
};

use futures_core::Stream;
use serde_json::Value;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::lock;

/// Events that wait for a page to take them; one that takes fewer is let go, and asks again.
const MOST_WAITING: usize = 256;
/// Pages at a time.
const MOST_PAGES: usize = 32;

/// The open pages.
#[derive(Default)]
pub(super) struct Events {
    pages: Mutex<Vec<Sender<String>>>,
}

/// Events on their way to one page.
pub(super) struct EventStream(Receiver<String>);

impl Stream for EventStream {
    type Item = Result<String, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|event| event.map(Ok))
    }
}

fn written(name: &str, data: &Value) -> String {
    // JSON has no bare line break, which would end the event.
    format!("event: {name}\ndata: {data}\n\n")
}

impl Events {
    /// A new page, greeted.
    pub(super) fn subscribe(&self, hello: &Value) -> EventStream {
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        // There is room for the first.
        let _ = sender.try_send(format!("retry: 500\n{}", written("hello", hello)));
        let mut pages = lock(&self.pages);
        pages.retain(|page| !page.is_closed());
        if pages.len() >= MOST_PAGES {
            pages.remove(0);
        }
        pages.push(sender);
        EventStream(receiver)
    }

    /// Tells all pages.
    pub(super) fn send(&self, name: &str, data: &Value) {
        self.put(&written(name, data));
    }

    /// Shows that the program lives, and how many pages are open.
    pub(super) fn beat(&self) -> usize {
        self.put(": nhip\n\n");
        lock(&self.pages).len()
    }

    fn put(&self, text: &str) {
        lock(&self.pages).retain(|page| page.try_send(text.to_owned()).is_ok());
    }

    /// Ends all streams.
    pub(super) fn close(&self) {
        lock(&self.pages).clear();
    }
}
