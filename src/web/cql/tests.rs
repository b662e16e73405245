use proptest::prelude::*;

use super::*;
use crate::model::query::EventQuery;
use crate::web::governorates::GOVERNORATES;

fn text(filter: &str) -> Result<Filter, String> {
    parse(Language::Text, Crs::Crs84, filter, Collection::Events)
}

fn json(filter: &str) -> Result<Filter, String> {
    parse(Language::Json, Crs::Crs84, filter, Collection::Events)
}

/// The same filters in both languages.
const SAME: &[(&str, &str)] = &[
    (r"title = 'it\'s'", r#"{"op":"=","args":[{"property":"title"},"it's"]}"#),
    (
        r"title = 'a\tb\nc' AND title LIKE '100\%'",
        r#"{"op":"and","args":[
                {"op":"=","args":[{"property":"title"},"a\tb\nc"]},
                {"op":"like","args":[{"property":"title"},"100\\%"]}]}"#,
    ),
    ("fatalities >= 2", r#"{"op":">=","args":[{"property":"fatalities"},2]}"#),
    ("2 <= fatalities", r#"{"op":">=","args":[{"property":"fatalities"},2]}"#),
    ("\"fatalities\" <> -1.5e1", r#"{"op":"<>","args":[{"property":"fatalities"},-15]}"#),
    (
        "title = 'it''s' or NOT title like 'a%' And review is not null",
        r#"{"op":"or","args":[{"op":"=","args":[{"property":"title"},"it's"]},{"op":"and","args":[
                {"op":"not","args":[{"op":"like","args":[{"property":"title"},"a%"]}]},
                {"op":"not","args":[{"op":"isNull","args":[{"property":"review"}]}]}]}]}"#,
    ),
    (
        "injured BETWEEN 1 AND 3 AND admin1 NOT IN ('Homs','Hama')",
        r#"{"op":"and","args":[{"op":"between","args":[{"property":"injured"},1,3]},
                {"op":"not","args":[{"op":"in","args":[{"property":"admin1"},["Homs","Hama"]]}]}]}"#,
    ),
    (
        "CASEI(source) = casei('OUTLET')",
        r#"{"op":"=","args":[{"op":"casei","args":[{"property":"source"}]},{"op":"casei","args":["OUTLET"]}]}"#,
    ),
    (
        "source NOT ILIKE '%Outlet'",
        r#"{"op":"not","args":[{"op":"like","args":[{"op":"casei","args":[{"property":"source"}]},
                {"op":"casei","args":["%Outlet"]}]}]}"#,
    ),
    (
        "event_date = '2022-01-01T'",
        r#"{"op":"=","args":[{"property":"event_date"},{"date":"2022-01-01"}]}"#,
    ),
    (
        "event_date < DATE('2022-01-05') AND event_date > TIMESTAMP('2022-01-01T10:00:00Z')",
        r#"{"op":"and","args":[{"op":"<","args":[{"property":"event_date"},{"date":"2022-01-05"}]},
                {"op":">","args":[{"property":"event_date"},{"timestamp":"2022-01-01T10:00:00Z"}]}]}"#,
    ),
    (
        "T_DURING(INTERVAL(event_date, event_date_end), INTERVAL('2022-01-01', '..'))",
        r#"{"op":"t_during","args":[{"interval":[{"property":"event_date"},{"property":"event_date_end"}]},
                {"interval":["2022-01-01",".."]}]}"#,
    ),
    (
        "A_CONTAINS(actor_ids, ('SDF', 'X1'))",
        r#"{"op":"a_contains","args":[{"property":"actor_ids"},["SDF","X1"]]}"#,
    ),
    (
        "S_INTERSECTS(geometry, BBOX(36, 35, 38, 37))",
        r#"{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[36,35,38,37]}]}"#,
    ),
    (
        "s_intersects(geometry, polygon((36 35, 38 35, 38 37, 36 35)))",
        r#"{"op":"s_intersects","args":[{"property":"geometry"},
                {"type":"Polygon","coordinates":[[[36,35],[38,35],[38,37],[36,35]]]}]}"#,
    ),
    (
        "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT Z (1 2 3), MULTIPOINT((1 2), (3 4)), LINESTRING(1 2,3 4)))",
        r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"GeometryCollection","geometries":[
                {"type":"Point","coordinates":[1,2,3]},{"type":"MultiPoint","coordinates":[[1,2],[3,4]]},
                {"type":"LineString","coordinates":[[1,2],[3,4]]}]}]}"#,
    ),
    (
        "fatalities + injured * 2 > 5",
        r#"{"op":">","args":[{"op":"+","args":[{"property":"fatalities"},
                {"op":"*","args":[{"property":"injured"},2]}]},5]}"#,
    ),
    (
        "(fatalities + injured) / 2 BETWEEN 1 AND personnel",
        r#"{"op":"between","args":[{"op":"/","args":[{"op":"+","args":[{"property":"fatalities"},
                {"property":"injured"}]},2]},1,{"property":"personnel"}]}"#,
    ),
    (
        "7 - 2 - 1 = fatalities div 2 ^ 2",
        r#"{"op":"=","args":[{"op":"-","args":[{"op":"-","args":[7,2]},1]},
                {"op":"div","args":[{"property":"fatalities"},{"op":"^","args":[2,2]}]}]}"#,
    ),
    (
        "fatalities = injured AND event_date < event_date_end AND 'a' <= title AND actor1 <> actor2",
        r#"{"op":"and","args":[{"op":"=","args":[{"property":"fatalities"},{"property":"injured"}]},
                {"op":"<","args":[{"property":"event_date"},{"property":"event_date_end"}]},
                {"op":"<=","args":["a",{"property":"title"}]},
                {"op":"<>","args":[{"property":"actor1"},{"property":"actor2"}]}]}"#,
    ),
    (
        "CASEI(ACCENTI(title)) LIKE ACCENTI(CASEI('%BĀB%')) AND 3 IN (fatalities, injured, 3)",
        r#"{"op":"and","args":[{"op":"like","args":[
                {"op":"casei","args":[{"op":"accenti","args":[{"property":"title"}]}]},
                {"op":"accenti","args":[{"op":"casei","args":["%BĀB%"]}]}]},
                {"op":"in","args":[3,[{"property":"fatalities"},{"property":"injured"},3]]}]}"#,
    ),
    (
        "S_WITHIN(geometry, BBOX(36, 35, 38, 37)) AND NOT S_TOUCHES(POINT(36 35), geometry)",
        r#"{"op":"and","args":[{"op":"s_within","args":[{"property":"geometry"},{"bbox":[36,35,38,37]}]},
                {"op":"not","args":[{"op":"s_touches","args":[{"type":"Point","coordinates":[36,35]},
                {"property":"geometry"}]}]}]}"#,
    ),
    (
        "(fatalities + 1 IS NULL) AND (fatalities > 1) IS NOT NULL AND 'x' IS NOT NULL",
        r#"{"op":"and","args":[{"op":"isNull","args":[{"op":"+","args":[{"property":"fatalities"},1]}]},
                {"op":"not","args":[{"op":"isNull","args":[{"op":">","args":[{"property":"fatalities"},1]}]}]},
                {"op":"not","args":[{"op":"isNull","args":["x"]}]}]}"#,
    ),
    ("TRUE AND (FALSE)", r#"{"op":"and","args":[true,false]}"#),
];

#[test]
fn text_and_json_say_the_same() {
    for &(in_text, in_json) in SAME {
        let read = text(in_text);
        assert!(read.is_ok(), "{in_text}: {read:?}");
        assert_eq!(read, json(in_json), "{in_text}");
    }
}

/// Filters with some words of what is wrong with them.
const REFUSED: &[(&str, &str)] = &[
    ("", "it ends where a property, a value or a function should follow"),
    ("colour = 'red'", "`colour` is not a property: there are geometry, event_type"),
    ("fatalities = 'two'", "`fatalities` is a number: 'two' is none"),
    ("fatalities IN (1, 'two')", "`fatalities` is a number: 'two' is none"),
    ("fatalities LIKE '1%'", "`fatalities` is a number: a text is needed"),
    ("title = 3", "`title` is a text: 3 is none"),
    ("title BETWEEN 1 AND 2", "`title` is a text: 1 is none"),
    ("event_date = 'May'", "`event_date`: `May` is not a day: write YYYY-MM-DD"),
    ("event_date > 2022", "`event_date` is a day: 2022 is none"),
    ("event_date = DATE('2022-02-30')", "`2022-02-30` is not a day"),
    ("actor_ids = 'SDF'", "`actor_ids` is a list: ask with a_contains"),
    ("A_CONTAINS(title, ('x'))", "`title` is a text: it is compared with"),
    ("A_CONTAINS(actor_ids, 'SDF')", "`actor_ids` is a list: 'SDF' is none"),
    ("CASEI(fatalities) = 3", "`fatalities` is a number: a text is needed"),
    ("T_AFTER(title, DATE('2022-01-01'))", "`title` is a text: a day is needed"),
    ("T_LATER(event_date, DATE('2022-01-01'))", "`t_later` of 2 such values is not known"),
    ("geometry = 'x'", "`geometry` is where a feature is: ask with s_intersects"),
    ("S_INTERSECTS(title, POINT(1 2))", "`title` is not a geometry: there is `geometry`"),
    ("S_INTERSECTS(geometry, 'x')", "takes `geometry` and a geometry, not 'x'"),
    ("S_INTERSECTS(geometry, POINT(200 2))", "200, 2 is not on the globe"),
    ("S_INTERSECTS(geometry, POINT(1))", "the geometry cannot be read"),
    ("S_INTERSECTS(geometry, POINT EMPTY)", "expected `(` after 29 characters, found `EMPTY)`"),
    ("S_INTERSECTS(geometry, BBOX(1,2,3))", "bbox: 3 numbers given"),
    ("S_INTERSECTS(geometry, BBOX('a'))", "bbox takes numbers"),
    ("fatalities = title", "`title` is a text: a number is needed"),
    ("title = fatalities", "`fatalities` is a number: a text is needed"),
    ("event_date = title", "`title` is a text: a day is needed"),
    ("fatalities + title > 1", "`title` is a text: a number is needed"),
    ("fatalities + 'a' > 1", "`fatalities` + 'a' is a number: 'a' is none"),
    ("fatalities + > 1", "expected a property, a value or a function after 13 characters"),
    ("title LIKE source", "like takes a text with wildcards: `source` is none"),
    ("1 = 'x'", "1 is a number: 'x' is none"),
    ("TRUE = 1", "true and 1 cannot be compared"),
    ("title = TRUE", "`title` is a text: true is none"),
    ("fatalities IN ()", "in needs at least one value"),
    (
        "S_TOUCHES(geometry, POLYGON((36 33, 37 34, 37 33, 36 34, 36 33)))",
        "s_touches needs a valid geometry",
    ),
    ("fatalities", "`fatalities` is not a condition"),
    ("fatalities = 1 fatalities = 2", "expected AND, OR or the end after 15 characters"),
    ("(fatalities = 1", "it ends where `)` should follow"),
    ("title = 'open", "a text in quotes after 8 characters, found `'open`, which ends nowhere"),
    ("fatalities = 1e999", "expected a number after 13 characters"),
    ("fatalities IS 3", "expected NULL after 14 characters"),
    ("title NOT 'x'", "expected LIKE, BETWEEN or IN"),
    ("قصف = 1", "`قصف` is not a property"),
];

#[test]
fn what_is_wrong_is_named_with_what_is_allowed() {
    for &(filter, told) in REFUSED {
        let error = text(filter).unwrap_err();
        assert!(error.contains(told), "{filter}: {error}");
    }
    for (filter, told) in [
        ("{", "it is not JSON"),
        ("null", "ask with isNull"),
        ("{}", "`{}` is not known: write op and args"),
        (r#"{"op":"+","args":[1,2]}"#, "`+` of 2 such values is not known"),
        (r#"{"op":"=","args":[{"op":"+","args":[1,2,3]},6]}"#, "+(…) is none"),
        (r#"{"op":"=","args":[{"property":"fatalities"},true]}"#, "`fatalities` is a number: true"),
        (r#"{"op":"and","args":[]}"#, "`and` of 0 such values"),
        (
            r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[]}]}"#,
            "cannot be read",
        ),
        (
            r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"MultiPoint","coordinates":[]}]}"#,
            "has no points",
        ),
    ] {
        let error = json(filter).unwrap_err();
        assert!(error.contains(told), "{filter}: {error}");
    }
}

#[test]
fn what_is_too_deep_or_too_long_is_refused_and_not_read() {
    let deep = 4_000;
    let brackets = format!("{}TRUE{}", "(".repeat(deep), ")".repeat(deep));
    let nots = format!("{}TRUE", "NOT ".repeat(deep));
    let functions = format!("{}title{} = 'x'", "casei(".repeat(1_300), ")".repeat(1_300));
    let rings = format!("S_INTERSECTS(geometry, POLYGON{}", "(".repeat(deep));
    let collections = format!("S_INTERSECTS(geometry, {}", "GEOMETRYCOLLECTION(".repeat(800));
    for filter in [&brackets, &nots, &functions, &rings, &collections] {
        assert!(
            text(filter).unwrap_err().contains("more than 64 deep"),
            "{}",
            text(filter).unwrap_err()
        );
    }
    let arrays = "[".repeat(10_000);
    assert!(json(&arrays).unwrap_err().contains("recursion limit"), "{:?}", json(&arrays));
    let calls = format!("{}true{}", r#"{"op":"not","args":["#.repeat(50), "]}".repeat(50));
    assert!(json(&calls).is_ok());
    let long = "x".repeat(1_000_000);
    for told in [text(&long), json(&long)] {
        assert_eq!(told.unwrap_err(), "1000000 characters given: write at most 16384");
    }
    let many = text(&format!("title = 'x'{}", " OR title = 'x'".repeat(1_000)));
    assert!(many.unwrap_err().starts_with("it takes 1001 steps a feature, and 128 are allowed"));
    let slow =
        |count: usize, one: &str| text(&format!("FALSE{}", format!(" OR {one}").repeat(count)));
    for (one, most) in [
        ("title = 'x'", 127),
        ("title LIKE 'x%'", 31),
        ("title ILIKE 'x%'", 15),
        ("ACCENTI(CASEI(title)) = ACCENTI(CASEI('x'))", 14),
    ] {
        assert!(slow(most, one).is_ok(), "{one}: {:?}", slow(most, one));
        assert!(slow(most + 1, one).unwrap_err().contains("128 are allowed"), "{one}");
    }
    // As many corners as a filter has characters for are allowed once, and not in a pattern's company.
    let line = format!("S_WITHIN(geometry, LINESTRING(1 1{}))", ",2 2,1 1".repeat(2_000));
    assert!(text(&line).is_ok(), "{:?}", text(&line));
    let with_pattern = format!("title LIKE 'x' OR {line}");
    assert!(text(&with_pattern).unwrap_err().contains("128 are allowed"));
    assert!(text(&format!("title IN ('x'{})", ", 'x'".repeat(3_000))).is_ok());
    assert!(text(&format!("TRUE{}", " AND NOT TRUE".repeat(127))).is_ok());
    let sum = format!("fatalities{} = 3", " + 1".repeat(4_000));
    assert!(text(&sum).unwrap_err().contains("more than 128 numbers"), "{:?}", text(&sum));
}

proptest! {
    #[test]
    fn any_geometry_lies_somehow_or_is_refused(
        rings in prop::collection::vec(prop::collection::vec((0_u8..5, 0_u8..5), 1..6), 1..3),
        kind in prop::sample::select(vec!["LineString", "Polygon", "MultiPoint", "MultiLineString"]),
        (op, _) in prop::sample::select(Topology::ALL.to_vec()),
    ) {
        // Half a degree apart around the middle of the country, in no order at all.
        let at = |&(x, y): &(u8, u8)| [36.0 + f64::from(x) / 2.0, 34.0 + f64::from(y) / 2.0];
        let mut rings: Vec<Vec<[f64; 2]>> =
            rings.iter().map(|ring| ring.iter().map(at).collect()).collect();
        for ring in &mut rings {
            ring.extend(ring.first().copied());
        }
        let coordinates = match kind {
            "LineString" | "MultiPoint" => serde_json::json!(rings[0]),
            _ => serde_json::json!(rings),
        };
        let geometry = serde_json::json!({ "type": kind, "coordinates": coordinates });
        let filter = serde_json::json!({ "op": op, "args": [{ "property": "geometry" }, geometry] });
        let read = parse(Language::Json, Crs::Crs84, &filter.to_string(), Collection::Governorates);
        if let Ok(filter) = read {
            let query = EventQuery { filter: Some(filter), ..EventQuery::default() };
            prop_assert!(GOVERNORATES.index.page(&query).matched <= 14);
        }
    }

    #[test]
    fn any_filter_is_read_or_refused(
        parts in prop::collection::vec(prop::sample::select(vec![
            "title", "fatalities", "event_date", "geometry", "'a'", "'2022-01-01'", "3", "-", ".", "=", "<", ">=",
            "(", ")", ",", "AND", "OR", "NOT", "LIKE", "IN", "BETWEEN", "IS", "NULL", "DATE(", "INTERVAL(", "T_AFTER(",
            "+", "*", "^", "div", "S_TOUCHES(", "ACCENTI(", "S_INTERSECTS(", "POINT(", "POLYGON((", "BBOX(", "1 2", "CASEI(", "TRUE", "\"", "'", "قصف", "🙂",
        ]), 0..14),
        noise in "\\PC{0,12}",
    ) {
        let _ = text(&parts.join(" "));
        let _ = text(&format!("{}{noise}", parts.concat()));
        let _ = json(&noise);
    }
}
