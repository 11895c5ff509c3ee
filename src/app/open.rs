//! Opens folders: from then on each is kept judged.

use std::{path::Path, sync::Arc};

use super::{App, fault::Fault, judge};

/// Opens a folder, or finds it among the open ones.
pub(super) fn open(app: &Arc<App>, path: &Path) -> Result<String, Fault> {
    open_as(app, path, false)
}

/// Opens a folder of copies.
pub(super) fn open_copy(app: &Arc<App>, path: &Path) -> Result<String, Fault> {
    open_as(app, path, true)
}

fn open_as(app: &Arc<App>, path: &Path, copy: bool) -> Result<String, Fault> {
    std::fs::metadata(path).map_err(|error| Fault::disk(path, &error))?;
    let (folder, woken) = app.folders.add(path, copy);
    let Some(woken) = woken else { return Ok(folder.id.clone()) };
    judge::keep_judged(app, &folder, woken);
    if !copy {
        app.home.remember(path);
    }
    Ok(folder.id.clone())
}
