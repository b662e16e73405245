//! What stands on the sides of a comparison: texts, numbers, days, lists.

use jiff::civil::Date;

use super::{GEOMETRY, Node, day};
use crate::model::event::PropertyType;
use crate::model::filter::{
    Comparison, Days, End, Filter, Fold, Operator, Order, Place, Relation, Sum,
};
use crate::web::collection::Collection;
use crate::web::error::quoted;

/// What kind of value something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Day,
    List,
    Flag,
}

impl Kind {
    pub(super) const fn of(property: PropertyType) -> Self {
        match property {
            PropertyType::Text | PropertyType::Enum(_) => Self::Text,
            PropertyType::List => Self::List,
            PropertyType::Integer | PropertyType::Real => Self::Number,
            PropertyType::Date => Self::Day,
        }
    }

    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Day => "a day",
            Self::List => "a list",
            Self::Flag => "true or false",
        }
    }
}

/// A side of a comparison: what the feature has, or what is written there.
pub(super) enum Side<T> {
    Property(Place, Fold),
    Literal(T),
}

pub(super) fn is_fold(op: &str) -> bool {
    matches!(op, "casei" | "accenti")
}

pub(super) fn is_arithmetic(op: &str) -> bool {
    Operator::ALL.iter().any(|(sign, _)| *sign == op)
}

pub(super) fn property(
    collection: Collection,
    name: &str,
) -> Result<(Place, PropertyType), String> {
    let mut properties = collection.properties().iter().enumerate();
    let found = properties.find(|(_, (known, ..))| *known == name);
    if let Some((place, &(_, kind, _))) = found {
        return Ok((place, kind));
    }
    if name == GEOMETRY {
        return Err("`geometry` is where a feature is: ask with s_intersects or isNull".to_owned());
    }
    let names: Vec<&str> = collection.properties().iter().map(|&(name, ..)| name).collect();
    let (name, names) = (quoted(name), names.join(", "));
    Err(format!("`{name}` is not a property: there are {GEOMETRY}, {names}"))
}

fn kind(collection: Collection, node: &Node) -> Result<Kind, String> {
    match node {
        Node::Property(name) => property(collection, name).map(|(_, kind)| Kind::of(kind)),
        Node::Text(_) => Ok(Kind::Text),
        Node::Number(_) => Ok(Kind::Number),
        Node::Day(_) => Ok(Kind::Day),
        Node::Flag(_) => Ok(Kind::Flag),
        // A group in brackets reads as a list of one.
        Node::List(items) => match items.as_slice() {
            [one @ (Node::Call(..) | Node::Number(_) | Node::Property(_))] => kind(collection, one),
            _ => Ok(Kind::List),
        },
        Node::Call(op, _) if is_fold(op) => Ok(Kind::Text),
        Node::Call(op, _) if is_arithmetic(op) => Ok(Kind::Number),
        other => Err(format!("{} stands where a property or a value should", told(other))),
    }
}

/// Whether what is written there depends on the feature.
pub(super) fn asks(node: &Node) -> bool {
    match node {
        Node::Property(_) => true,
        Node::List(parts) | Node::Call(_, parts) => parts.iter().any(asks),
        _ => false,
    }
}

/// Compares two values of one kind: that of the property, if there is one.
pub(super) fn compared(
    collection: Collection,
    order: Order,
    a: &Node,
    b: &Node,
) -> Result<Filter, String> {
    let lead = if asks(a) || !asks(b) { a } else { b };
    // A text may be a day, but a day is no text.
    let kind = match (kind(collection, lead)?, a, b) {
        (Kind::Text, Node::Day(_), _) | (Kind::Text, _, Node::Day(_)) if !asks(lead) => Kind::Day,
        (kind, ..) => kind,
    };
    match kind {
        Kind::Text => Ok(texts(order, text(collection, lead, a)?, text(collection, lead, b)?)),
        Kind::Number => Ok(numbers(order, sum(collection, lead, a)?, sum(collection, lead, b)?)),
        Kind::Day => Ok(dates(order, date(collection, lead, a)?, date(collection, lead, b)?)),
        Kind::List => Err(mismatch(collection, lead, "ask with a_contains")),
        Kind::Flag => match (a, b) {
            (Node::Flag(a), Node::Flag(b)) => Ok(Filter::Constant(order.holds(a.cmp(b)))),
            _ => Err(format!("{} and {} cannot be compared", told(a), told(b))),
        },
    }
}

fn texts(order: Order, a: Side<String>, b: Side<String>) -> Filter {
    match (a, b) {
        (Side::Property(at, fold), Side::Literal(text)) => {
            Filter::Text(at, fold, Comparison::To(order, text))
        }
        (Side::Literal(text), Side::Property(at, fold)) => {
            Filter::Text(at, fold, Comparison::To(order.turned(), text))
        }
        (Side::Property(a, fold), Side::Property(b, other)) => {
            Filter::Texts(order, (a, fold), (b, other))
        }
        (Side::Literal(a), Side::Literal(b)) => Filter::Constant(order.holds(a.cmp(&b))),
    }
}

fn numbers(order: Order, a: Sum, b: Sum) -> Filter {
    match (a, b) {
        (Sum::Property(at), Sum::Number(number)) => {
            Filter::Number(at, Comparison::To(order, number))
        }
        (Sum::Number(number), Sum::Property(at)) => {
            Filter::Number(at, Comparison::To(order.turned(), number))
        }
        (a, b) => Filter::Numbers(order, a, b),
    }
}

fn dates(order: Order, a: Side<Date>, b: Side<Date>) -> Filter {
    match (a, b) {
        (Side::Property(at, _), Side::Literal(day)) => Filter::Day(at, Comparison::To(order, day)),
        (Side::Literal(day), Side::Property(at, _)) => {
            Filter::Day(at, Comparison::To(order.turned(), day))
        }
        (Side::Literal(a), Side::Literal(b)) => Filter::Constant(order.holds(a.cmp(&b))),
        (Side::Property(a, _), Side::Property(b, _)) => {
            let [a, b] = [a, b].map(|at| Days { from: End::Property(at), to: End::Property(at) });
            let related = |relation| Filter::Days(relation, a, b);
            let unless = |relation| Filter::Not(Box::new(related(relation)));
            match order {
                Order::Equal => related(Relation::Equals),
                Order::Less => related(Relation::Before),
                Order::Greater => related(Relation::After),
                Order::AtMost => unless(Relation::After),
                Order::AtLeast => unless(Relation::Before),
            }
        }
    }
}

/// A text on one side of what `lead` decides the type of.
pub(super) fn text(
    collection: Collection,
    lead: &Node,
    node: &Node,
) -> Result<Side<String>, String> {
    match node {
        Node::Text(text) => Ok(Side::Literal(text.clone())),
        Node::Property(name) => match property(collection, name)? {
            (place, PropertyType::Text | PropertyType::Enum(_)) => {
                Ok(Side::Property(place, Fold::Nothing))
            }
            _ => Err(mismatch(collection, node, "a text is needed")),
        },
        Node::Call(op, arguments) if is_fold(op) => {
            let [inner] = arguments.as_slice() else {
                return Err(format!("{op} takes one property or one text"));
            };
            let fold = if op == "casei" { Fold::Case } else { Fold::Accents };
            Ok(match text(collection, lead, inner)? {
                Side::Property(place, inside) => Side::Property(place, fold.and(inside)),
                Side::Literal(text) => Side::Literal(fold.of(&text).into_owned()),
            })
        }
        other => Err(none_of(collection, lead, other)),
    }
}

/// A number on one side of what `lead` decides the type of.
pub(super) fn sum(collection: Collection, lead: &Node, node: &Node) -> Result<Sum, String> {
    match node {
        Node::Number(number) if number.is_finite() => Ok(Sum::Number(*number)),
        Node::Property(name) => match property(collection, name)? {
            (place, PropertyType::Integer | PropertyType::Real) => Ok(Sum::Property(place)),
            _ => Err(mismatch(collection, node, "a number is needed")),
        },
        Node::List(items) => match items.as_slice() {
            [one] => sum(collection, lead, one),
            _ => Err(none_of(collection, lead, node)),
        },
        Node::Call(op, arguments) => {
            let operator = Operator::ALL.iter().find(|(sign, _)| sign == op);
            match (operator, arguments.as_slice()) {
                (Some(&(_, operator)), [a, b]) => {
                    let parts = (sum(collection, lead, a)?, operator, sum(collection, lead, b)?);
                    Ok(Sum::Of(Box::new(parts)))
                }
                _ => Err(none_of(collection, lead, node)),
            }
        }
        other => Err(none_of(collection, lead, other)),
    }
}

fn date(collection: Collection, lead: &Node, node: &Node) -> Result<Side<Date>, String> {
    match node {
        Node::Day(day) => Ok(Side::Literal(*day)),
        Node::Text(text) => {
            day(text).map(Side::Literal).map_err(|wrong| format!("{}: {wrong}", told(lead)))
        }
        Node::Property(name) => match property(collection, name)? {
            (place, PropertyType::Date) => Ok(Side::Property(place, Fold::Nothing)),
            _ => Err(mismatch(collection, node, "a day is needed")),
        },
        other => Err(none_of(collection, lead, other)),
    }
}

/// A list of texts; `other` is what it is compared with.
pub(super) fn list(
    collection: Collection,
    other: &Node,
    node: &Node,
) -> Result<Side<Vec<String>>, String> {
    let lead = if asks(node) { node } else { other };
    match node {
        Node::Property(name) => match property(collection, name)? {
            (place, PropertyType::List) => Ok(Side::Property(place, Fold::Nothing)),
            _ => Err(mismatch(collection, node, "it is compared with =, in or like")),
        },
        Node::List(items) => {
            let text = |item: &Node| match item {
                Node::Text(text) => Ok(text.clone()),
                item => Err(format!("{} holds texts, and {} is none", told(lead), told(item))),
            };
            items.iter().map(text).collect::<Result<_, _>>().map(Side::Literal)
        }
        node => Err(mismatch(collection, lead, &format!("{} is none", told(node)))),
    }
}

fn none_of(collection: Collection, lead: &Node, node: &Node) -> String {
    if asks(node) && !matches!(node, Node::Property(_)) {
        return format!("{} is not {}", told(node), kind(collection, lead).map_or("", Kind::told));
    }
    mismatch(collection, lead, &format!("{} is none", told(node)))
}

fn mismatch(collection: Collection, lead: &Node, what: &str) -> String {
    match kind(collection, lead) {
        Ok(kind) => format!("{} is {}: {what}", told(lead), kind.told()),
        Err(wrong) => wrong,
    }
}

/// A part in words, for errors.
pub(super) fn told(node: &Node) -> String {
    match node {
        Node::Property(name) => format!("`{}`", quoted(name)),
        Node::Text(text) => format!("'{}'", quoted(text)),
        Node::Number(number) => number.to_string(),
        Node::Flag(flag) => flag.to_string(),
        Node::Day(day) => day.to_string(),
        Node::Geometry(_) | Node::Box(_) => "a geometry".to_owned(),
        Node::List(_) => "a list".to_owned(),
        Node::Call(op, parts) => match parts.as_slice() {
            [a, b] if is_arithmetic(op) => format!("{} {op} {}", side(a), side(b)),
            _ => format!("{}(…)", quoted(op)),
        },
    }
}

/// A part of something computed; what is deeper is left out.
fn side(node: &Node) -> String {
    if matches!(node, Node::Call(..)) { "(…)".to_owned() } else { told(node) }
}
