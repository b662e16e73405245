//! CQL2 text as a tree of calls.

use serde_json::{Value, json};

use super::{MOST_DEPTH, MOST_STEPS, Node, day, json, too_deep};
use crate::web::error::quoted;

/// How geometries are called, in text and in GeoJSON.
const GEOMETRIES: [(&str, &str); 7] = [
    ("POINT", "Point"),
    ("LINESTRING", "LineString"),
    ("POLYGON", "Polygon"),
    ("MULTIPOINT", "MultiPoint"),
    ("MULTILINESTRING", "MultiLineString"),
    ("MULTIPOLYGON", "MultiPolygon"),
    ("GEOMETRYCOLLECTION", "GeometryCollection"),
];

pub(super) fn read(filter: &str) -> Result<Node, String> {
    let mut reader = Reader { whole: filter, rest: filter, depth: 0, operators: 0 };
    let node = reader.either()?;
    reader.skip();
    if reader.rest.is_empty() { Ok(node) } else { Err(reader.expected("AND, OR or the end")) }
}

/// What is still to read.
struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
    depth: usize,
    /// Operators between numbers so far.
    operators: usize,
}

impl<'a> Reader<'a> {
    fn either(&mut self) -> Result<Node, String> {
        self.joined("OR", |reader| reader.joined("AND", Self::negated))
    }

    fn joined(
        &mut self,
        word: &str,
        part: impl Fn(&mut Self) -> Result<Node, String>,
    ) -> Result<Node, String> {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.word(word) {
            parts.push(part(self)?);
        }
        Ok(match <[Node; 1]>::try_from(parts) {
            Ok([one]) => one,
            Err(parts) => Node::Call(word.to_lowercase(), parts),
        })
    }

    fn negated(&mut self) -> Result<Node, String> {
        if self.word("NOT") {
            return self.deeper(Self::negated).map(not);
        }
        if self.sign("(") {
            let inner = self.deeper(Self::either)?;
            self.expect(")")?;
            // Only what follows tells a condition in brackets from a sum in brackets.
            let left = self.computed(inner, 0)?;
            return self.predicate(left);
        }
        let left = self.operand()?;
        self.predicate(left)
    }

    /// A comparison with what was read, or a value that is a condition of its own.
    fn predicate(&mut self, left: Node) -> Result<Node, String> {
        for (sign, op) in [
            ("<>", "<>"),
            ("!=", "<>"),
            ("<=", "<="),
            (">=", ">="),
            ("=", "="),
            ("<", "<"),
            (">", ">"),
        ] {
            if self.sign(sign) {
                return Ok(call(op, vec![left, self.operand()?]));
            }
        }
        if self.word("IS") {
            let negated = self.word("NOT");
            return if self.word("NULL") {
                Ok(not_if(negated, call("isnull", vec![left])))
            } else {
                Err(self.expected("NULL"))
            };
        }
        let negated = self.word("NOT");
        let node = if self.word("LIKE") {
            call("like", vec![left, self.operand()?])
        } else if self.word("ILIKE") {
            // No word of the standard, but one that GDAL sends.
            let pattern = self.operand()?;
            call("like", vec![call("casei", vec![left]), call("casei", vec![pattern])])
        } else if self.word("BETWEEN") {
            let least = self.operand()?;
            if !self.word("AND") {
                return Err(self.expected("AND"));
            }
            call("between", vec![left, least, self.operand()?])
        } else if self.word("IN") {
            self.expect("(")?;
            call("in", vec![left, Node::List(self.operands()?)])
        } else if negated {
            return Err(self.expected("LIKE, BETWEEN or IN"));
        } else {
            left
        };
        Ok(not_if(negated, node))
    }

    fn operand(&mut self) -> Result<Node, String> {
        let first = self.value()?;
        self.computed(first, 0)
    }

    /// What is computed of a value and those behind it, the operators binding as strongly as this.
    fn computed(&mut self, first: Node, strength: usize) -> Result<Node, String> {
        let mut left = first;
        while let Some((sign, binds)) = self.operator(strength) {
            self.operators += 1;
            if self.operators > MOST_STEPS {
                return Err(format!("more than {MOST_STEPS} numbers are to be computed"));
            }
            let right = self.value()?;
            left = call(sign, vec![left, self.computed(right, binds + 1)?]);
        }
        Ok(left)
    }

    /// The operator that comes next, if it binds that strongly; then it is read.
    fn operator(&mut self, strength: usize) -> Option<(&'static str, usize)> {
        if strength <= 1 && self.word("div") {
            return Some(("div", 1));
        }
        let signs = [("+", 0), ("-", 0), ("*", 1), ("/", 1), ("%", 1), ("^", 2)];
        signs.into_iter().find(|&(sign, binds)| binds >= strength && self.sign(sign))
    }

    fn value(&mut self) -> Result<Node, String> {
        self.skip();
        if self.sign("(") {
            return self.deeper(Self::operands).map(Node::List);
        }
        let is_negated = self.rest.strip_prefix('-');
        if is_negated.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '('))
        {
            self.rest = is_negated.unwrap_or_default();
            let value = self.deeper(Self::value)?;
            return Ok(call("-", vec![Node::Number(0.0), value]));
        }
        if self.rest.starts_with('\'') {
            return self.quoted('\'').map(Node::Text);
        }
        if self.rest.starts_with('"') {
            return self.quoted('"').map(Node::Property);
        }
        if self.rest.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
            return self.number().map(Node::Number);
        }
        let name = self.taken(|c| c.is_alphanumeric() || "_.:".contains(c));
        if name.is_empty() {
            return Err(self.expected("a property, a value or a function"));
        }
        match name.to_uppercase().as_str() {
            "TRUE" => Ok(Node::Flag(true)),
            "FALSE" => Ok(Node::Flag(false)),
            upper => match GEOMETRIES.iter().find(|(known, _)| *known == upper) {
                Some((_, kind)) => json::geometry(self.geometry(kind)?).map(Node::Geometry),
                None if self.sign("(") => self.deeper(|reader| reader.function(upper)),
                None => Ok(Node::Property(name.to_owned())),
            },
        }
    }

    /// What follows the name of a function and its bracket.
    fn function(&mut self, upper: &str) -> Result<Node, String> {
        let arguments = self.operands()?;
        match (upper, arguments.as_slice()) {
            ("DATE" | "TIMESTAMP", [Node::Text(text)]) => day(text).map(Node::Day),
            ("BBOX" | "ENVELOPE", numbers) => {
                let number = |node: &Node| match node {
                    Node::Number(number) => Ok(number.to_string()),
                    _ => Err(format!(
                        "{} takes numbers: west, south, east, north",
                        upper.to_lowercase()
                    )),
                };
                let numbers: Vec<String> = numbers.iter().map(number).collect::<Result<_, _>>()?;
                Ok(Node::Box(numbers.join(",")))
            }
            _ => Ok(Node::Call(upper.to_lowercase(), arguments)),
        }
    }

    /// What stands between commas, to the closing bracket.
    fn operands(&mut self) -> Result<Vec<Node>, String> {
        let mut all = Vec::new();
        if self.sign(")") {
            return Ok(all);
        }
        loop {
            all.push(self.operand()?);
            if !self.sign(",") {
                self.expect(")")?;
                return Ok(all);
            }
        }
    }

    /// Well-known text behind its kind, as GeoJSON.
    fn geometry(&mut self, kind: &str) -> Result<Value, String> {
        let _heights = self.word("Z");
        self.expect("(")?;
        if kind == "GeometryCollection" {
            return Ok(json!({ "type": kind, "geometries": self.members()? }));
        }
        let mut coordinates = self.deeper(Self::positions)?;
        match (kind, &mut coordinates) {
            ("Point", Value::Array(only)) if only.len() == 1 => {
                coordinates = only.pop().unwrap_or_default();
            }
            // Its points may stand in brackets of their own.
            ("MultiPoint", Value::Array(points)) => {
                for point in points {
                    if let Some([inner @ Value::Array(_)]) = point.as_array().map(Vec::as_slice) {
                        *point = inner.clone();
                    }
                }
            }
            _ => {}
        }
        Ok(json!({ "type": kind, "coordinates": coordinates }))
    }

    fn members(&mut self) -> Result<Vec<Value>, String> {
        let mut members = Vec::new();
        loop {
            self.skip();
            let name = self.taken(char::is_alphabetic).to_uppercase();
            let known = GEOMETRIES.iter().find(|(known, _)| *known == name);
            let Some((_, kind)) = known else { return Err(self.expected("a geometry")) };
            members.push(self.deeper(|reader| reader.geometry(kind))?);
            if !self.sign(",") {
                self.expect(")")?;
                return Ok(members);
            }
        }
    }

    /// Positions or brackets of positions, to the closing bracket.
    fn positions(&mut self) -> Result<Value, String> {
        let mut all = Vec::new();
        loop {
            if self.sign("(") {
                all.push(self.deeper(Self::positions)?);
            } else {
                let mut position = vec![self.number()?];
                self.skip();
                while self.rest.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
                    position.push(self.number()?);
                    self.skip();
                }
                all.push(position.into());
            }
            if !self.sign(",") {
                self.expect(")")?;
                return Ok(Value::Array(all));
            }
        }
    }

    fn number(&mut self) -> Result<f64, String> {
        self.skip();
        let before = self.rest;
        let mut last = ' ';
        // A sign belongs to it at its beginning and behind `e` only.
        let text = self.taken(|c| {
            let first = std::mem::replace(&mut last, c);
            c.is_ascii_digit() || "eE.".contains(c) || "+-".contains(c) && " eE".contains(first)
        });
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| {
            self.rest = before;
            self.expected("a number")
        })
    }

    /// What stands in quotes; twice, or behind a backslash in texts, the mark is itself.
    fn quoted(&mut self, mark: char) -> Result<String, String> {
        let before = self.rest;
        let mut text = String::new();
        let mut chars = self.rest.chars();
        chars.next();
        while let Some(c) = chars.next() {
            let ahead = chars.clone().next();
            let escaped = ahead.filter(|_| c == '\\' && mark == '\'').and_then(escaped);
            if let Some(meant) = escaped {
                text.push(meant);
                chars.next();
            } else if c != mark {
                text.push(c);
            } else if ahead == Some(mark) {
                text.push(mark);
                chars.next();
            } else {
                self.rest = chars.as_str();
                return Ok(text);
            }
        }
        self.rest = before;
        Err(format!("{}, which ends nowhere", self.expected("a text in quotes")))
    }

    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, String>,
    ) -> Result<T, String> {
        if self.depth == MOST_DEPTH {
            return Err(too_deep());
        }
        self.depth += 1;
        let node = read(self)?;
        self.depth -= 1;
        Ok(node)
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// The characters that come next and are such.
    fn taken(&mut self, such: impl FnMut(char) -> bool) -> &'a str {
        let mut such = such;
        let end = self.rest.find(|c| !such(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Whether a word comes next, in any case; then it is read.
    fn word(&mut self, word: &str) -> bool {
        self.skip();
        let Some((next, rest)) = self.rest.split_at_checked(word.len()) else { return false };
        let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || "_.:".contains(c));
        let is = ends && next.eq_ignore_ascii_case(word);
        if is {
            self.rest = rest;
        }
        is
    }

    /// Whether a sign comes next; then it is read.
    fn sign(&mut self, sign: &str) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.sign(sign) { Ok(()) } else { Err(self.expected(&format!("`{sign}`"))) }
    }

    fn expected(&self, what: &str) -> String {
        let read = self.whole.len() - self.rest.len();
        let before = self.whole.get(..read).unwrap_or_default().chars().count();
        if self.rest.is_empty() {
            return format!("it ends where {what} should follow");
        }
        format!("expected {what} after {before} characters, found `{}`", quoted(self.rest))
    }
}

fn call(op: &str, arguments: Vec<Node>) -> Node {
    Node::Call(op.to_owned(), arguments)
}

fn not(node: Node) -> Node {
    call("not", vec![node])
}

fn not_if(negated: bool, node: Node) -> Node {
    if negated { not(node) } else { node }
}

/// What a backslash and this letter stand for; behind others it is itself, as in patterns.
const fn escaped(letter: char) -> Option<char> {
    Some(match letter {
        '\'' => '\'',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        _ => return None,
    })
}
