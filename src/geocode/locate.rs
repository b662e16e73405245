//! Events out of reports: the one place where events are made.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::model::actor::Who;
use crate::model::article::Article;
use crate::model::event::{Event, EventId, Review, Source, Trust, What};
use crate::model::hex::hex;
use crate::model::place::{GeoPrecision, Location, Place, PlaceKind};
use crate::model::point::LonLat;
use crate::model::report::{Extraction, Mention, Relation, Report, Shift};
use crate::model::text::{Span, key};

use super::candidate::Candidate;
use super::company::Company;
use super::evidence::{is_district_of, km};
use super::gazetteer::Gazetteer;
use super::resolve::{Resolution, resolve};
use super::summary::{Breadth, Told, fold};

/// From that score on a resolution does not lower the confidence.
const SURE: f64 = 0.6;

/// A region reaches about so far around its point.
const REGION_KM: f64 = 30.0;

/// What is left of the confidence in a claim whose place is not known.
const UNLOCATED: f64 = 0.7;

/// Puts the reports of an article on the map: one event for each place of a report, or
/// one without a point if none of its places can be told.
///
/// `extractor` is the name and version that the events carry.
pub fn locate(
    article: &Article,
    extraction: &Extraction,
    gazetteer: &Gazetteer,
    extractor: &str,
) -> Vec<Event> {
    let company = Company::of(&extraction.company, gazetteer);
    let mut ordinals = HashMap::new();
    let mut events = Vec::new();
    for report in &extraction.reports {
        let mut sites = sites(report, article, &company, gazetteer);
        if sites.is_empty() {
            sites.push(Site::unknown(report, article));
        }
        for site in sites {
            let id = event_id(article, report, &site.location, &mut ordinals);
            let breadth = site.breadth;
            events.push(Told { event: event(id, article, report, site, extractor), breadth });
        }
    }
    fold(events)
}

/// Where an event of a report is.
struct Site {
    point: Option<LonLat>,
    location: Location,
    breadth: Breadth,
    /// What the confidence is to be multiplied with.
    trust: f64,
}

impl Site {
    /// A claim without a place keeps the words of the text.
    fn unknown(report: &Report, article: &Article) -> Self {
        let words: Vec<&str> = report.places.iter().map(|m| m.span.of(&article.text)).collect();
        let place_text = (!words.is_empty()).then(|| words.join("; "));
        let location = Location { place_text, ..Location::default() };
        Self { point: None, location, breadth: Breadth::Place, trust: UNLOCATED }
    }
}

/// The resolved places of a report, each once, without those that only contain another.
fn sites<'g>(
    report: &Report,
    article: &Article,
    company: &Company,
    gazetteer: &'g Gazetteer,
) -> Vec<Site> {
    let names: Vec<&str> = report.places.iter().flat_map(names).collect();
    let company = if report.places.len() > 1 { &company.within(&names) } else { company };
    let mut found: Vec<Found<'_, 'g>> = Vec::new();
    for mention in &report.places {
        let Resolution::Resolved { best, precision, .. } = resolve(mention, company, gazetteer)
        else {
            continue;
        };
        match found.iter_mut().find(|(known, ..)| known.place.id == best.place.id) {
            // The words that put it closest to the place win.
            Some(known) if precision < known.1 => *known = (best, precision, mention),
            Some(_) => {}
            None => found.push((best, precision, mention)),
        }
    }
    let places: Vec<&Place> = found.iter().map(|(best, ..)| best.place).collect();
    found.retain(|(best, ..)| !places.iter().any(|inner| contains(best.place, inner)));
    let breadths = breadths(&found, article, gazetteer);
    let kept =
        found.into_iter().zip(breadths).filter_map(|(found, breadth)| Some((found, breadth?)));
    let sites = kept.map(|((best, precision, mention), breadth)| Site {
        point: Some(best.point),
        location: location(best.place, precision, mention.span.of(&article.text)),
        breadth,
        trust: 0.5 + 0.5 * (best.score / SURE).min(1.0),
    });
    sites.collect()
}

/// The names that a mention is made of.
fn names(mention: &Mention) -> impl Iterator<Item = &str> {
    let others = mention.within.iter().chain(&mention.beside);
    [&mention.name].into_iter().chain(others).map(String::as_str)
}

/// A place of a report with what is said of it.
type Found<'a, 'g> = (Candidate<'g>, GeoPrecision, &'a Mention);

/// How much of the map each place of a report covers. `في درعا … في بلدة اليادودة`: the capital stands
/// for the governorate of the town that the clause names as well, and is left out (`None`); in a list
/// with the town it is itself meant.
fn breadths(
    found: &[Found<'_, '_>],
    article: &Article,
    gazetteer: &Gazetteer,
) -> Vec<Option<Breadth>> {
    let own: Vec<Breadth> = found
        .iter()
        .map(|(best, precision, mention)| breadth(best.place, *precision, mention, gazetteer))
        .collect();
    let weigh = |((best, _, mention), own_breadth): (&Found<'_, '_>, &Breadth)| {
        let towns = found.iter().zip(&own).filter(|((town, ..), breadth)| {
            **breadth == Breadth::Place && town.place.admin1_pcode == best.place.admin1_pcode
        });
        let towns: Vec<&Mention> = towns.map(|((.., town), _)| *town).collect();
        if *own_breadth == Breadth::Place || towns.is_empty() {
            return Some(*own_breadth);
        }
        let is_listed = towns.iter().any(|town| is_listed_with(mention, town, &article.text));
        (is_listed && *own_breadth == Breadth::Capital).then_some(Breadth::Place)
    };
    found.iter().zip(&own).map(weigh).collect()
}

/// Whether a comma or a conjunction stands between two names, and nothing else. Headlines put a town right behind what
/// it lies in (`إدلب معرة النعمان`).
fn is_listed_with(a: &Mention, b: &Mention, text: &str) -> bool {
    let (first, second) = if a.span.start <= b.span.start { (a, b) } else { (b, a) };
    let between = Span { start: first.span.end.min(second.span.start), end: second.span.start };
    let marks = between.of(text).trim();
    let is_joined = second.span.of(text).starts_with('و') && !second.name.starts_with('و');
    marks.chars().all(|c| c.is_whitespace() || matches!(c, '،' | ',' | 'و'))
        && (is_joined || !marks.is_empty())
}

/// How much of the map the words for a place cover.
fn breadth(
    place: &Place,
    precision: GeoPrecision,
    mention: &Mention,
    gazetteer: &Gazetteer,
) -> Breadth {
    let is_aside = matches!(mention.shift, Shift::Beyond { km: None, .. });
    let may_be_area = mention.relation != Relation::Near || is_aside;
    match () {
        () if precision == GeoPrecision::Region => Breadth::Region,
        () if place.kind != PlaceKind::City || mention.kind.is_some() || !may_be_area => {
            Breadth::Place
        }
        () if gazetteer.names_governorate(&mention.name) => Breadth::Capital,
        () => Breadth::Place,
    }
}

/// Whether one place is the administrative area of another.
fn contains(area: &Place, inner: &Place) -> bool {
    if area.id == inner.id || area.admin1_pcode != inner.admin1_pcode {
        return false;
    }
    match area.kind {
        PlaceKind::Governorate => inner.kind != PlaceKind::Governorate,
        // A basin or a plain around the village that the text names too.
        PlaceKind::Region | PlaceKind::Mountain => {
            !inner.kind.is_area() && km(area.point, inner.point) < REGION_KM
        }
        _ => is_district_of(area, inner),
    }
}

fn location(place: &Place, precision: GeoPrecision, words: &str) -> Location {
    let known = |text: &String| (!text.is_empty()).then(|| text.clone());
    Location {
        location: known(&place.name_en).or_else(|| known(&place.name_ar)),
        location_ar: known(&place.name_ar),
        admin1: known(&place.admin1),
        admin2: place.admin2.clone(),
        admin3: place.admin3.clone(),
        admin1_pcode: known(&place.admin1_pcode),
        place_id: Some(place.id.clone()),
        geo_precision: Some(precision),
        place_text: Some(words.to_owned()),
    }
}

/// What makes an event itself: the same article read again by the same rules gives the same id.
fn event_id(
    article: &Article,
    report: &Report,
    location: &Location,
    ordinals: &mut HashMap<String, u32>,
) -> EventId {
    let place = match &location.place_id {
        Some(id) => format!("@{id}"),
        None => key(location.place_text.as_deref().unwrap_or_default()),
    };
    let what = format!("{}\n{place}\n{}", report.sub_event_type, report.evidence.evidence_start);
    let ordinal = ordinals.entry(what.clone()).or_default();
    let digest = Sha256::digest(format!("{what}\n{ordinal}"));
    *ordinal += 1;
    EventId(format!("{}-{}", article.id, hex(digest.iter().take(5))))
}

fn event(id: EventId, article: &Article, report: &Report, site: Site, extractor: &str) -> Event {
    Event {
        id,
        point: site.point,
        what: What {
            sub_event_type: report.sub_event_type,
            civilian_targeting: report.civilian_targeting,
        },
        when: report.when.clone(),
        who: Who::from(&report.parties),
        location: site.location,
        toll: report.toll.clone(),
        trust: Trust {
            certainty: report.certainty,
            confidence: rounded(report.confidence * site.trust),
            review: Review::Machine,
        },
        evidence: report.evidence.clone(),
        source: Source {
            article_id: article.id.clone(),
            source: article.publisher.clone(),
            source_url: article.url.clone(),
            title: article.title.clone(),
            published: article.published,
            n_sources: 1,
            extractor: extractor.to_owned(),
        },
    }
}

/// Three digits are more than a rule of thumb deserves, and print the same everywhere.
fn rounded(confidence: f64) -> f64 {
    (confidence.clamp(0.0, 1.0) * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use crate::model::actor::Parties;
    use crate::model::article::{ArticleId, Lang};
    use crate::model::report::{Certainty, Evidence};
    use crate::model::taxonomy::SubEventType;
    use crate::model::text::Span;
    use crate::model::toll::Toll;
    use crate::model::when::When;

    use super::*;
    use crate::geocode::fixture::gazetteer;

    fn article(text: &str) -> Article {
        Article {
            id: ArticleId("a1".to_owned()),
            text: text.to_owned(),
            title: None,
            author: None,
            trust: None,
            publisher: Some("Herald".to_owned()),
            url: None,
            published: None,
            lang: Lang::of(text),
        }
    }

    /// A report that names each word of the text that is given as a place.
    fn report(text: &str, names: &[&str]) -> Report {
        Report {
            sub_event_type: SubEventType::ALL[0],
            civilian_targeting: false,
            parties: Parties::default(),
            when: When::default(),
            places: names.iter().map(|name| found(text, name)).collect(),
            toll: Toll { fatalities: Some(3), ..Toll::default() },
            certainty: Certainty::Asserted,
            confidence: 0.8,
            evidence: Evidence {
                evidence: text.to_owned(),
                evidence_start: 0,
                evidence_end: text.chars().count(),
                attribution: None,
            },
        }
    }

    fn found(text: &str, name: &str) -> Mention {
        let (before, _) = text.split_once(name).unwrap();
        let start = before.chars().count();
        let span = Span { start, end: start + name.chars().count() };
        let (relation, within, beside) = (Relation::At, Vec::new(), Vec::new());
        Mention {
            span,
            name: key(name),
            kind: None,
            relation,
            within,
            side: None,
            beside,
            shift: Shift::None,
            is_doubtful: false,
        }
    }

    fn locate_all(text: &str, reports: Vec<Report>) -> Vec<Event> {
        let company = reports.iter().flat_map(|r| r.places.iter().map(|m| m.name.clone()));
        let extraction =
            Extraction { company: company.collect(), reports, ..Extraction::default() };
        locate(&article(text), &extraction, gazetteer(), "rasid 0.0.0")
    }

    fn located(text: &str, names: &[&str]) -> Vec<Option<String>> {
        let events = locate_all(text, vec![report(text, names)]);
        events.into_iter().map(|e| e.location.place_id.map(|id| id.0)).collect()
    }

    #[test]
    fn one_event_arises_for_each_place_of_a_report() {
        for (text, names, ids) in [
            ("قصف على كوباني ودوما", vec!["كوباني", "دوما"], vec!["kobani", "duma"]),
            ("كوباني (عين العرب)", vec!["كوباني", "عين العرب"], vec!["kobani"]),
            ("الثورة ومجهولة", vec!["الثورة", "مجهولة"], vec!["tabqa"]),
            ("ريف دمشق: دوما", vec!["ريف دمشق", "دوما"], vec!["duma"]),
            ("ريف دمشق: كوباني", vec!["ريف دمشق", "كوباني"], vec!["gov-rural-damascus", "kobani"]),
        ] {
            let ids: Vec<Option<String>> = ids.into_iter().map(|id| Some(id.to_owned())).collect();
            assert_eq!(located(text, &names), ids, "{text}");
        }
    }

    #[test]
    fn a_report_without_a_place_is_kept_unlocated() {
        for (text, names, words) in [
            ("قصف عنيف", vec![], None),
            ("قصف على مجهولة", vec!["مجهولة"], Some("مجهولة")),
            ("قصف على صفيان والجديدة", vec!["صفيان", "الجديدة"], Some("صفيان; الجديدة")),
        ] {
            let events = locate_all(text, vec![report(text, &names)]);
            let place_text = words.map(str::to_owned);
            assert_eq!(events.len(), 1, "{text}");
            assert_eq!(events[0].point, None);
            assert_eq!(events[0].location, Location { place_text, ..Location::default() });
            assert!(events[0].trust.confidence < 0.8);
        }
    }

    #[test]
    fn an_event_carries_its_report_and_its_article() {
        let text = "قصف على كوباني";
        let event = locate_all(text, vec![report(text, &["كوباني"])]).remove(0);
        assert_eq!(event.location.location.as_deref(), Some("Ain al-Arab"));
        assert_eq!(event.location.place_text.as_deref(), Some("كوباني"));
        assert_eq!(event.location.admin1.as_deref(), Some("Aleppo"));
        assert_eq!(event.location.geo_precision, Some(GeoPrecision::Place));
        assert_eq!(event.toll.fatalities, Some(3));
        assert_eq!((event.source.n_sources, event.trust.review), (1, Review::Machine));
        assert_eq!(event.source.source.as_deref(), Some("Herald"));
    }

    #[test]
    fn a_region_that_sums_up_its_towns_is_no_event_beside_them() {
        let text = "قصف على ريف حلب: قصف على كوباني ودوما";
        let wide = |toll: Toll| {
            let mut wide = report(text, &["حلب"]);
            wide.places[0].relation = Relation::Countryside;
            Report { toll, ..wide }
        };
        let counted = Toll { fatalities: Some(5), ..Toll::default() };
        let uncounted = || Report { toll: Toll::default(), ..report(text, &["كوباني"]) };
        let elsewhere = report(text, &["دوما"]);
        for (reports, told) in [
            (vec![wide(Toll::default()), report(text, &["كوباني"])], vec![("kobani", Some(3))]),
            (vec![wide(counted.clone()), uncounted()], vec![("kobani", Some(5))]),
            (vec![wide(counted.clone()), report(text, &["كوباني"])], vec![("kobani", Some(3))]),
            (vec![wide(Toll::default()), elsewhere], vec![("gov-aleppo", None), ("duma", Some(3))]),
        ] {
            let events = locate_all(text, reports);
            let found: Vec<(String, Option<u32>)> = events
                .into_iter()
                .map(|e| (e.location.place_id.unwrap().0, e.toll.fatalities))
                .collect();
            let told: Vec<(String, Option<u32>)> =
                told.into_iter().map(|(id, killed)| (id.to_owned(), killed)).collect();
            assert_eq!(found, told);
        }
    }

    #[test]
    fn a_capital_that_may_be_its_governorate_gives_way_to_a_town_unless_it_is_listed_with_it() {
        for (text, names, ids) in [
            ("في حلب قصف على كوباني", vec!["حلب", "كوباني"], vec!["kobani"]),
            ("قصف على حلب وكوباني", vec!["حلب", "كوباني"], vec!["aleppo", "kobani"]),
            ("في حلب قصف على دوما", vec!["حلب", "دوما"], vec!["aleppo", "duma"]),
        ] {
            let ids: Vec<Option<String>> = ids.into_iter().map(|id| Some(id.to_owned())).collect();
            assert_eq!(located(text, &names), ids, "{text}");
        }
    }

    #[test]
    fn a_place_is_told_once_and_keeps_its_other_count() {
        let text = "قصف على كوباني وهجوم على كوباني";
        let counted = |killed| Report {
            toll: Toll { fatalities: killed, ..Toll::default() },
            ..report(text, &["كوباني"])
        };
        for (again, told) in [(None, vec![3]), (Some(3), vec![3]), (Some(4), vec![3, 4])] {
            let events = locate_all(text, vec![counted(Some(3)), counted(again)]);
            let killed: Vec<u32> = events.iter().filter_map(|e| e.toll.fatalities).collect();
            assert_eq!(killed, told);
        }
    }

    #[test]
    fn the_words_that_put_an_event_closest_to_a_place_win() {
        let text = "قرب كوباني وفي عين العرب";
        let mut report = report(text, &["كوباني", "عين العرب"]);
        report.places[0].relation = Relation::Near;
        let events = locate_all(text, vec![report]);
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].location.geo_precision, Some(GeoPrecision::Place));
        assert_eq!(events[0].location.place_text.as_deref(), Some("عين العرب"));
    }

    #[test]
    fn ids_are_stable_and_none_is_given_twice() {
        let text = "قصف على كوباني ودوما ومجهولة";
        let reports = || {
            let cases: [(&[&str], u32); 4] =
                [(&["كوباني", "دوما"], 3), (&["كوباني"], 4), (&["مجهولة"], 3), (&[], 3)];
            let counted = |(names, killed): (&[&str], u32)| {
                let toll = Toll { fatalities: Some(killed), ..Toll::default() };
                Report { toll, ..report(text, names) }
            };
            cases.map(counted).to_vec()
        };
        let ids = |events: Vec<Event>| events.into_iter().map(|e| e.id.0).collect::<Vec<_>>();
        let first = ids(locate_all(text, reports()));
        assert_eq!(first, ids(locate_all(text, reports())));
        assert_eq!(first.iter().collect::<std::collections::HashSet<_>>().len(), 5);
        assert!(first.iter().all(|id| id.len() == "a1-".len() + 10 && id.starts_with("a1-")));
    }
}
