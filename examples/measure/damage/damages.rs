//! What can happen to a submission.

use crate::{
    Random,
    form::{At, Constraint, Figure, Form, Submission},
};

/// What was done: the damaged cells with their true figures.
pub(crate) struct Damage {
    pub after: Submission,
    pub guilty: Vec<(At, Option<Figure>)>,
    /// How many causes there are.
    pub causes: usize,
    /// A rule that is not about figures is broken: a verdict, a unit.
    pub word: bool,
    /// Which cells are wrong cannot be told: nobody may be accused.
    pub nobody: bool,
}

pub(crate) const KINDS: [&str; 28] = [
    "two digits transposed",
    "a digit changed",
    "a digit dropped",
    "a digit doubled",
    "times 10",
    "times 100",
    "times 1000",
    "decimal comma lost",
    "decimal comma as thousands mark",
    "sign",
    "two cells swapped",
    "three rows shifted",
    "ratio copied from another row",
    "ratio cut off",
    "ratio wrong",
    "verdict wrong",
    "result wrong beside its verdict",
    "unit wrong",
    "total not updated",
    "blank",
    "slide with a blank at an end",
    "two damages in one block",
    "missing member",
    "doubled member",
    "member of another year",
    "unit line",
    "stale formula",
    "formula misses a row",
];

fn digits(figure: Figure) -> Vec<u8> {
    format!("{:0width$}", figure.digits, width = figure.decimals as usize + 1).into_bytes()
}

fn typed(text: &[u8], decimals: u32) -> Option<Figure> {
    let digits = std::str::from_utf8(text).ok()?.parse().ok()?;
    (text.len() > decimals as usize).then_some(Figure { digits, decimals })
}

/// A slip of the keyboard and the like.
fn slip(kind: usize, figure: Figure, random: &mut Random) -> Option<Figure> {
    let mut text = digits(figure);
    let spot = random.below(text.len());
    let times = |by: i128| Some(Figure { digits: figure.digits * by, ..figure });
    let new = match kind {
        0 => {
            (spot + 1 < text.len()).then(|| text.swap(spot, spot + 1))?;
            typed(&text, figure.decimals)
        }
        1 => {
            text[spot] = b'0' + u8::try_from(random.below(10)).unwrap_or(0);
            typed(&text, figure.decimals)
        }
        2 => {
            text.remove(spot);
            typed(&text, figure.decimals)
        }
        3 => {
            text.insert(spot, text[spot]);
            typed(&text, figure.decimals)
        }
        4 => times(10),
        5 => times(100),
        6 => times(1000),
        7 => (figure.decimals > 0).then_some(Figure { decimals: 0, ..figure }),
        8 => {
            // 12,345 for 12.345 in a sheet set to English: a yield of 12,3 turns to 12.300.
            let digits = figure.digits * 10i128.pow(3u32.checked_sub(figure.decimals)?);
            (figure.decimals > 0).then_some(Figure { digits, decimals: 0 })
        }
        _ => times(-1),
    };
    new.filter(|new| new.value() != figure.value())
}

/// What formulas make of typed figures follows them.
fn follow(form: &Form, s: &mut Submission) {
    if form.formulas {
        form.recompute(s, |constraint| matches!(constraint, Constraint::Sum(..)));
    }
}

fn pick<'a, T>(from: &'a [T], random: &mut Random) -> Option<&'a T> {
    from.get(random.below(from.len()))
}

pub(crate) fn damage(kind: usize, form: &Form, s: &Submission, random: &mut Random) -> Option<Damage> {
    let all: Vec<At> = s.figures.keys().copied().filter(|at| !form.is_formula(*at)).collect();
    let at = *pick(&all, random)?;
    let figure = s.figures[&at];
    let done = |after: Submission, guilty: Vec<(At, Option<Figure>)>| {
        Some(Damage { after, guilty, causes: 1, word: false, nobody: false })
    };
    let mut after = s.clone();
    match kind {
        0..=9 => {
            after.figures.insert(at, slip(kind, figure, random)?);
            follow(form, &mut after);
            done(after, vec![(at, Some(figure))])
        }
        10 | 11 => {
            let count = if kind == 10 { 2 } else { 3 };
            let rows: Vec<At> = (0..count).map(|more| (at.0, at.1 + more, at.2)).collect();
            let typed = |at: &At| s.figures.contains_key(at) && !form.is_formula(*at);
            rows.iter().all(typed).then_some(())?;
            for (to, from) in rows.iter().zip(rows.iter().cycle().skip(1)) {
                after.figures.insert(*to, s.figures[from]);
            }
            let changed = rows.iter().filter(|at| s.figures[at] != after.figures[at]);
            let guilty: Vec<_> = changed.map(|at| (*at, Some(s.figures[at]))).collect();
            follow(form, &mut after);
            (!guilty.is_empty()).then(|| done(after, guilty))?
        }
        12..=14 => {
            let ratios: Vec<(At, At, At)> = form
                .constraints
                .iter()
                .filter_map(
                    |constraint| {
                        if let Constraint::Ratio(r, of, to) = constraint { Some((*r, *of, *to)) } else { None }
                    },
                )
                .collect();
            let (ratio, of, to) = *pick(&ratios, random)?;
            let own = s.figures[&ratio];
            let new = match kind {
                12 => s.figures[&pick(&ratios, random)?.0],
                13 => Figure {
                    digits: s.figures[&of].digits * 100 * 10i128.pow(own.decimals) / s.figures[&to].digits,
                    ..own
                },
                _ => Figure { digits: own.digits + random.between(-2_000, 2_000), ..own },
            };
            after.figures.insert(ratio, (new != own && new.digits > 0).then_some(new)?);
            done(after, vec![(ratio, Some(own))])
        }
        15 | 16 => {
            let verdicts: Vec<(At, At)> = form
                .constraints
                .iter()
                .filter_map(
                    |constraint| if let Constraint::Verdict(v, of, _) = constraint { Some((*v, *of)) } else { None },
                )
                .collect();
            let (word, of) = *pick(&verdicts, random)?;
            if kind == 16 {
                let own = s.figures[&of];
                after.figures.insert(of, slip(random.below(7), own, random)?);
                return done(after, vec![(of, Some(own))]);
            }
            let new = ["Vượt", "Đạt", "Không đạt"][random.below(3)];
            let old = after.words.insert(word, new.to_owned());
            (old.as_deref() != Some(new)).then_some(Damage {
                after,
                guilty: vec![(word, None)],
                causes: 1,
                word: true,
                nobody: false,
            })
        }
        17 => {
            let units: Vec<At> = form
                .texts
                .iter()
                .filter(|(_, text)| ["ha", "tấn", "tạ/ha"].contains(&text.as_str()))
                .map(|(at, _)| *at)
                .collect();
            let at = *pick(&units, random)?;
            let new = match (form.texts[&at].as_str(), random.below(2)) {
                ("ha", 0) => "tấn",
                ("ha", _) => "m2",
                ("tấn", 0) => "ha",
                ("tấn", _) => "tạ",
                (_, 0) => "ha",
                (_, _) => "tấn/ha",
            };
            after.words.insert(at, new.to_owned());
            Some(Damage { after, guilty: vec![(at, None)], causes: 1, word: true, nobody: false })
        }
        18 => {
            // One figure is reported again; everything follows but one total.
            let leaf = pick(&form.leaves, random)?.at;
            let old = s.figures[&leaf];
            let new = Figure { digits: old.digits + random.between(1, old.digits / 2 + 2), ..old };
            after.figures.insert(leaf, new);
            form.recompute(&mut after, |_| true);
            let is_total = |constraint: &&Constraint| matches!(constraint, Constraint::Sum(..)) && !form.formulas;
            let totals: Vec<At> = form.constraints.iter().filter(is_total).map(Constraint::result).collect();
            let moved: Vec<At> = totals.into_iter().filter(|at| s.figures[at] != after.figures[at]).collect();
            let stale = *pick(&moved, random)?;
            let truth = after.figures.insert(stale, s.figures[&stale])?;
            form.recompute(&mut after, |constraint| {
                matches!(constraint, Constraint::Ratio(..) | Constraint::Verdict(..))
                    && constraint.operands().contains(&stale)
            });
            done(after, vec![(stale, Some(truth))])
        }
        19 => {
            after.figures.remove(&at);
            follow(form, &mut after);
            done(after, vec![(at, Some(figure))])
        }
        20 => {
            let rows: Vec<At> = (0..4).map(|more| (at.0, at.1 + more, at.2)).collect();
            let typed = |at: &At| s.figures.contains_key(at) && !form.is_formula(*at);
            rows.iter().all(typed).then_some(())?;
            for pair in rows.windows(2) {
                after.figures.insert(pair[1], s.figures[&pair[0]]);
            }
            after.figures.remove(&rows[0]);
            follow(form, &mut after);
            done(after, rows.iter().map(|at| (*at, Some(s.figures[at]))).collect())
        }
        21 => {
            let near: Vec<At> = form
                .constraints
                .iter()
                .filter(|constraint| constraint.cells().contains(&at))
                .flat_map(Constraint::cells)
                .collect();
            let near: Vec<At> = near.into_iter().filter(|other| *other != at && all.contains(other)).collect();
            let other = *pick(&near, random)?;
            let second = s.figures[&other];
            after.figures.insert(at, slip(random.below(4), figure, random)?);
            after.figures.insert(other, slip(random.below(4), second, random)?);
            follow(form, &mut after);
            let guilty = vec![(at, Some(figure)), (other, Some(second))];
            Some(Damage { after, guilty, causes: 2, word: false, nobody: false })
        }
        22 => {
            let file = *pick(&form.members, random)?;
            after.gone.insert(file);
            after.figures.retain(|at, _| at.0 != file);
            Some(Damage { after, guilty: Vec::new(), causes: 1, word: true, nobody: true })
        }
        23 | 24 => {
            let file = *pick(&form.members, random)?;
            let other = *pick(&form.members, random)?;
            if kind == 23 {
                (file != other).then_some(())?;
                for (at, figure) in s.figures.iter().filter(|(at, _)| at.0 == other) {
                    after.figures.insert((file, at.1, at.2), *figure);
                }
            } else {
                for leaf in form.leaves.iter().filter(|leaf| leaf.at.0 == file) {
                    let old = s.figures[&leaf.at];
                    let new = Figure { digits: random.between(old.digits * 8 / 10, old.digits * 12 / 10), ..old };
                    after.figures.insert(leaf.at, new);
                }
                form.recompute(&mut after, |constraint| constraint.result().0 == file);
            }
            let guilty = s.figures.iter().filter(|(at, _)| at.0 == file).map(|(at, truth)| (*at, Some(*truth)));
            let guilty = guilty.collect();
            Some(Damage { after, guilty, causes: 1, word: true, nobody: true })
        }
        25 => {
            // Outputs in tạ under a header in tấn.
            let outputs: Vec<At> = form
                .constraints
                .iter()
                .filter_map(|constraint| if let Constraint::Product(out, ..) = constraint { Some(*out) } else { None })
                .collect();
            (outputs.len() >= 3).then_some(())?;
            let column = pick(&outputs, random)?.2;
            let is_output =
                |at: &At| at.2 == column && form.texts.get(&(at.0, at.1, 1)).is_some_and(|unit| unit == "tấn");
            let guilty: Vec<(At, Option<Figure>)> =
                s.figures.iter().filter(|(at, _)| is_output(at)).map(|(at, truth)| (*at, Some(*truth))).collect();
            for (at, truth) in &guilty {
                let truth = (*truth)?;
                after.figures.insert(*at, Figure { digits: truth.digits * 10, ..truth });
            }
            form.recompute(&mut after, |constraint| {
                matches!(constraint, Constraint::Ratio(..) | Constraint::Verdict(..))
            });
            done(after, guilty)
        }
        26 => {
            form.formulas.then_some(())?;
            // A figure changed and the program did not compute anew.
            let leaf = pick(&form.leaves, random)?.at;
            let old = s.figures[&leaf];
            after.figures.insert(leaf, Figure { digits: old.digits + random.between(20, 4_000), ..old });
            let stale = form.constraints.iter().find(|constraint| {
                matches!(constraint, Constraint::Sum(..)) && constraint.operands().contains(&leaf)
            })?;
            let mut right = after.clone();
            form.recompute(&mut right, |_| true);
            Some(Damage {
                guilty: vec![(stale.result(), right.figures.get(&stale.result()).copied())],
                after,
                causes: 1,
                word: false,
                nobody: false,
            })
        }
        _ => None,
    }
}
