//! What a person says of events, with the built program, beside a server that shows them.

use std::process::Command;

use serde_json::{Value, json};

use crate::app::{Ran, Rasid, TOKEN, quick, run, until};

/// Hands in an article of an outlet and gives its event.
fn told(server: &Rasid, outlet: &str, text: &str) -> String {
    let article = json!({ "id": outlet, "publisher": outlet, "author": "Layla", "published": "2024-02-02", "text": text });
    let (status, told) = server.post("/articles", TOKEN, &article.to_string());
    assert_eq!(status, 200, "{told}");
    let told: Value = serde_json::from_str(&told).unwrap();
    told["articles"][0]["events"][0].as_str().expect("it has an event").to_owned()
}

fn review(server: &Rasid, args: &[&str]) -> Ran {
    let mut command: Command = quick();
    run(command.arg("review").args(args).args(["--by", "Layla", "--store"]).arg(server.store()))
}

#[test]
fn the_last_word_on_an_event_is_a_persons_and_can_be_taken_back() {
    let server = Rasid::taking();
    let shelled = "Shelling hit the town of Sarmin in Idlib on 2 February 2024, killing 2 people.";
    let retold = "Two people were killed in Sarmin, in the countryside of Idlib, when shelling hit the town on 2 February 2024, residents told reporters there.";
    let event = told(&server, "first", shelled);
    let at = format!("/collections/events/items/{event}");
    let is = |what: &str, wanted: &dyn Fn(&Value) -> bool| {
        until(what, || {
            let answer = server.get(&at);
            let told = if answer.status == 200 { answer.json() } else { Value::Null };
            wanted(&told["properties"]).then_some(())
        });
    };

    review(&server, &[&event, "--set", "fatalities=3", "--place", "Binnish", "--note", "a video"])
        .done();
    is("the correction", &|told| {
        told["fatalities"] == 3 && told["location"] == "Binnish" && told["review"] == "corrected"
    });
    // Read again by other words, or told by others, it stays so.
    run(quick().args(["reextract", "--store"]).arg(server.store())).done();
    assert_eq!(told(&server, "second", retold), event);
    is("a second source", &|told| {
        told["n_sources"] == 2 && told["fatalities"] == 3 && told["location"] == "Binnish"
    });

    review(&server, &[&event, "--reject"]).done();
    is("it to leave the map", &Value::is_null);
    run(quick().args(["reextract", "--store"]).arg(server.store())).done();
    assert_eq!(server.get(&at).status, 404);
    let exported = run(quick()
        .args(["export", "-o", "-", "--format", "geojsonl", "--store"])
        .arg(server.store()));
    assert_eq!(exported.done().out, "");
    for _ in 0..2 {
        review(&server, &[&event, "--undo"]).done();
    }
    is("what the articles tell", &|told| told["fatalities"] == 2 && told["review"] == "machine");
    review(&server, &[&event, "--confirm"]).done();
    is("the confirmation", &|told| told["review"] == "confirmed");

    let said = review(&server, &[]).done().out;
    let words: Vec<&str> = said.lines().filter_map(|line| line.split('\t').nth(4)).collect();
    let expected = ["corrected (undone)", "rejected (undone)", "undone", "undone", "confirmed"];
    assert_eq!(words, expected, "{said}");
    assert!(said.lines().all(|line| line.split('\t').nth(2) == Some("Layla")), "{said}");
    assert!(said.lines().next().unwrap().ends_with("\ta video"), "{said}");
    server.stop();
}

#[test]
fn events_are_joined_and_split_by_a_person_and_stay_so() {
    let server = Rasid::taking();
    let one = told(
        &server,
        "first",
        "Shelling hit the town of Sarmin in Idlib on 2 February 2024, killing 2 people.",
    );
    let other = told(
        &server,
        "second",
        "An air strike hit the town of Saraqib in Idlib on 1 February 2024, injuring 9 people.",
    );
    assert_ne!(one, other);
    let count = |wanted: usize| {
        until("that many events", || (server.ids("").len() == wanted).then_some(()));
    };
    review(&server, &[&one, "--join", &other]).done();
    count(1);
    run(quick().args(["reextract", "--store"]).arg(server.store())).done();
    let left = server.ids("").remove(0);
    let reports = server.get(&format!("/collections/events/items/{left}/sources")).json();
    let reports = reports["features"].as_array().unwrap();
    assert_eq!(reports.len(), 2);
    assert!(reports.iter().all(|report| report["author"] == "Layla"), "{reports:#?}");
    let report = if left == one { &other } else { &one };
    review(&server, &[&left, "--split", report]).done();
    count(2);
    review(&server, &["nothing", "--confirm"])
        .refused(1, &["nothing was said of `nothing`", "there is no event `nothing`"]);
    review(&server, &[&one, "--set", "source=me"])
        .refused(1, &["`source` cannot be corrected: allowed are sub_event_type"]);
    review(&server, &[&one, "--set", "certainty=maybe"])
        .refused(1, &["`certainty` cannot be `maybe`: allowed are asserted"]);
    review(&server, &["--confirm"]).refused(2, &["EVENT"]);
    review(&server, &[&one, "--confirm", "--reject"]).refused(2, &["cannot be used with"]);
    server.stop();
}

#[test]
fn events_that_may_be_one_are_told_and_no_more_once_a_person_has_said() {
    let server = Rasid::taking();
    let one = told(
        &server,
        "first",
        "Regime forces shelled the town of Sarmin in Idlib on 2 February 2024, killing 2 people.",
    );
    let other = told(
        &server,
        "second",
        "Nine people were killed on 2 February 2024 when artillery of the regime hit a market in Sarmin in Idlib.",
    );
    assert_ne!(one, other, "their counts contradict each other");
    let possible = |id: &str| {
        let told = server.get(&format!("/collections/events/items/{id}/sources")).json();
        told["possible_duplicates"].as_array().unwrap().clone()
    };
    let found = possible(&one);
    assert_eq!((found.len(), &found[0]["id"]), (1, &json!(other)), "{found:#?}");
    let score = found[0]["score"].as_f64().unwrap();
    assert!(score >= 0.6 && found[0]["parts"]["counts"] == 0.0, "{found:#?}");
    assert_eq!(found[0]["feature"]["properties"]["location"], "Sarmin");
    assert_eq!(possible(&other)[0]["id"], json!(one));
    let listed = review(&server, &["--possible-duplicates"]);
    let listed = listed.done().out;
    assert!(
        listed.lines().count() == 1 && listed.contains(&one) && listed.contains(&other),
        "{listed}"
    );

    review(&server, &[&one, "--join", &other]).done();
    until("one event", || (server.ids("").len() == 1).then_some(()));
    let left = server.ids("").remove(0);
    assert!(possible(&left).is_empty());
    review(&server, &[&left, "--split", if left == one { &other } else { &one }]).done();
    until("two events", || (server.ids("").len() == 2).then_some(()));
    assert!(possible(&one).is_empty(), "a person has told them apart");
    server.stop();
}
