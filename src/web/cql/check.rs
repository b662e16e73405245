//! From what was written to what can be computed: are the properties there, do the types fit?

use super::operand::{self, Kind, Side, compared, property, told};
use super::space;
use super::{GEOMETRY, Node, day};
use crate::model::event::PropertyType;
use crate::model::filter::{Comparison, Days, End, Filter, Order, Relation, Sets, Topology};
use crate::model::pattern::Pattern;
use crate::web::collection::Collection;
use crate::web::crs::Crs;
use crate::web::error::quoted;

const ORDERS: [(&str, Order); 5] = [
    ("=", Order::Equal),
    ("<", Order::Less),
    ("<=", Order::AtMost),
    (">", Order::Greater),
    (">=", Order::AtLeast),
];

const SETS: [(&str, Sets); 4] = [
    ("a_equals", Sets::Equal),
    ("a_contains", Sets::Contains),
    ("a_containedby", Sets::ContainedBy),
    ("a_overlaps", Sets::Overlaps),
];

/// What a name of the standard stands for.
fn named<T: Copy>(all: &[(&str, T)], name: &str) -> Option<T> {
    all.iter().find(|(known, _)| *known == name).map(|&(_, meant)| meant)
}

/// Checks a condition on features of the collection.
pub(super) fn filter(asked: (Collection, Crs), node: &Node) -> Result<Filter, String> {
    let (collection, crs) = asked;
    let all = |parts: &[Node]| -> Result<Vec<Filter>, String> {
        parts.iter().map(|part| filter(asked, part)).collect()
    };
    let (op, arguments) = match node {
        Node::Flag(is) => return Ok(Filter::Constant(*is)),
        Node::Call(op, arguments) => (op.as_str(), arguments.as_slice()),
        other => return Err(format!("{} is not a condition", told(other))),
    };
    match (op, arguments) {
        ("and", [_, ..]) => Ok(Filter::All(all(arguments)?)),
        ("or", [_, ..]) => Ok(Filter::Any(all(arguments)?)),
        ("not", [part]) => Ok(negated(filter(asked, part)?)),
        ("isnull", [operand]) => is_null(asked, operand),
        ("<>", [a, b]) => compared(collection, Order::Equal, a, b).map(negated),
        ("between", [subject, least, most]) => between(collection, subject, least, most),
        ("in", [subject, Node::List(values)]) => one_of(collection, subject, values),
        ("like", [subject, pattern]) => like(collection, subject, pattern),
        (op, [a, b]) => {
            if let Some(order) = named(&ORDERS, op) {
                compared(collection, order, a, b)
            } else if let Some(sets) = named(&SETS, op) {
                lists(collection, sets, a, b)
            } else if let Some(relation) = named(&Relation::ALL, op) {
                Ok(Filter::Days(relation, days(collection, a)?, days(collection, b)?))
            } else if let Some(topology) = named(&Topology::ALL, op) {
                space::lies(crs, (op, topology), a, b)
            } else {
                Err(unknown(op, 2))
            }
        }
        _ => Err(unknown(op, arguments.len())),
    }
}

fn unknown(op: &str, arguments: usize) -> String {
    let mut known = vec!["and", "or", "not", "isNull", "=", "<>", "<", "<=", ">", ">="];
    known
        .extend(["between", "in", "like", "casei", "accenti", "+", "-", "*", "/", "div", "%", "^"]);
    known.extend(Topology::ALL.iter().map(|(name, _)| name));
    known.extend(SETS.iter().map(|(name, _)| name));
    known.extend(Relation::ALL.iter().map(|(name, _)| name));
    let (op, known) = (quoted(op), known.join(", "));
    format!("`{op}` of {arguments} such values is not known: there are {known}")
}

fn negated(filter: Filter) -> Filter {
    Filter::Not(Box::new(filter))
}

/// What has a value is known; what is computed is not known if anything in it is not.
fn is_null(asked: (Collection, Crs), operand: &Node) -> Result<Filter, String> {
    let (collection, _) = asked;
    match operand {
        Node::Property(name) if name == GEOMETRY => Ok(Filter::HasNoGeometry),
        Node::Property(name) => Ok(Filter::IsNull(property(collection, name)?.0)),
        Node::Call(op, _) if operand::is_fold(op) => {
            Ok(match operand::text(collection, operand, operand)? {
                Side::Property(place, _) => Filter::IsNull(place),
                Side::Literal(_) => Filter::Constant(false),
            })
        }
        Node::Call(op, _) if operand::is_arithmetic(op) => {
            let sum = operand::sum(collection, operand, operand)?;
            Ok(Filter::IsUnknown(Box::new(Filter::Numbers(Order::Equal, sum.clone(), sum))))
        }
        Node::Call(op, _) if op != "interval" => {
            Ok(Filter::IsUnknown(Box::new(filter(asked, operand)?)))
        }
        _ => Ok(Filter::Constant(false)),
    }
}

fn between(collection: Collection, a: &Node, least: &Node, most: &Node) -> Result<Filter, String> {
    let lower = compared(collection, Order::AtLeast, a, least)?;
    let upper = compared(collection, Order::AtMost, a, most)?;
    Ok(match (lower, upper) {
        (
            Filter::Number(at, Comparison::To(_, least)),
            Filter::Number(_, Comparison::To(_, most)),
        ) => Filter::Number(at, Comparison::Between(least, most)),
        (Filter::Day(at, Comparison::To(_, least)), Filter::Day(_, Comparison::To(_, most))) => {
            Filter::Day(at, Comparison::Between(least, most))
        }
        (
            Filter::Text(at, fold, Comparison::To(_, least)),
            Filter::Text(_, _, Comparison::To(_, most)),
        ) => Filter::Text(at, fold, Comparison::Between(least, most)),
        (lower, upper) => Filter::All(vec![lower, upper]),
    })
}

/// Values that one property is compared with are looked up together.
fn one_of(collection: Collection, subject: &Node, values: &[Node]) -> Result<Filter, String> {
    let mut any: Vec<Filter> = Vec::new();
    for value in values {
        let one = match compared(collection, Order::Equal, subject, value)? {
            Filter::Number(at, Comparison::To(_, one)) => {
                Filter::Number(at, Comparison::OneOf(vec![one]))
            }
            Filter::Day(at, Comparison::To(_, one)) => {
                Filter::Day(at, Comparison::OneOf(vec![one]))
            }
            Filter::Text(at, fold, Comparison::To(_, one)) => {
                Filter::Text(at, fold, Comparison::OneOf(vec![one]))
            }
            other => other,
        };
        match (any.last_mut(), one) {
            (
                Some(Filter::Number(at, Comparison::OneOf(known))),
                Filter::Number(same, Comparison::OneOf(more)),
            ) if *at == same => known.extend(more),
            (
                Some(Filter::Day(at, Comparison::OneOf(known))),
                Filter::Day(same, Comparison::OneOf(more)),
            ) if *at == same => known.extend(more),
            (
                Some(Filter::Text(at, _, Comparison::OneOf(known))),
                Filter::Text(same, _, Comparison::OneOf(more)),
            ) if *at == same => known.extend(more),
            (_, one) => any.push(one),
        }
    }
    for part in &mut any {
        match part {
            Filter::Number(_, known) => known.put_in_order(),
            Filter::Day(_, known) => known.put_in_order(),
            Filter::Text(_, _, known) => known.put_in_order(),
            _ => {}
        }
    }
    match any.len() {
        0 => Err("in needs at least one value".to_owned()),
        1 => any.pop().ok_or_else(String::new),
        _ => Ok(Filter::Any(any)),
    }
}

fn like(collection: Collection, subject: &Node, pattern: &Node) -> Result<Filter, String> {
    let Side::Literal(pattern) = operand::text(collection, subject, pattern)? else {
        return Err(format!("like takes a text with wildcards: {} is none", told(pattern)));
    };
    let pattern = Pattern::new(&pattern);
    Ok(match operand::text(collection, subject, subject)? {
        Side::Property(place, fold) => Filter::Like(place, fold, pattern),
        Side::Literal(text) => Filter::Constant(pattern.matches(&text)),
    })
}

fn lists(collection: Collection, sets: Sets, a: &Node, b: &Node) -> Result<Filter, String> {
    Ok(match (operand::list(collection, b, a)?, operand::list(collection, a, b)?) {
        (Side::Property(place, _), Side::Literal(values)) => Filter::List(place, sets, values),
        // Turned round, what contains is contained.
        (Side::Literal(values), Side::Property(place, _)) => {
            Filter::List(place, sets.turned(), values)
        }
        (Side::Property(place, _), Side::Property(other, _)) => Filter::Lists(place, sets, other),
        (Side::Literal(items), Side::Literal(others)) => {
            Filter::Constant(sets.holds(&items.iter().map(String::as_str), &others))
        }
    })
}

fn days(collection: Collection, node: &Node) -> Result<Days, String> {
    match node {
        Node::Call(op, ends) if op == "interval" => match ends.as_slice() {
            [from, to] => Ok(Days { from: end(collection, from)?, to: end(collection, to)? }),
            _ => Err("interval takes its first and its last day".to_owned()),
        },
        single => {
            let end = end(collection, single)?;
            Ok(Days { from: end, to: end })
        }
    }
}

fn end(collection: Collection, node: &Node) -> Result<End, String> {
    match node {
        Node::Day(day) => Ok(End::Day(*day)),
        Node::Text(text) if text == ".." => Ok(End::Open),
        Node::Text(text) => day(text).map(End::Day),
        Node::Property(name) => match property(collection, name)? {
            (place, PropertyType::Date) => Ok(End::Property(place)),
            (_, other) => {
                Err(format!("`{}` is {}: a day is needed", quoted(name), Kind::of(other).told()))
            }
        },
        other => Err(format!("{} is not a day", told(other))),
    }
}
