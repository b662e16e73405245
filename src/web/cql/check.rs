//! From what was written to what can be computed: are the properties there, do the types fit?

use geo::{BoundingRect as _, Coord, Geometry, MapCoords as _, MultiPolygon, Rect};
use jiff::civil::Date;

use super::{GEOMETRY, Node, day};
use crate::model::event::PropertyType;
use crate::model::filter::{
    Case, Comparison, Days, End, Filter, Pattern, Place, Region, Relation, Sets,
};
use crate::web::collection::Collection;
use crate::web::crs::Crs;
use crate::web::error::quoted;

const SETS: [(&str, Sets); 4] = [
    ("a_equals", Sets::Equal),
    ("a_contains", Sets::Contains),
    ("a_containedby", Sets::ContainedBy),
    ("a_overlaps", Sets::Overlaps),
];

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
    let sets = SETS.iter().find(|(name, _)| *name == op);
    let relation = Relation::ALL.iter().find(|(name, _)| *name == op);
    match (op, arguments) {
        ("and", [_, ..]) => Ok(Filter::All(all(arguments)?)),
        ("or", [_, ..]) => Ok(Filter::Any(all(arguments)?)),
        ("not", [part]) => Ok(Filter::Not(Box::new(filter(asked, part)?))),
        ("isnull", [Node::Property(name)]) if name == GEOMETRY => Ok(Filter::HasNoGeometry),
        ("isnull", [Node::Property(name)]) => Ok(Filter::IsNull(property(collection, name)?.0)),
        ("=" | "<>" | "<" | "<=" | ">" | ">=", [a, b]) => comparison(collection, op, a, b),
        ("between", [subject, least, most]) => {
            let build = Build::Between;
            Subject::new(collection, subject)?.compared(&[least, most], build)
        }
        ("in", [subject, Node::List(values)]) => {
            let values: Vec<&Node> = values.iter().collect();
            Subject::new(collection, subject)?.compared(&values, Build::OneOf)
        }
        ("like", [subject, pattern]) => Subject::new(collection, subject)?.like(pattern),
        ("s_intersects", [a, b]) => intersects(crs, a, b),
        (_, [a, b]) if sets.is_some() => lists(collection, sets.map_or(Sets::Equal, |s| s.1), a, b),
        (_, [a, b]) if relation.is_some() => {
            let relation = relation.map_or(Relation::Equals, |relation| relation.1);
            Ok(Filter::Days(relation, days(collection, a)?, days(collection, b)?))
        }
        _ => Err(unknown(op, arguments.len())),
    }
}

fn unknown(op: &str, arguments: usize) -> String {
    let mut known = vec!["and", "or", "not", "isNull", "=", "<>", "<", "<=", ">", ">="];
    known.extend(["between", "in", "like", "casei", "s_intersects"]);
    known.extend(SETS.iter().map(|(name, _)| name));
    known.extend(Relation::ALL.iter().map(|(name, _)| name));
    let (op, known) = (quoted(op), known.join(", "));
    format!("`{op}` of {arguments} such values is not known: there are {known}")
}

fn property(collection: Collection, name: &str) -> Result<(Place, PropertyType), String> {
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

/// What is asked about: a property, perhaps in lower case.
struct Subject<'a> {
    name: &'a str,
    place: Place,
    kind: PropertyType,
    case: Case,
}

/// How values become a comparison.
#[derive(Clone, Copy)]
enum Build<'a> {
    Sign(&'a str),
    Between,
    OneOf,
}

impl Build<'_> {
    /// The values are as many as it takes.
    fn of<T: PartialOrd>(self, values: Vec<T>) -> Option<Comparison<T>> {
        let mut in_order = values.into_iter();
        match self {
            Build::OneOf => Some(Comparison::one_of(in_order.collect())),
            Build::Between => Some(Comparison::Between(in_order.next()?, in_order.next()?)),
            Build::Sign(sign) => {
                let value = in_order.next()?;
                Some(match sign {
                    "<" => Comparison::Less(value),
                    "<=" => Comparison::AtMost(value),
                    ">" => Comparison::Greater(value),
                    ">=" => Comparison::AtLeast(value),
                    _ => Comparison::Equal(value),
                })
            }
        }
    }
}

fn is_subject(node: &Node) -> bool {
    match node {
        Node::Property(_) => true,
        Node::Call(op, arguments) if op == "casei" => arguments.iter().any(is_subject),
        _ => false,
    }
}

fn comparison(collection: Collection, op: &str, a: &Node, b: &Node) -> Result<Filter, String> {
    let turned = match op {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        same => same,
    };
    let (subject, value, op) = match (is_subject(a), is_subject(b)) {
        (true, false) => (a, b, op),
        (false, true) => (b, a, turned),
        _ => {
            let (a, b) = (told(a), told(b));
            return Err(format!("{a} {op} {b}: one side must be a property, the other a value"));
        }
    };
    let filter = Subject::new(collection, subject)?.compared(&[value], Build::Sign(op))?;
    Ok(if op == "<>" { Filter::Not(Box::new(filter)) } else { filter })
}

impl<'a> Subject<'a> {
    fn new(collection: Collection, node: &'a Node) -> Result<Self, String> {
        match node {
            Node::Property(name) => {
                let (place, kind) = property(collection, name)?;
                Ok(Self { name, place, kind, case: Case::Told })
            }
            Node::Call(op, arguments) if op == "casei" => match arguments.as_slice() {
                [inner @ Node::Property(_)] => {
                    let subject = Self { case: Case::Folded, ..Self::new(collection, inner)? };
                    match subject.kind {
                        PropertyType::Text | PropertyType::Enum(_) => Ok(subject),
                        _ => Err(subject.mismatch("casei takes a text")),
                    }
                }
                _ => Err("casei takes one property or one text".to_owned()),
            },
            other => Err(format!("{} stands where a property should", told(other))),
        }
    }

    fn compared(&self, values: &[&Node], build: Build) -> Result<Filter, String> {
        fn all<T>(
            values: &[&Node],
            read: impl Fn(&Node) -> Result<T, String>,
        ) -> Result<Vec<T>, String> {
            values.iter().map(|value| read(value)).collect()
        }
        let place = self.place;
        let filter = match self.kind {
            PropertyType::Text | PropertyType::Enum(_) => {
                let values = all(values, |value| self.text(value))?;
                build.of(values).map(|values| Filter::Text(place, self.case, values))
            }
            PropertyType::Integer | PropertyType::Real => {
                let values = all(values, |value| self.number(value))?;
                build.of(values).map(|values| Filter::Number(place, values))
            }
            PropertyType::Date => {
                let values = all(values, |value| self.day(value))?;
                build.of(values).map(|values| Filter::Day(place, values))
            }
            PropertyType::List => return Err(self.mismatch("ask with a_contains")),
        };
        filter.ok_or_else(|| self.mismatch("it is compared with nothing"))
    }

    fn like(&self, pattern: &Node) -> Result<Filter, String> {
        match self.kind {
            PropertyType::Text | PropertyType::Enum(_) => {
                let pattern = Pattern::new(&self.text(pattern)?);
                Ok(Filter::Like(self.place, self.case, pattern))
            }
            _ => Err(self.mismatch("like takes a text")),
        }
    }

    fn text(&self, value: &Node) -> Result<String, String> {
        match value {
            Node::Text(text) => Ok(text.clone()),
            Node::Call(op, arguments) if op == "casei" => match arguments.as_slice() {
                [Node::Text(text)] => Ok(text.to_lowercase()),
                _ => Err("casei takes one property or one text".to_owned()),
            },
            other => Err(self.mismatch(&format!("{} is none", told(other)))),
        }
    }

    fn number(&self, value: &Node) -> Result<f64, String> {
        match value {
            Node::Number(number) if number.is_finite() => Ok(*number),
            other => Err(self.mismatch(&format!("{} is none", told(other)))),
        }
    }

    fn day(&self, value: &Node) -> Result<Date, String> {
        match value {
            Node::Day(day) => Ok(*day),
            Node::Text(text) => day(text).map_err(|told| format!("`{}`: {told}", self.name)),
            other => Err(self.mismatch(&format!("{} is none", told(other)))),
        }
    }

    fn mismatch(&self, what: &str) -> String {
        let kind = match self.kind {
            PropertyType::Text | PropertyType::Enum(_) => "a text",
            PropertyType::List => "a list",
            PropertyType::Integer | PropertyType::Real => "a number",
            PropertyType::Date => "a day",
        };
        format!("`{}` is {kind}: {what}", self.name)
    }
}

fn intersects(crs: Crs, a: &Node, b: &Node) -> Result<Filter, String> {
    let (name, geometry) = match (a, b) {
        (Node::Property(name), Node::Geometry(geometry))
        | (Node::Geometry(geometry), Node::Property(name)) => (name, on_globe(crs, geometry)?),
        (Node::Property(name), Node::Box(corners)) | (Node::Box(corners), Node::Property(name)) => {
            (name, boxed(crs, corners)?)
        }
        _ => {
            let (a, b) = (told(a), told(b));
            return Err(format!("s_intersects takes `{GEOMETRY}` and a geometry, not {a} and {b}"));
        }
    };
    if name != GEOMETRY {
        return Err(format!("`{}` is not a geometry: there is `{GEOMETRY}`", quoted(name)));
    }
    let around = geometry.bounding_rect().ok_or("the geometry has no points")?;
    let bounds = [around.min().x, around.min().y, around.max().x, around.max().y];
    Ok(Filter::Intersects(Region { geometry, bounds }))
}

/// The geometry in degrees.
fn on_globe(crs: Crs, geometry: &Geometry<f64>) -> Result<Geometry<f64>, String> {
    geometry.try_map_coords(|at| match crs.to_lon_lat(at.x, at.y) {
        Some(point) => Ok(Coord { x: point.lon(), y: point.lat() }),
        None => Err(format!("{}, {} is not on the globe in {}", at.x, at.y, crs.uri())),
    })
}

/// A box by its corners; one across the antimeridian has two parts.
fn boxed(crs: Crs, corners: &str) -> Result<Geometry<f64>, String> {
    let bbox = crs.bbox(corners).map_err(|told| format!("bbox: {told}"))?;
    let parts = bbox
        .rectangles()
        .map(|[west, south, east, north]| Rect::new((west, south), (east, north)).to_polygon());
    Ok(Geometry::MultiPolygon(MultiPolygon(parts.collect())))
}

fn lists(collection: Collection, sets: Sets, a: &Node, b: &Node) -> Result<Filter, String> {
    // Turned round, what contains is contained.
    let (subject, values, sets) = match (a, sets) {
        (Node::Property(_), _) => (a, b, sets),
        (_, Sets::Contains) => (b, a, Sets::ContainedBy),
        (_, Sets::ContainedBy) => (b, a, Sets::Contains),
        _ => (b, a, sets),
    };
    let subject = Subject::new(collection, subject)?;
    if subject.kind != PropertyType::List {
        return Err(subject.mismatch("it is compared with =, in or like"));
    }
    let Node::List(values) = values else {
        return Err(subject.mismatch(&format!("{} is none", told(values))));
    };
    let text = |value: &Node| match value {
        Node::Text(text) => Ok(text.clone()),
        other => Err(format!("`{}` holds texts, and {} is none", subject.name, told(other))),
    };
    let values = values.iter().map(text).collect::<Result<_, _>>()?;
    Ok(Filter::List(subject.place, sets, values))
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
        Node::Property(_) => {
            let subject = Subject::new(collection, node)?;
            match subject.kind {
                PropertyType::Date => Ok(End::Property(subject.place)),
                _ => Err(subject.mismatch("a day is needed")),
            }
        }
        other => Err(format!("{} is not a day", told(other))),
    }
}

/// A part in words, for errors.
fn told(node: &Node) -> String {
    match node {
        Node::Property(name) => format!("`{}`", quoted(name)),
        Node::Text(text) => format!("'{}'", quoted(text)),
        Node::Number(number) => number.to_string(),
        Node::Flag(flag) => flag.to_string(),
        Node::Day(day) => day.to_string(),
        Node::Geometry(_) | Node::Box(_) => "a geometry".to_owned(),
        Node::List(_) => "a list".to_owned(),
        Node::Call(op, _) => format!("{}(…)", quoted(op)),
    }
}
