//! Looks up the names of a rule and tells numbers, texts and conditions apart.

use std::{collections::HashMap, sync::Arc};

use super::{
    Condition, Fault, Operand, Relation, Span, Value,
    syntax::{ExpressionKind, Node},
};
use crate::{
    model::{
        catalogue::{Indicator, IndicatorId, Measure, MeasureId, MemberList},
        document::both,
    },
    values::text,
};

/// What names may mean.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// All indicators.
    pub indicators: &'a [Indicator],
    /// Their places by id.
    pub index: &'a HashMap<Arc<str>, IndicatorId>,
    /// All measures.
    pub measures: &'a [Measure],
    /// Who the members are, where it is known.
    pub members: Option<&'a MemberList>,
    /// Put before names that mean an indicator with it.
    pub prefix: Option<&'a str>,
    /// The indicator that `row` means, in a rule for every row.
    pub row: Option<IndicatorId>,
}

/// Functions that give a number.
const NUMBERS: [&str; 9] = ["abs", "min", "max", "median", "sum", "count", "length", "digits", "decimals"];
/// Functions that are true or false.
const CONDITIONS: [&str; 4] = ["missing", "present", "number", "unique"];
/// What gives several figures.
const LISTS: [&str; 3] = ["parts", "children", "members"];

/// The condition that a rule states.
///
/// # Errors
/// Every mistake in it, in the order of the text.
pub fn resolve(node: &Node, scope: Scope<'_>) -> Result<Condition, Vec<Fault>> {
    let mut resolver = Resolver { scope, faults: Vec::new() };
    match resolver.condition(node) {
        Some(condition) if resolver.faults.is_empty() => Ok(condition),
        _ => {
            resolver.faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
            Err(resolver.faults)
        }
    }
}

struct Resolver<'a> {
    scope: Scope<'a>,
    faults: Vec<Fault>,
}

/// How a figure is asked for: which measure, of which period, and of which member.
#[derive(Clone, Default)]
struct Asked {
    measure: Option<MeasureId>,
    previous: bool,
    member: Option<Arc<str>>,
}

/// What names one member of an indicator: `member(dan, "Thôn Một")`.
const MEMBER: &str = "member";

impl Resolver<'_> {
    fn fail<T>(&mut self, span: &Span, message: (String, String)) -> Option<T> {
        self.faults.push(Fault::new(span.clone(), message));
        None
    }

    fn each<T>(&mut self, nodes: &[Node], mut one: impl FnMut(&mut Self, &Node) -> Option<T>) -> Option<Vec<T>> {
        // All of them before giving up, so that every mistake is found.
        let found: Vec<Option<T>> = nodes.iter().map(|node| one(self, node)).collect();
        found.into_iter().collect()
    }

    fn condition(&mut self, node: &Node) -> Option<Condition> {
        match &node.kind {
            ExpressionKind::Compare(first, rest) => {
                let texts = rest.iter().all(|(relation, _)| matches!(relation, Relation::Equals | Relation::Differs));
                let first = self.operand_value(first, texts);
                let rest: Vec<_> = rest.iter().map(|(r, node)| Some((*r, self.operand_value(node, texts)?))).collect();
                Some(Condition::Compare(first?, rest.into_iter().collect::<Option<_>>()?))
            }
            ExpressionKind::Within(value, low, high) => {
                let value = self.value(value);
                let mut end = |node: &Option<Box<Node>>| node.as_ref().map(|node| self.value(node));
                let (low, high) = (end(low), end(high));
                let value = value?;
                let mut rest = Vec::new();
                let first = match (low, high) {
                    (Some(low), high) => {
                        rest.push((Relation::AtMost, value));
                        if let Some(high) = high {
                            rest.push((Relation::AtMost, high?));
                        }
                        low?
                    }
                    (None, Some(high)) => {
                        rest.push((Relation::AtMost, high?));
                        value
                    }
                    (None, None) => value,
                };
                Some(Condition::Compare(first, rest))
            }
            ExpressionKind::OneOf(value, items) => {
                let value = self.operand_value(value, true);
                let items = self.each(items, |this, node| this.operand_value(node, true));
                Some(Condition::OneOf(value?, items?))
            }
            ExpressionKind::Not(inner) => Some(Condition::Not(Box::new(self.condition(inner)?))),
            ExpressionKind::All(inner) => self.each(inner, Self::condition).map(Condition::All),
            ExpressionKind::Any(inner) => self.each(inner, Self::condition).map(Condition::Any),
            ExpressionKind::If(when, then, otherwise) => {
                let when = self.condition(when);
                let then = self.condition(then);
                let otherwise = otherwise.as_ref().map(|node| self.condition(node));
                let otherwise = match otherwise {
                    Some(otherwise) => Some(Box::new(otherwise?)),
                    None => None,
                };
                Some(Condition::If(Box::new(when?), Box::new(then?), otherwise))
            }
            ExpressionKind::Call(name, arguments) if CONDITIONS.contains(&name.as_str()) => {
                if name == "unique" {
                    return self.operands(arguments).map(Condition::Unique);
                }
                let operand = self.only_operand(name, arguments, &node.span)?;
                Some(match name.as_str() {
                    "missing" => Condition::Missing(operand),
                    "present" => Condition::Present(operand),
                    _ => Condition::Numeric(operand),
                })
            }
            ExpressionKind::Number(_)
            | ExpressionKind::Text(_)
            | ExpressionKind::Name(_)
            | ExpressionKind::Call(..)
            | ExpressionKind::Negative(_)
            | ExpressionKind::Where(..)
            | ExpressionKind::Sum(_)
            | ExpressionKind::Product(_) => {
                self.value(node)?;
                self.fail(
                    &node.span,
                    both!(
                        "đây là một giá trị, không phải điều kiện: thiếu so sánh (=, <=, in ...)",
                        "this is a value, no condition: a comparison is missing (=, <=, in ...)"
                    ),
                )
            }
        }
    }

    /// A value; a text only where equality is asked.
    fn operand_value(&mut self, node: &Node, texts: bool) -> Option<Value> {
        match &node.kind {
            ExpressionKind::Text(text) if texts => Some(Value::Text(text.as_str().into())),
            _ => self.value(node),
        }
    }

    fn value(&mut self, node: &Node) -> Option<Value> {
        match &node.kind {
            ExpressionKind::Number(number) => Some(Value::Number(number.clone())),
            ExpressionKind::Text(_) => self.fail(
                &node.span,
                both!("chữ chỉ so sánh bằng `=`, `!=` hoặc `in`", "a text is only compared with `=`, `!=` or `in`"),
            ),
            ExpressionKind::Negative(inner) => Some(Value::Negative(Box::new(self.value(inner)?))),
            ExpressionKind::Sum(pieces) => self.pieces(pieces).map(Value::Sum),
            ExpressionKind::Product(pieces) => {
                let values = self.pieces(pieces)?;
                for ((divides, value), (_, node)) in values.iter().zip(pieces) {
                    if *divides && super::linear::constant(value).is_some_and(|n| n.is_zero()) {
                        return self.fail(&node.span, both!("chia cho 0", "division by 0"));
                    }
                }
                Some(Value::Product(values))
            }
            ExpressionKind::Call(name, arguments) if NUMBERS.contains(&name.as_str()) => {
                self.function(name, arguments, &node.span)
            }
            ExpressionKind::Call(name, _) if LISTS.contains(&name.as_str()) => self.fail(
                &node.span,
                both!(
                    "`{name}` là nhiều số; dùng trong sum, count, min, max, median hoặc unique",
                    "`{name}` is several figures; it stands in sum, count, min, max, median or unique"
                ),
            ),
            ExpressionKind::Call(name, _) if CONDITIONS.contains(&name.as_str()) => {
                self.fail(&node.span, both!("`{name}` không phải là số", "`{name}` is no number"))
            }
            ExpressionKind::Name(_) | ExpressionKind::Call(..) => {
                self.operand(node, Asked::default()).map(Value::Reading)
            }
            ExpressionKind::Compare(..)
            | ExpressionKind::Within(..)
            | ExpressionKind::OneOf(..)
            | ExpressionKind::Not(_)
            | ExpressionKind::All(_)
            | ExpressionKind::Any(_)
            | ExpressionKind::Where(..)
            | ExpressionKind::If(..) => self
                .fail(&node.span, both!("ở đây cần một số, không phải điều kiện", "expected a number, no condition")),
        }
    }

    fn pieces(&mut self, pieces: &[(bool, Node)]) -> Option<Vec<(bool, Value)>> {
        let found: Vec<_> = pieces.iter().map(|(inverse, node)| Some((*inverse, self.value(node)?))).collect();
        found.into_iter().collect()
    }

    fn function(&mut self, name: &str, arguments: &[Node], span: &Span) -> Option<Value> {
        match name {
            "abs" => match arguments {
                [one] => Some(Value::Absolute(Box::new(self.value(one)?))),
                _ => self.fail(span, both!("`abs` cần đúng một đối số", "`abs` takes one argument")),
            },
            "count" => match arguments {
                [Node { kind: ExpressionKind::Where(list, when), .. }] => self.count_where(list, when),
                _ => self.operands(arguments).map(Value::Count),
            },
            "length" => self.only_operand(name, arguments, span).map(Value::Length),
            "digits" => self.only_operand(name, arguments, span).map(Value::Digits),
            "decimals" => self.only_operand(name, arguments, span).map(Value::Decimals),
            _ => {
                let lists = self.each(arguments, |this, node| match &node.kind {
                    ExpressionKind::Call(list, _) if LISTS.contains(&list.as_str()) => {
                        Some(this.list(node)?.into_iter().map(Value::Reading).collect())
                    }
                    _ => Some(vec![this.value(node)?]),
                })?;
                let values: Vec<Value> = lists.into_iter().flatten().collect();
                Some(match name {
                    "min" => Value::Least(values),
                    "max" => Value::Greatest(values),
                    "median" => Value::Median(values),
                    _ => Value::Sum(values.into_iter().map(|value| (false, value)).collect()),
                })
            }
        }
    }

    /// `count(members(x) where a)`: figures of the condition are those of each member.
    fn count_where(&mut self, list: &Node, when: &Node) -> Option<Value> {
        let (of, when_found) = match &list.kind {
            ExpressionKind::Call(name, _) if name == "members" => (self.list(list), self.condition(when)),
            _ => {
                return self.fail(
                    &list.span,
                    both!("`where` chỉ đứng sau `members(...)`", "`where` stands behind `members(...)` only"),
                );
            }
        };
        let (of, condition) = (of?.pop()?, when_found?);
        let mut reads = condition.operands();
        if reads.iter().any(|operand| operand.members) {
            return self.fail(
                &when.span,
                both!(
                    "sau `where` chỉ có số của từng thôn hay từng tháng, không có `members(...)`",
                    "behind `where` stand figures of one village or month, no `members(...)`"
                ),
            );
        }
        for operand in &mut reads {
            operand.members = true;
        }
        Some(Value::CountWhere { of, when: Box::new(condition), reads })
    }

    /// Figures one by one or in lists.
    fn operands(&mut self, arguments: &[Node]) -> Option<Vec<Operand>> {
        let lists = self.each(arguments, |this, node| match &node.kind {
            ExpressionKind::Call(list, _) if LISTS.contains(&list.as_str()) => this.list(node),
            _ => Some(vec![this.operand(node, Asked::default())?]),
        })?;
        Some(lists.into_iter().flatten().collect())
    }

    fn only_operand(&mut self, name: &str, arguments: &[Node], span: &Span) -> Option<Operand> {
        match arguments {
            [one] => self.operand(one, Asked::default()),
            _ => self.fail(span, both!("`{name}` cần đúng một chỉ tiêu", "`{name}` takes one indicator")),
        }
    }

    /// `parts(x)`, `children(x)`, `members(x)`, where x may be `plan(...)` and `previous(...)`.
    fn list(&mut self, node: &Node) -> Option<Vec<Operand>> {
        let ExpressionKind::Call(list, arguments) = &node.kind else { return None };
        let [argument] = arguments.as_slice() else {
            return self.fail(&node.span, both!("`{list}` cần đúng một chỉ tiêu", "`{list}` takes one indicator"));
        };
        let (asked, name, span) = self.asked(argument, Asked::default())?;
        let operand = |indicator| Operand {
            indicator,
            measure: asked.measure,
            previous: asked.previous,
            members: false,
            member: asked.member.clone(),
        };
        if list == "members" && asked.member.is_some() {
            return self.fail(
                &node.span,
                both!("`members` là mọi phân tổ, không nêu tên", "`members` means all members, none by name"),
            );
        }
        if list == "children" {
            let children = self.children(&name);
            if children.is_empty() {
                return self.fail(&span, both!("không có chỉ tiêu nào dưới `{name}.`", "no indicator below `{name}.`"));
            }
            return Some(children.into_iter().map(operand).collect());
        }
        let id = self.indicator(&name, &span)?;
        if list == "members" {
            return Some(vec![Operand { members: true, ..operand(id) }]);
        }
        let parts = self.scope.indicators.get(id.0 as usize).and_then(|indicator| indicator.parts.first());
        match parts {
            Some(parts) => Some(parts.of.iter().map(|id| operand(*id)).collect()),
            None => self.fail(&span, both!("`{name}` không có `parts`", "`{name}` has no `parts`")),
        }
    }

    /// Those below `name.` with no other indicator between.
    fn children(&self, name: &str) -> Vec<IndicatorId> {
        let below = |name: &str| -> Vec<IndicatorId> {
            let rest = |id: &str| id.strip_prefix(name)?.strip_prefix('.').map(str::to_owned);
            let all = self.scope.indicators.iter().filter_map(|i| Some((i, rest(&i.id)?)));
            let between = |rest: &str| {
                rest.match_indices('.').any(|(at, _)| {
                    let upper = format!("{name}.{}", &rest[..at]);
                    self.scope.index.contains_key(upper.as_str())
                })
            };
            all.filter(|(_, rest)| !between(rest)).filter_map(|(i, _)| self.scope.index.get(&i.id).copied()).collect()
        };
        let own = self.scope.prefix.map(|prefix| below(&format!("{prefix}.{name}"))).unwrap_or_default();
        if own.is_empty() { below(name) } else { own }
    }

    fn operand(&mut self, node: &Node, asked: Asked) -> Option<Operand> {
        let (asked, name, span) = self.asked(node, asked)?;
        let indicator = self.indicator(&name, &span)?;
        Some(Operand {
            indicator,
            measure: asked.measure,
            previous: asked.previous,
            members: false,
            member: asked.member,
        })
    }

    /// Peels `previous(...)` and measures off a name.
    fn asked(&mut self, node: &Node, mut asked: Asked) -> Option<(Asked, String, Span)> {
        let mut node = node;
        loop {
            match &node.kind {
                ExpressionKind::Name(name) => return Some((asked, name.clone(), node.span.clone())),
                ExpressionKind::Call(name, arguments) => {
                    let measure = self.scope.measures.iter().position(|m| *m.id == **name);
                    match (name.as_str(), measure) {
                        ("previous", _) if !asked.previous => asked.previous = true,
                        ("previous", _) => {
                            return self.fail(
                                &node.span,
                                both!("`previous` chỉ dùng một lần", "`previous` can be used once only"),
                            );
                        }
                        (_, Some(at)) if asked.measure.is_none() => {
                            asked.measure = u16::try_from(at).ok().map(MeasureId);
                        }
                        (_, Some(_)) => {
                            return self.fail(&node.span, both!("hai số đo cho một số", "two measures for one figure"));
                        }
                        (MEMBER, None) => {
                            let [inner, named] = arguments.as_slice() else { return self.no_member(&node.span) };
                            let ExpressionKind::Text(name) = &named.kind else { return self.no_member(&named.span) };
                            if asked.member.is_some() {
                                return self.fail(
                                    &node.span,
                                    both!("`member` chỉ dùng một lần", "`member` can be used once only"),
                                );
                            }
                            asked.member = Some(self.member(name, &named.span)?);
                            node = inner;
                            continue;
                        }
                        (_, None) => return self.no_function(name, node),
                    }
                    match arguments.as_slice() {
                        [one] => node = one,
                        _ => {
                            return self.fail(
                                &node.span,
                                both!("`{name}` cần đúng một chỉ tiêu", "`{name}` takes one indicator"),
                            );
                        }
                    }
                }
                ExpressionKind::Number(_)
                | ExpressionKind::Text(_)
                | ExpressionKind::Negative(_)
                | ExpressionKind::Sum(_)
                | ExpressionKind::Product(_)
                | ExpressionKind::Compare(..)
                | ExpressionKind::Within(..)
                | ExpressionKind::OneOf(..)
                | ExpressionKind::Not(_)
                | ExpressionKind::All(_)
                | ExpressionKind::Any(_)
                | ExpressionKind::Where(..)
                | ExpressionKind::If(..) => {
                    return self.fail(&node.span, both!("ở đây cần một chỉ tiêu", "expected an indicator"));
                }
            }
        }
    }

    /// The name of a member; where it is known who they are, as the list has it.
    fn member(&mut self, name: &str, span: &Span) -> Option<Arc<str>> {
        let Some(list) = self.scope.members else { return Some(name.into()) };
        match list.find(name) {
            Some((known, _)) => Some(known.clone()),
            None if list.groupings.iter().any(|grouping| !grouping.is_complete()) => Some(name.into()),
            None => {
                self.fail(span, both!("không có \"{name}\" trong [members]", "\"{name}\" is not among the [members]"))
            }
        }
    }

    fn no_member<T>(&mut self, span: &Span) -> Option<T> {
        self.fail(
            span,
            both!(
                "`member` cần một chỉ tiêu và một tên: member(dan, \"Thôn Một\")",
                "`member` takes an indicator and a name: member(dan, \"Thôn Một\")"
            ),
        )
    }

    fn no_function<T>(&mut self, name: &str, node: &Node) -> Option<T> {
        let span = node.span.start..node.span.start + name.len().min(node.span.len());
        if NUMBERS.contains(&name) || CONDITIONS.contains(&name) || LISTS.contains(&name) {
            return self.fail(
                &span,
                both!("ở đây cần một chỉ tiêu, không phải `{name}`", "expected an indicator here, not `{name}`"),
            );
        }
        let mut fault =
            Fault::new(span, both!("không có hàm hay số đo `{name}`", "no function and no measure `{name}`"));
        let known = NUMBERS.iter().chain(&CONDITIONS).chain(&LISTS).copied().chain(["previous", MEMBER]);
        let known: Vec<&str> = known.chain(self.scope.measures.iter().map(|m| &*m.id)).collect();
        fault.help = Some(if let Some(near) = nearest(known.iter().copied(), name) {
            both!("có phải là `{near}`?", "did you mean `{near}`?")
        } else {
            let list = known.join(", ");
            both!("có: {list}", "there are: {list}")
        });
        self.faults.push(fault);
        None
    }

    fn indicator(&mut self, name: &str, span: &Span) -> Option<IndicatorId> {
        let index = self.scope.index;
        if let Some(row) = self.scope.row.filter(|_| name == super::ROW) {
            return Some(row);
        }
        let own = self.scope.prefix.and_then(|prefix| index.get(format!("{prefix}.{name}").as_str()));
        if let Some(id) = own.or_else(|| index.get(name)) {
            return Some(*id);
        }
        let message = match self.scope.prefix {
            None => both!("không có chỉ tiêu `{name}` trong danh mục", "no indicator `{name}` in the catalogue"),
            Some(prefix) => both!(
                "không có chỉ tiêu `{prefix}.{name}` hay `{name}` trong danh mục",
                "no indicator `{prefix}.{name}` and no `{name}` in the catalogue"
            ),
        };
        let mut fault = Fault::new(span.clone(), message);
        let prefix = self.scope.prefix.map(|prefix| format!("{prefix}."));
        let ids = index.keys().map(|id| &**id);
        let short = index.keys().filter_map(|id| id.strip_prefix(prefix.as_deref()?));
        fault.help = if self.is_difference(name) {
            Some(both!("phép trừ cần dấu cách ở hai bên: `a - b`", "a minus needs spaces around it: `a - b`"))
        } else {
            nearest(short.chain(ids), name).map(|near| both!("có phải là `{near}`?", "did you mean `{near}`?"))
        };
        self.faults.push(fault);
        None
    }

    /// Whether a name is two indicators with a hyphen between.
    fn is_difference(&self, name: &str) -> bool {
        let known = |name: &str| {
            let own = self.scope.prefix.map(|prefix| format!("{prefix}.{name}"));
            self.scope.index.contains_key(name) || own.is_some_and(|own| self.scope.index.contains_key(own.as_str()))
        };
        name.match_indices('-').any(|(at, _)| known(&name[..at]) && known(&name[at + 1..]))
    }
}

/// The name that may have been meant.
fn nearest<'a>(names: impl Iterator<Item = &'a str>, written: &str) -> Option<&'a str> {
    let limit = 1 + written.chars().count() / 4;
    // The distance takes the square of the length; a name far longer than any is not measured.
    if written.chars().count() > 80 {
        return None;
    }
    names
        .map(|name| (text::distance(name, written), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}
