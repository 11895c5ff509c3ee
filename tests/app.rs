//! `bieu app` as a browser, an officer and an enemy meet it.
#![cfg(feature = "app")]

mod program;

#[path = "app/page.rs"]
mod page;

#[path = "app/hostile.rs"]
mod hostile;
#[path = "app/life.rs"]
mod life;
#[path = "app/saves.rs"]
mod saves;
#[path = "app/work.rs"]
mod work;
