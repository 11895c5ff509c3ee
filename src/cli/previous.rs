//! `--previous`: what the same offices reported for the period before.

use std::path::{Path, PathBuf};

use crate::{
    driver::{shown, worker::Task},
    values::language::{Language, counted, say},
};

use super::{Failure, note, outputs::Reads, plan_tasks};

/// Gives each task the submission of the period before: the only one there is where both are one,
/// else the one of the same name, years aside.
pub(super) fn attach(
    tasks: &mut [Task],
    previous: &Path,
    mappings: &[PathBuf],
    reads: &mut Reads<'_>,
    language: Language,
) -> Result<(), Failure> {
    let gathered = reads.find(&[previous.to_path_buf()], language)?;
    let before = plan_tasks(&gathered, mappings, &mut reads.held, language)?;
    let only = if let ([_], [only]) = (&*tasks, before.as_slice()) { Some(only) } else { None };
    let mut alone = 0_u64;
    for task in &mut *tasks {
        let name = name(&task.job.path);
        let Some(found) = only.or_else(|| before.iter().find(|before| self::name(&before.job.path) == name)) else {
            alone += 1;
            continue;
        };
        task.previous_mapping.clone_from(&found.own_mapping);
        // Either one is judged anew when the other's mapping changes.
        for (mine, other) in task.basis.iter_mut().zip(found.basis) {
            *mine = mine.rotate_left(1) ^ other;
        }
        task.job.previous = Some(Box::new(found.job.clone()));
    }
    if alone > 0 {
        let (previous, submissions) = (shown(previous), counted(alone, "submission"));
        note(&say!(
            language,
            "{alone} bộ số liệu không có kỳ trước cùng tên trong {previous}",
            "{submissions} without one of the same name in {previous}"
        ));
    }
    Ok(())
}

/// The last part of a path, with every year as the same mark.
fn name(path: &str) -> String {
    let last = Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_year = |digits: &str| digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    let mut out = String::with_capacity(last.len());
    let mut rest = last.as_str();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if digits > 0 {
            out.push_str(if is_year(&rest[..digits]) { "????" } else { &rest[..digits] });
            rest = &rest[digits..];
        }
        let words = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        out.push_str(&rest[..words]);
        rest = &rest[words..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn years_do_not_tell_names_apart() {
        assert_eq!(name("a/xa-0012-2023.xlsx"), name("b/c/xa-0012-2022.xlsx"));
        assert_ne!(name("a/xa-0012-2023.xlsx"), name("a/xa-0013-2023.xlsx"));
        assert_ne!(name("thon-3000.xlsx"), name("thon-3001.xlsx"));
        assert_eq!(name("xa-mau"), "xa-mau");
    }
}
