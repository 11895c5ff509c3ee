//! Whether the figures of a relation were cut off at their last digit instead of rounded: then what is made of the
//! parts is never above the total by a digit, and below it by more than rounding explains.

use super::{
    Recorded, RelationKind,
    trial::{Shape, TrialResult, unit_at},
    view::View,
};

/// Trials that rounding does not explain and cutting does, before figures are said to be cut off.
const NEEDED: usize = 3;
/// Trials off to one side, and none to the other, before that is spoken of: a coin falls so once in 250 times.
const ONE_SIDED: usize = 8;
/// Share of the trials that have to be explained by it, in percent.
const NEARLY_ALL: usize = 95;

/// How a trial stands to both ways of leaving digits out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing {
    rounded: bool,
    cut: bool,
    /// The total is more than what is made of its parts.
    above: bool,
}

/// How the figures of a relation were recorded; positions that fail it when they are taken to be rounded and keep
/// it when they are taken to be cut off are held from then on.
pub(super) fn recorded(view: &View<'_>, found: &mut TrialResult) -> Recorded {
    if !matches!(found.shape.kind, RelationKind::Sum | RelationKind::Product) {
        return Recorded::Unsaid;
    }
    let mut all: Vec<(usize, Standing)> = Vec::new();
    for position in found.held.iter().chain(&found.failed) {
        all.extend(standing(view, &found.shape, *position).map(|standing| (*position, standing)));
    }
    let count = |wanted: &dyn Fn(&Standing) -> bool| all.iter().filter(|(_, standing)| wanted(standing)).count();
    let is_against = |standing: &Standing| standing.rounded && !standing.cut;
    if count(&|standing| standing.cut) * 100 < all.len() * NEARLY_ALL || count(&is_against) > 0 {
        return Recorded::Unsaid;
    }
    let unexplained = count(&|standing| standing.cut && !standing.rounded);
    let is_one_sided = count(&|standing| standing.above) >= ONE_SIDED;
    if unexplained >= NEEDED || (unexplained > 0 && is_one_sided) {
        let kept = |position: &usize| all.iter().any(|(at, standing)| at == position && standing.cut);
        let (now, failed): (Vec<usize>, Vec<usize>) = found.failed.iter().partition(|position| kept(position));
        found.kept += now.len();
        found.strong += now.len();
        found.loose.retain(|position| !now.contains(position));
        found.failed = failed;
        found.held.extend(now);
        found.held.sort_unstable();
        return Recorded::Cut;
    }
    if is_one_sided { Recorded::PerhapsCut } else { Recorded::Unsaid }
}

/// None where it says nothing: figures are missing, are zero or below it, or too large to compute with.
fn standing(view: &View<'_>, shape: &Shape, position: usize) -> Option<Standing> {
    let total = view.get(shape.total, position).filter(|total| total.value > 0)?;
    if shape.kind == RelationKind::Sum {
        let (mut sum, mut units, mut filled) = (0_i128, 0_i128, 0);
        for part in shape.parts.iter().filter_map(|part| view.get(*part, position)) {
            if part.value < 0 {
                return None;
            }
            sum += part.value;
            // What is not there was not cut.
            units += if part.value == 0 { 0 } else { part.unit };
            filled += usize::from(part.value > 0);
        }
        let miss = total.value - sum;
        return (filled >= 2).then_some(Standing {
            rounded: 2 * miss.abs() <= total.unit + units,
            cut: miss < units && miss > -total.unit,
            above: miss > 0,
        });
    }
    let [a, b] = shape.parts[..] else { return None };
    let (a, b) = (view.get(a, position)?, view.get(b, position)?);
    if a.value <= 0 || b.value <= 0 {
        return None;
    }
    // The factors as they are written: in units of the finer of product and total.
    let own = i64::from(a.decimals) + i64::from(b.decimals) - i64::from(shape.power);
    let fine = own.max(i64::from(total.decimals));
    let up = |value: i128, decimals: i64| value.checked_mul(10_i128.checked_pow(u32::try_from(fine - decimals).ok()?)?);
    let made = up(a.mantissa.checked_mul(b.mantissa)?, own)?;
    let stated = up(total.mantissa, i64::from(total.decimals))?;
    let unit = unit_at(total, fine)?;
    let miss = made - stated;
    Some(Standing { rounded: 2 * miss.abs() <= unit, cut: miss >= 0 && miss < unit, above: miss > 0 })
}
