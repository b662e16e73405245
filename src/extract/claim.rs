//! One claim a clause: its type, sides, places, date and counts put together.

use std::ops::Range;

use super::Page;
use super::actor::{self, Named};
use super::again::Again;
use super::certainty::{self, Found, Standing};
use super::date::{self, Dated};
use super::fate::is_relative;
use super::hit::{Hit, PlaceWord, Sense};
use super::kind::{self, Apart, Coded, Sides};
use super::lexicon::{Effect, Nature, Role};
use super::party::{self, Seen};
use super::scene::{Scope, chosen, is_abroad, names_part_of_country, of_ground, of_part};
use super::sentence::Sentence;
use super::shadow::{Shadow, shadows};
use super::sides;
use super::speech::{self, Speaker};
use super::toll::{self, Tally};
use super::toponym::{self, PlacePart, Placed};
use super::zone::ZoneKind;
use crate::model::actor::Inter;
use crate::model::report::{Certainty, Evidence, Mention, Report};
use crate::model::taxonomy::{EventType, SubEventType};
use crate::model::text::TokenKind;
use crate::model::toll::{Count, Toll};
use crate::model::when::{TimePrecision, When};

/// A report with what decides whether it is told again elsewhere in the article.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) report: Report,
    pub(super) setting: Setting,
    /// It tells what came before the story, on another day.
    pub(super) is_ground: bool,
    /// The trigger points back (`القصف`), or the clause names no place of its own.
    pub(super) points_back: bool,
    pub(super) scope: Scope,
    pub(super) word: Word,
    pub(super) again: Again,
}

/// Where in the article a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) zone: ZoneKind,
    pub(super) paragraph: usize,
    /// The article told of nothing before.
    pub(super) is_first: bool,
}

/// What a sentence tells.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) claims: Vec<Claim>,
    /// Where it plays, whether it tells an event or not.
    pub(super) places: Vec<Mention>,
    /// How many were killed and hurt, where it tells of no cause, place or day.
    pub(super) harm: Option<Toll>,
}

/// Reads the claims of a sentence, in order; every decision leaves a note.
pub(super) fn read(
    page: &Page<'_>,
    sentence: &Sentence,
    setting: Setting,
    last_speaker: &mut Option<Speaker>,
    notes: &mut Vec<String>,
) -> Told {
    let speaker = speech::speaker(page, &sentence.tokens, last_speaker.as_ref());
    if speaker.is_some() {
        last_speaker.clone_from(&speaker);
    }
    let dates = date::dates(page, &sentence.tokens);
    if !page.hits(&sentence.tokens).any(|hit| matches!(hit.sense, Sense::Trigger { .. })) {
        let places = in_passing(page, sentence, &dates, speaker.as_ref());
        return Told { places, ..Told::default() };
    }
    let clauses: Vec<Clause<'_>> = sentence
        .clauses
        .iter()
        .map(|tokens| {
            Clause::read(page, &sentence.tokens, tokens.clone(), &dates, speaker.as_ref(), notes)
        })
        .collect();
    let mut claims = Vec::new();
    for (at, clause) in clauses.iter().enumerate() {
        let context = Context {
            page,
            sentence,
            setting,
            dates: &dates,
            clauses: &clauses,
            at,
            speaker: speaker.as_ref(),
        };
        claims.extend(claim(&context, clause, notes));
    }
    let harm = harm_alone(page, &clauses).filter(|_| claims.is_empty() && dates.is_empty());
    Told { claims, places: clauses.iter().flat_map(|clause| there(&clause.places)).collect(), harm }
}

/// The places of a sentence that tells of nothing that happens.
fn in_passing(
    page: &Page<'_>,
    sentence: &Sentence,
    dates: &[Dated],
    speaker: Option<&Speaker>,
) -> Vec<Mention> {
    let dates = tokens_of(dates);
    let places = |clause: &Range<usize>| {
        let shadows = shadows(page, &sentence.tokens, clause, &dates);
        there(&toponym::places(page, clause, &shadows, speaker.map(|s| &s.tokens)))
    };
    sentence.clauses.iter().flat_map(places).collect()
}

/// The places where a clause plays.
fn there(places: &[Placed]) -> Vec<Mention> {
    [PlacePart::There, PlacePart::Object].map(|part| of_part(places, part)).concat()
}

fn tokens_of(dates: &[Dated]) -> Vec<Range<usize>> {
    dates.iter().map(|dated| dated.tokens.clone()).collect()
}

/// Whom a sentence counts that tells of killing and of nothing else: `وأعلنت عن استشهاد أربعة مواطنين`.
fn harm_alone(page: &Page<'_>, clauses: &[Clause<'_>]) -> Option<Toll> {
    let [clause] = clauses else { return None };
    let is_harm = |f: &Found<'_>| f.trigger.role == Role::Harm;
    let alone = !clause.triggers.is_empty()
        && clause.triggers.iter().all(is_harm)
        && clause.places.is_empty()
        && clause.standing == Standing::News
        && Apart::read(page, &clause.tokens).is_none();
    let toll = clause.tally.toll(false);
    alone.then_some(toll).filter(Toll::counts_anybody)
}

/// What was found in a clause.
struct Clause<'p> {
    tokens: Range<usize>,
    shadows: Vec<Shadow>,
    triggers: Vec<Found<'p>>,
    standing: Standing,
    named: Vec<Named>,
    parties: Vec<Seen>,
    places: Vec<Placed>,
    tally: Tally,
}

impl<'p> Clause<'p> {
    fn read(
        page: &'p Page<'_>,
        sentence: &Range<usize>,
        tokens: Range<usize>,
        dates: &[Dated],
        speaker: Option<&Speaker>,
        notes: &mut Vec<String>,
    ) -> Self {
        let date_tokens = tokens_of(dates);
        let mut shadows = shadows(page, sentence, &tokens, &date_tokens);
        let (mut triggers, standing) = certainty::standing(page, &tokens, &mut shadows, notes);
        triggers.retain(|found| {
            found.trigger.role != Role::Apart && !certainty::is_purpose(page, found, notes)
        });
        let mut named = actor::actors(page, &tokens, &shadows, speaker.map(|s| &s.tokens));
        // `دون إصابات في صفوف المدنيين` names nobody who was there.
        for cue in shadows.iter().filter(|s| s.effect == Effect::Unharmed).map(|s| &s.cue) {
            let is_there = |n: &Named| n.actor.inter != Inter::Civilians || n.at < cue.start;
            named.retain(|n| !tokens.contains(&cue.start) || is_there(n));
        }
        let parties = party::parties(page, &tokens, &named, speaker.map(|s| &s.tokens));
        let mut places = toponym::places(page, &tokens, &shadows, speaker.map(|s| &s.tokens));
        page.digest.hold(&mut places);
        let about = shadows.iter().filter(|s| s.effect == Effect::Topic);
        let about: Vec<Range<usize>> = about.map(|s| s.tokens.clone()).collect();
        let known = (&*date_tokens, &*about);
        let tally = toll::tally(page, &tokens, known, speaker.map(|s| &s.tokens));
        Self { tokens, shadows, triggers, standing, named, parties, places, tally }
    }

    /// Whether a word of what goes on reaches into it.
    fn is_habit(&self) -> bool {
        let reaches =
            |s: &Shadow| s.tokens.start < self.tokens.end && self.tokens.start < s.tokens.end;
        self.shadows.iter().any(|s| s.effect == Effect::Habit && reaches(s))
    }

    fn holds(&self, date: &Dated) -> bool {
        self.tokens.start <= date.tokens.start && date.tokens.end <= self.tokens.end
    }

    /// Whether it begins with what came before or after: `وقبل ذلك بيومين، …`.
    fn opens_with_ground(&self) -> bool {
        let opening = self.tokens.start..self.tokens.start + OPENING;
        self.shadows
            .iter()
            .any(|s| s.effect == Effect::Background && opening.contains(&s.cue.start))
    }

    /// Whether it puts its event in another country, or in other places than those that are named.
    fn is_elsewhere(&self, page: &Page<'_>) -> bool {
        let is_other = |hit: &Hit| hit.sense == Sense::Place(PlaceWord::Elsewhere);
        page.hits(&self.tokens).any(is_other) || is_abroad(page, &self.tokens, &self.places)
    }

    /// Whether a word opens it that turns to something else.
    fn opens(&self, page: &Page<'_>) -> bool {
        page.hits.at(self.tokens.start).any(|hit| hit.sense == Sense::Opener)
    }

    /// Whether it tells of something that was done, and not only points at it (`تلك الغارات التي استهدفت …`).
    fn tells(&self, page: &Page<'_>) -> bool {
        self.triggers.iter().any(|found| {
            let before = page.before(found.hit.tokens.start, 1);
            let points = if found.verb {
                is_relative(before)
            } else {
                certainty::points_back(page, found.hit)
            };
            matches!(found.trigger.role, Role::Act | Role::Assault) && !points
        })
    }

    fn is_under(&self, effect: Effect) -> bool {
        self.shadows.iter().any(|s| {
            s.effect == effect && s.cue.start < self.tokens.end && self.tokens.start <= s.cue.end
        })
    }
}

/// Marks and a conjunction may stand before the word that opens a clause.
const OPENING: usize = 3;

struct Context<'a, 'p> {
    page: &'a Page<'p>,
    sentence: &'a Sentence,
    setting: Setting,
    dates: &'a [Dated],
    clauses: &'a [Clause<'a>],
    at: usize,
    speaker: Option<&'a Speaker>,
}

fn claim(context: &Context<'_, '_>, clause: &Clause<'_>, notes: &mut Vec<String>) -> Option<Claim> {
    if clause.triggers.is_empty() {
        return None;
    }
    let page = context.page;
    let (actors, acting) = actor::doers_first(&clause.named);
    let is_struck = clause.places.iter().any(|place| page.word(place.tokens.start) == ON);
    let sides = Sides {
        actors: &actors,
        acting,
        known: &page.lexicon.actors,
        parties: &clause.parties,
        force: clause.tally.has_force(),
        harms_fighters: clause.tally.harms_fighters_alone(),
        is_struck,
        apart: Apart::read(page, &clause.tokens),
    };
    let coded = match kind::code(&clause.triggers, sides) {
        Ok(coded) => coded,
        Err(why) => {
            notes.push(format!("refused {}: {why}", quoted(page, &clause.triggers)));
            return None;
        }
    };
    let dated = dated(context, clause);
    if let Some(dated) = dated.filter(|d| d.is_ahead || d.is_history(page)) {
        let words = page.original(dated.tokens.clone());
        notes
            .push(format!("refused {}: its date `{words}` is ahead or long past", coded.sub_event));
        return None;
    }
    let (places, own_place) = event_places(context, clause, coded.sub_event);
    let why = refusal(context, clause, coded, sides, (&places, own_place), dated);
    if let Some(why) = why {
        notes.push(format!("refused {}: {why}", coded.sub_event));
        return None;
    }
    let report = report(context, clause, coded, dated, places)?;
    notes.push(found(page, &report, coded));
    let word = Word::read(page, clause, coded);
    let points_back =
        !own_place || (word.is_told && (clause.named.is_empty() || report.places.is_empty()));
    Some(Claim {
        report,
        setting: context.setting,
        is_ground: clause.standing == Standing::Ground,
        points_back,
        scope: match () {
            () if own_place => Scope::Article,
            () if clause.is_elsewhere(page) => Scope::Elsewhere,
            () if !word.is_told && names_part_of_country(page, &clause.tokens) => Scope::Country,
            () => Scope::Article,
        },
        word,
        again: Again {
            is_undated: context.dates.is_empty() && !clause.opens_with_ground(),
            is_continued: context.speaker.is_some_and(|speaker| speaker.tokens.is_empty()),
            explains: coded.by.trigger.is(Nature::Sole),
            ..Again::read(page, &clause.tokens, coded.by.hit, own_place)
        },
    })
}

/// Why what a clause tells is no event for all that its trigger stands.
fn refusal(
    context: &Context<'_, '_>,
    clause: &Clause<'_>,
    coded: Coded<'_>,
    sides: Sides<'_>,
    (places, own_place): (&[Mention], bool),
    dated: Option<&Dated>,
) -> Option<&'static str> {
    let harms = !(clause.tally.killed.is_unknown() && clause.tally.injured.is_unknown());
    match () {
        () if !harms && is_fight_without_fighters(sides, coded, own_place) => {
            Some("a fight without fighters or a place")
        }
        () if is_empty_word(clause, coded, places, dated) => {
            Some("the word alone, without a place, a day, an actor or a count")
        }
        () if is_habit(context, clause, coded, harms)
            || (!own_place && !harms && goes_on_elsewhere(context, clause)) =>
        {
            Some("told as what goes on, of no day")
        }
        () => None,
    }
}

/// The note on a claim that stands.
fn found(page: &Page<'_>, report: &Report, coded: Coded<'_>) -> String {
    let at: Vec<String> =
        report.places.iter().map(|p| format!("`{}`", p.span.of(&page.article.text))).collect();
    let by = page.original(coded.by.hit.tokens.clone());
    format!("found {} by `{by}` at {}", report.sub_event_type, at.join(", "))
}

/// What the word that tells a claim leaves to other clauses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// It leaves open with what it was done, and no weapon is named beside it.
    pub(super) is_open: bool,
    /// It is a noun that points at something told before (`القصف`, "the attack").
    pub(super) is_told: bool,
    /// A place stands close behind it.
    pub(super) is_placed: bool,
}

impl Word {
    fn read(page: &Page<'_>, clause: &Clause<'_>, coded: Coded<'_>) -> Self {
        let hit = coded.by.hit;
        let by_weapon = clause.triggers.iter().any(|f| f.trigger.role == Role::Weapon);
        let near = hit.tokens.end..=hit.tokens.end + CLOSE_BEHIND;
        Self {
            is_open: coded.by.trigger.is(Nature::Open)
                && !by_weapon
                && coded.sub_event != SubEventType::AirDroneStrike,
            is_told: !coded.by.verb && certainty::points_back(page, hit),
            is_placed: clause.places.iter().any(|place| near.contains(&place.tokens.start)),
        }
    }
}

/// A place that belongs to a noun stands at most so many words behind it.
const CLOSE_BEHIND: usize = 3;

/// `تتعرض قرى الجبل لقصف`, "its guns shell the villages": of violence in the body of an article the present
/// tells of no day, unless a day or a count does.
fn is_habit(context: &Context<'_, '_>, clause: &Clause<'_>, coded: Coded<'_>, harms: bool) -> bool {
    let page = context.page;
    let undated = context.setting.zone == ZoneKind::Body && context.dates.is_empty() && !harms;
    let hit = coded.by.hit;
    let opens = evidence_tokens(page, &context.sentence.tokens).start == hit.tokens.start;
    let is_present = coded.by.verb && coded.by.present && opens;
    undated && coded.sub_event.is_violent() && (is_present || clause.is_habit())
}

/// `تواصل القوات هجماتها على المنطقة، وقصفت قرية X`: what goes on without a day and a place is told by what
/// its sentence puts somewhere.
fn goes_on_elsewhere(context: &Context<'_, '_>, clause: &Clause<'_>) -> bool {
    let is_placed = |c: &Clause<'_>| !c.triggers.is_empty() && !c.places.is_empty();
    clause.is_habit()
        && !context.dates.iter().any(|date| clause.holds(date))
        && context.clauses.iter().any(is_placed)
}

/// What a weapon comes down on stands behind this word.
const ON: &str = "علي";

/// "their own battle": a noun of battle is one only with those who fight, and control changes only somewhere.
fn is_fight_without_fighters(sides: Sides<'_>, coded: Coded<'_>, own_place: bool) -> bool {
    let is_clash = coded.sub_event == SubEventType::ArmedClash;
    let is_battle = coded.sub_event.event_type() == EventType::Battles;
    let by_word_alone = is_battle && !coded.by.verb && !own_place;
    by_word_alone && (!is_clash || !sides.is_armed())
}

/// A word that nothing in its clause makes a happening.
fn is_empty_word(
    clause: &Clause<'_>,
    coded: Coded<'_>,
    places: &[Mention],
    dated: Option<&Dated>,
) -> bool {
    let counts = clause.tally.clone().toll(true);
    places.is_empty()
        && dated.is_none()
        && clause.named.is_empty()
        && clause.parties.is_empty()
        && counts.is_unknown()
        && !coded.by.verb
}

fn quoted(page: &Page<'_>, triggers: &[Found<'_>]) -> String {
    let words: Vec<String> =
        triggers.iter().map(|f| format!("`{}`", page.original(f.hit.tokens.clone()))).collect();
    words.join(", ")
}

fn report(
    context: &Context<'_, '_>,
    clause: &Clause<'_>,
    coded: Coded<'_>,
    dated: Option<&Dated>,
    places: Vec<Mention>,
) -> Option<Report> {
    let page = context.page;
    let sub_event = coded.sub_event;
    let mut parties = sides::parties(page, &clause.named, sub_event, coded.by);
    sides::complete(page, &clause.tally, sub_event, &mut parties);
    let civilian_targeting = sides::targets_civilians(sub_event, &parties);
    let moves = sub_event.event_type() == EventType::StrategicDevelopments;
    // Those in a mass grave died on other days; what is burned, taken, handed over or agreed on kills nobody, nor does
    // a peaceful protest.
    let counts = !matches!(
        sub_event,
        SubEventType::Other
            | SubEventType::Looting
            | SubEventType::Agreement
            | SubEventType::NonViolentTransfer
            | SubEventType::PeacefulProtest
    );
    let mut toll = if counts { clause.tally.toll(moves) } else { Toll::default() };
    if let Some(harm) = harm_behind(context).filter(|_| counts && !toll.counts_anybody()) {
        toll = harm;
    }
    if spares_all(context, clause) {
        toll.kill(Count::exactly(0));
        toll.injure(Count::exactly(0));
    }
    let certainty = match () {
        () if clause.is_under(Effect::Unconfirmed) => Certainty::Unconfirmed,
        () if context.speaker.is_some() => Certainty::Reported,
        () => Certainty::Asserted,
    };
    let evidence = evidence_tokens(page, &context.sentence.tokens);
    let span = page.text.span(evidence.clone())?;
    let confidence = confidence(clause, coded, &parties, !places.is_empty(), certainty);
    Some(Report {
        sub_event_type: sub_event,
        civilian_targeting,
        parties,
        when: when(context, clause, dated),
        places,
        toll,
        certainty,
        confidence,
        evidence: Evidence {
            evidence: page.original(evidence).to_owned(),
            evidence_start: span.start,
            evidence_end: span.end,
            attribution: context.speaker.map(|s| s.name.clone()),
        },
    })
}

/// "Troops raid the village; |13 killed|": whom the clause behind counts, which tells of nothing else.
fn harm_behind(context: &Context<'_, '_>) -> Option<Toll> {
    let next = context.at + 1;
    let next = context.clauses.get(next..=next)?;
    let is_free = |clause: &Clause<'_>| {
        clause.named.iter().all(|named| named.actor.inter == Inter::Civilians)
            && !context.dates.iter().any(|date| clause.holds(date))
    };
    harm_alone(context.page, next).filter(|_| next.iter().all(is_free))
}

/// Whether nobody was hurt, as the clause says or one behind it that tells of nothing else.
fn spares_all(context: &Context<'_, '_>, clause: &Clause<'_>) -> bool {
    let is_harm = |f: &Found<'_>| f.trigger.role == Role::Harm;
    let next = context.clauses.get(context.at + 1);
    let next = next.filter(|next| next.triggers.iter().all(is_harm));
    clause.is_under(Effect::Unharmed) || next.is_some_and(|c| c.is_under(Effect::Unharmed))
}

/// The sentence without the marks and quotes that hang over from the one before.
fn evidence_tokens(page: &Page<'_>, tokens: &Range<usize>) -> Range<usize> {
    let first = tokens
        .clone()
        .find(|&t| page.is(t, TokenKind::Word) || page.is(t, TokenKind::Number))
        .unwrap_or(tokens.start);
    let opening =
        first.checked_sub(1).filter(|&q| q >= tokens.start && page.is(q, TokenKind::Quote));
    opening.unwrap_or(first)..tokens.end
}

/// The date of a clause: its own, or one of its sentence.
fn dated<'a>(context: &Context<'a, '_>, clause: &Clause<'_>) -> Option<&'a Dated> {
    let inside = |date: &&Dated| clause.holds(date);
    // "BEIRUT, May 21 – …" is when it was written.
    let dateline = |d: &&Dated| {
        d.tokens.start <= context.sentence.tokens.start + DATELINE
            && matches!(context.page.word(d.tokens.end), "–" | "—" | "(")
    };
    let told = context.dates.iter().filter(|d| !dateline(d)).find(inside);
    told.or_else(|| context.dates.iter().find(inside))
        .or_else(|| context.dates.iter().find(|d| d.tokens.end <= clause.tokens.start))
        .or_else(|| context.dates.first().filter(|_| clause.places.is_empty()))
}

/// A dateline begins at most so many words into a sentence.
const DATELINE: usize = 4;

/// The first words of an article that give no day tell of the days before it was published, and so does
/// the first event that it tells.
fn when(context: &Context<'_, '_>, clause: &Clause<'_>, dated: Option<&Dated>) -> When {
    let Setting { zone, is_first, .. } = context.setting;
    let is_news = is_first && clause.standing == Standing::News;
    let of_digest = context.page.digest.day.as_ref().filter(|_| clause.standing == Standing::News);
    match (dated, of_digest, context.page.published) {
        (Some(dated), ..) if dated.is_same => When {
            date_text: Some(context.page.original(dated.tokens.clone()).to_owned()),
            ..When::default()
        },
        (Some(dated), ..) => dated.when(context.page),
        (None, Some(day), _) => day.clone(),
        (None, None, Some(published))
            if is_news || matches!(zone, ZoneKind::Lead | ZoneKind::Title) =>
        {
            When {
                event_date: Some(published),
                time_precision: Some(TimePrecision::Week),
                ..When::default()
            }
        }
        (None, None, Some(_)) => {
            When { time_precision: Some(TimePrecision::Month), ..When::default() }
        }
        (None, None, None) => When::default(),
    }
}

/// The places where the event is: the clause's own, else those of its sentence.
fn event_places(
    context: &Context<'_, '_>,
    clause: &Clause<'_>,
    sub_event: SubEventType,
) -> (Vec<Mention>, bool) {
    let own = chosen(&clause.places, sub_event);
    if !own.is_empty() {
        return (own, true);
    }
    // Talks need no place; without one they are the talks told before, if there were any.
    if sub_event == SubEventType::Agreement || clause.is_elsewhere(context.page) {
        return (Vec::new(), false);
    }
    let (before, after) = context.clauses.split_at(context.at.min(context.clauses.len()));
    // `جددت الطائرات قصفها، |في حين شهدت حماة اشتباكات|`: that is another story.
    let after =
        after.iter().filter(|clause| !(clause.tells(context.page) && clause.opens(context.page)));
    let others = before.iter().rev().chain(after);
    let inherited = others.map(|c| chosen(&c.places, sub_event)).find(|p| !p.is_empty());
    let ground = || of_ground(context.page, &clause.places, &clause.shadows, sub_event);
    (inherited.unwrap_or_else(ground), false)
}

/// A plain estimate: every part that the text gives makes the reading surer.
fn confidence(
    clause: &Clause<'_>,
    coded: Coded<'_>,
    parties: &crate::model::actor::Parties,
    placed: bool,
    certainty: Certainty,
) -> f64 {
    let parts = [
        (coded.by.trigger.role == Role::Act, 0.2),
        (parties.actor1.is_some(), 0.1),
        (placed, 0.15),
        (clause.triggers.len() > 1, 0.1),
        (certainty != Certainty::Unconfirmed, 0.1),
    ];
    let sum: f64 = parts.iter().filter(|(given, _)| *given).map(|(_, weight)| weight).sum();
    ((0.3 + sum) * 100.0).round() / 100.0
}
