//! Tables of sentences, Arabic and English side by side, named for the property they show.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::model::article::{Article, ArticleId, Lang, Published};
use crate::model::place::Renown;
use crate::model::text::key;

/// A sentence and what it must give: one line an event, `type | places | day | killed | injured`.
type Case = (&'static str, &'static [&'static str]);

/// All sentences are read as published on this Monday.
const PUBLISHED: &str = "2022-07-18";

const NAMES: &[&str] = &[
    "حلب",
    "إدلب",
    "حماة",
    "إعزاز",
    "منبج",
    "عين العرب",
    "كوباني",
    "الباب",
    "تل رفعت",
    "سرمين",
    "كفر",
    "طفس",
    "دمشق",
    "الطبقة",
    "درعا",
    "القامشلي",
    "سلمية",
    "Aleppo",
    "Idlib",
    "Sarmin",
    "Manbij",
    "Kafr",
    "Nawa",
    "Salqin",
    "Kobani",
];

fn article(text: &str) -> Article {
    Article {
        id: ArticleId("test".to_owned()),
        text: text.to_owned(),
        title: None,
        author: None,
        trust: None,
        publisher: None,
        url: None,
        published: Some(Published::parse(PUBLISHED).unwrap()),
        lang: Lang::of(text),
    }
}

fn read(text: &str) -> Extraction {
    static KNOWN: LazyLock<(Lexicon, Toponyms)> = LazyLock::new(|| {
        let keys: Vec<String> = NAMES.iter().map(|n| key(n)).collect();
        let names = keys.iter().map(|key| (key.as_str(), Renown::Town));
        (Lexicon::embedded(), Toponyms::new(names))
    });
    extract(&article(text), &KNOWN.0, &KNOWN.1)
}

fn told(text: &str) -> Vec<String> {
    let known = |n: Option<u32>| n.map_or_else(|| "?".to_owned(), |n| n.to_string());
    let reports = read(text).reports.into_iter().map(|report| {
        let places: Vec<String> = report.places.iter().map(|p| p.name.clone()).collect();
        let day = report.when.event_date.map_or_else(|| "?".to_owned(), |d| d.to_string());
        let toll = &report.toll;
        let (killed, injured) = (known(toll.fatalities), known(toll.injured));
        format!("{} | {} | {day} | {killed} | {injured}", report.sub_event_type, places.join(", "))
    });
    reports.collect()
}

fn check(cases: &[Case]) {
    for (text, wanted) in cases {
        assert_eq!(told(text), *wanted, "{text}\n{:#?}", read(text).findings);
    }
}

#[test]
fn what_did_not_happen_is_no_event() {
    check(&[
        ("هدد الجيش التركي بشن هجوم على مدينة منبج.", &[]),
        ("حذر ناشطون من أي قصف محتمل على مدينة إدلب.", &[]),
        ("نفى مصدر عسكري وقوع اشتباكات في مدينة منبج.", &[]),
        ("قد تستهدف قوات النظام مدينة سرمين.", &[]),
        ("ستقصف المدفعية مدينة سرمين غداً.", &[]),
        ("طالب المتظاهرون بوقف القصف على مدينة إدلب.", &[]),
        ("أحيا الأهالي الذكرى السنوية لقصف مدينة منبج.", &[]),
        ("قُتل 200 مدني في إدلب خلال عام 2019 جراء القصف.", &[]),
        ("تسيطر عليها قوات النظام منذ سنوات، في محيط مدينة حلب الخاضعة لسيطرة قسد.", &[]),
        ("شهدت مباراة حلب وإدلب هجوماً قوياً على المرمى.", &[]),
        ("قال محلل إن الهجوم على منبج خطأ.", &[]),
        ("Turkey threatened to attack Manbij.", &[]),
        ("The army denied that its forces shelled Sarmin.", &[]),
        ("Government forces could shell Sarmin, residents warned.", &[]),
        ("Residents marked ten years since the shelling of Sarmin.", &[]),
        ("It was an uphill battle for the farmers of Sarmin.", &[]),
    ]);
}

#[test]
fn the_weapon_decides_the_type_and_the_target_decides_an_assault() {
    check(&[
        (
            "قصفت قوات النظام بالمدفعية مدينة سرمين اليوم الإثنين.",
            &["Shelling/artillery/missile attack | سرمين | 2022-07-18 | ? | ?"],
        ),
        (
            "قصف الطيران الحربي الروسي مدينة سرمين أمس.",
            &["Air/drone strike | سرمين | 2022-07-17 | ? | ?"],
        ),
        (
            "استهدف مجهولون بعبوة ناسفة سيارة في مدينة طفس أمس.",
            &["Remote explosive/landmine/IED | طفس | 2022-07-17 | ? | ?"],
        ),
        (
            "هاجم مسلحون مجهولون حاجزاً لقوات النظام في مدينة طفس أمس.",
            &["Armed clash | طفس | 2022-07-17 | ? | ?"],
        ),
        (
            "ألقى مجهولون ليل أمس قنبلة يدوية على منزل في مدينة طفس.",
            &["Grenade | طفس | 2022-07-17 | ? | ?"],
        ),
        (
            "Russian warplanes bombed the outskirts of Sarmin on Sunday, killing two civilians.",
            &["Air/drone strike | sarmin | 2022-07-17 | 2 | ?"],
        ),
        (
            "Regime forces shelled Sarmin with artillery yesterday, wounding three.",
            &["Shelling/artillery/missile attack | sarmin | 2022-07-17 | ? | 3"],
        ),
        (
            "Gunmen opened fire on an army checkpoint in Nawa on Sunday.",
            &["Armed clash | nawa | 2022-07-17 | ? | ?"],
        ),
    ]);
}

#[test]
fn unknown_is_never_zero_and_nobody_is_counted_twice() {
    let shelling = "Shelling/artillery/missile attack | سرمين | 2022-07-17";
    for (toll, counts) in [
        ("ما أدى إلى مقتل خمسة مدنيين بينهم طفلان وإصابة ثلاثة آخرين", "5 | 3"),
        ("ما أسفر عن مقتل طفل وامرأة", "2 | ?"),
        ("ما أسفر عن مقتل طفلين شقيقين", "2 | ?"),
        ("ما أسفر عن ٣ قتلى و١١ جريحاً", "3 | 11"),
        ("ما أسفر عن إصابة ما لا يقل عن سبعة مدنيين", "? | 7"),
        ("دون وقوع إصابات", "0 | 0"),
        ("ما أدى إلى أضرار مادية", "? | ?"),
        ("ما أسفر عن 14 شخصاً بين قتيل وجريح", "? | ?"),
        ("ما أسفر عن مقتل شاب (27 عاماً)", "1 | ?"),
    ] {
        let text = format!("قصفت قوات النظام مدينة سرمين أمس، {toll}.");
        assert_eq!(told(&text), [format!("{shelling} | {counts}")], "{text}");
    }
}

#[test]
fn the_place_of_the_event_is_neither_origin_nor_way_nor_speaker() {
    check(&[
        (
            "دخلت تعزيزات عسكرية لقوات النظام من مدينة حلب إلى مدينة منبج أمس.",
            &["Change to group/activity | منبج | 2022-07-17 | ? | ?"],
        ),
        (
            "قصفت قوات قسد المتمركزة في تل رفعت مدينة إعزاز أمس.",
            &["Shelling/artillery/missile attack | اعزاز | 2022-07-17 | ? | ?"],
        ),
        (
            "قُتل مدني بقصف لقوات النظام على مدينة سرمين أمس، بحسب مصدر طبي في إدلب.",
            &["Shelling/artillery/missile attack | سرمين | 2022-07-17 | 1 | ?"],
        ),
        (
            "انتشرت قوات النظام أمس في مدن الباب ومنبج وعين العرب (كوباني).",
            &["Change to group/activity | الباب, منبج, عين العرب | 2022-07-17 | ? | ?"],
        ),
        (
            "وفي ريف إدلب الجنوبي، قصفت قوات النظام بلدة سرمين أمس.",
            &["Shelling/artillery/missile attack | سرمين | 2022-07-17 | ? | ?"],
        ),
        (
            "قصفت قوات النظام قرية مجهولة الاسم قرب سرمين أمس.",
            &["Shelling/artillery/missile attack | مجهوله الاسم | 2022-07-17 | ? | ?"],
        ),
        ("حصل تفاهم بين قسد ودمشق.", &["Agreement |  | 2022-07-18 | ? | ?"]),
    ]);
}

#[test]
fn an_unknown_village_does_not_become_its_known_namesake() {
    let events = told("Regime forces shelled the village of Kafr Amma yesterday.");
    assert_eq!(events, ["Shelling/artillery/missile attack | kafr amma | 2022-07-17 | ? | ?"]);
}

#[test]
fn days_count_from_publication_only() {
    for (words, day) in [
        ("اليوم", "2022-07-18"),
        ("أمس الأحد", "2022-07-17"),
        ("أول أمس", "2022-07-16"),
        ("قبل ثلاثة أيام", "2022-07-15"),
        ("يوم الخميس الماضي", "2022-07-14"),
        ("الإثنين الماضي", "2022-07-11"),
        ("في 12 تموز", "2022-07-12"),
        ("في الثاني عشر من تموز/يوليو الجاري", "2022-07-12"),
        ("في 12/7/2022", "2022-07-12"),
        ("ليل السبت – الأحد", "2022-07-16"),
        ("بعد منتصف ليل السبت – الأحد", "2022-07-17"),
    ] {
        let text = format!("قصفت قوات النظام مدينة سرمين {words}.");
        assert_eq!(read(&text).reports[0].when.event_date.unwrap().to_string(), day, "{text}");
        let mut undated = article(&text);
        undated.published = None;
        let report =
            extract(&undated, &Lexicon::embedded(), &Toponyms::new([("سرمين", Renown::Town)]))
                .reports
                .remove(0);
        let is_absolute = words.contains("2022");
        assert_eq!(report.when.event_date.is_some(), is_absolute, "without publication: {text}");
        assert!(report.when.date_text.is_some(), "the words are kept: {text}");
    }
}

#[test]
fn who_acts_and_who_suffers_is_told_by_the_words_around() {
    for (text, actor1, actor2) in [
        ("قصفت القوات التركية مواقع قسد في منبج أمس.", Some("TUR"), Some("SDF")),
        ("تعرضت مواقع قسد في منبج لقصف من قبل القوات التركية أمس.", Some("TUR"), Some("SDF")),
        ("اندلعت اشتباكات بين قسد والجيش الوطني في منبج أمس.", Some("SDF"), Some("SNA")),
        ("قُتل مدني برصاص مجهولين في مدينة طفس أمس.", Some("UNID"), Some("CIV")),
        ("خرجت مظاهرة في مدينة إعزاز أمس.", Some("PROT"), None),
        ("Turkish forces shelled SDF positions in Manbij yesterday.", Some("TUR"), Some("SDF")),
    ] {
        let reports = read(text).reports;
        let id =
            |actor: &Option<crate::model::actor::Actor>| actor.as_ref().map(|a| a.id.0.clone());
        let parties = &reports[0].parties;
        assert_eq!(id(&parties.actor1).as_deref(), actor1, "{text}");
        assert_eq!(id(&parties.actor2).as_deref(), actor2, "{text}");
    }
}

#[test]
fn a_name_means_the_army_of_its_day() {
    let text = "قصف الجيش السوري مدينة سرمين.";
    for (day, id) in [("2022-07-18", "SYR_REGIME"), ("2025-07-18", "SYR_GOV")] {
        let mut article = article(text);
        article.published = Some(Published::parse(day).unwrap());
        let extraction =
            extract(&article, &Lexicon::embedded(), &Toponyms::new([("سرمين", Renown::Town)]));
        assert_eq!(extraction.reports[0].parties.actor1.as_ref().unwrap().id.0, id);
    }
}

#[test]
fn what_stands_around_an_article_is_not_read() {
    let page = "مقتل مدني بقصف على منبج (صور)اغتيال قيادي في درعا (فيديو)اشتباكات في حلب (خاص)\n\n\
                قصف على سرمين\n\nوكالة خبر\n\nقصفت قوات النظام مدينة سرمين أمس الأحد بعدة قذائف مدفعية.\n\n\
                شاهد أيضاً\n\nانفجار عبوة ناسفة في مدينة الباب";
    assert_eq!(told(page), ["Shelling/artillery/missile attack | سرمين | 2022-07-17 | ? | ?"]);
}

#[test]
fn one_happening_told_twice_is_one_report() {
    let text = "قصفت قوات النظام مدينة سرمين أمس.\n\nوأسفر القصف عن مقتل مدنيين اثنين.";
    assert_eq!(told(text), ["Shelling/artillery/missile attack | سرمين | 2022-07-17 | 2 | ?"]);
}

#[test]
fn texts_cut_up_to_fool_filters_are_read() {
    let text = "قصـ.ـفت قـ ـوات النظـ ـام مديـــنة سرميـ ـن أمس.";
    assert_eq!(told(text), ["Shelling/artillery/missile attack | سرمين | 2022-07-17 | ? | ?"]);
}

/// Fails unless all that was read stands in the text, at its place.
#[track_caller]
fn is_of(extraction: &Extraction, text: &str) {
    let length = text.chars().count();
    for report in &extraction.reports {
        let evidence = &report.evidence;
        let (start, end) = (evidence.evidence_start, evidence.evidence_end);
        let quoted: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(quoted, evidence.evidence);
        assert!(report.places.iter().all(|p| p.span.start < p.span.end && p.span.end <= length));
    }
    let mut spans = extraction.findings.iter().map(|finding| finding.span);
    assert!(spans.all(|span| span.start < span.end && span.end <= length));
}

#[test]
fn texts_that_nobody_would_write_are_read() {
    let dense = "من قسد في مدينة حلب أمس قتل 3 و";
    for text in [
        String::new(),
        "ق".to_owned(),
        "\u{0}".to_owned(),
        "\u{202e}\u{2066}\u{200f}".to_owned(),
        format!("ق{}صف حلب", "\u{301}\u{64e}".repeat(20_000)),
        "\u{640} ".repeat(20_000),
        "“".repeat(20_000),
        "؟!.،".repeat(10_000),
        "\n\r\n".repeat(10_000),
        dense.repeat(2_000),
        format!("قصفت قوات النظام حلب {}", "وتحدث الأهالي عن الطقس والخبز ".repeat(10_000)),
    ] {
        is_of(&read(&text), &text);
    }
}

/// What pages hold beside clean prose, in pieces.
fn piece() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        " قصفت",
        " اشتباكات",
        " في مدينة",
        " حلب",
        " قتل",
        " 3 مدنيين",
        " أمس",
        " قوات النظام",
        " عثر",
        " على جثة",
        " من 4 إلى 6",
        " بين 5 و",
        " 10-5-",
        "2022",
        " مقتله",
        " قـ ـصف",
        " غار.ة",
        " killed",
        " shelled",
        " Manbij",
        " on the 10th",
        " of May",
        " a",
        " man",
        " and two others",
        " SDF",
        "5-7",
        "<p>",
        "&nbsp;",
        ". ",
        "، ",
        "؟",
        "\n",
        "\r\n",
        "«",
        "”",
        "(",
        " – ",
        "\u{202e}",
        "\u{2069}",
        "\u{200d}",
        "\u{640}",
        "\u{64b}",
        "\u{301}",
        "\u{fefb}",
        "\u{fdf2}",
        "ە",
        "گ",
        "ٹ",
    ];
    prop_oneof![
        4 => proptest::sample::select(WORDS).prop_map(str::to_owned),
        1 => any::<String>().prop_map(|text| text.chars().take(12).collect()),
        1 => "[ء-ي ]{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_read_twice_alike_and_every_quotation_is_in_it(
        pieces in proptest::collection::vec(piece(), 0..60)
    ) {
        let text = pieces.concat();
        let extraction = read(&text);
        is_of(&extraction, &text);
        prop_assert_eq!(extraction, read(&text));
    }

    #[test]
    fn marks_that_are_no_letters_change_nothing(
        marks in proptest::collection::vec(
            (0_usize..70, proptest::sample::select(vec!['\u{640}', '\u{64e}', '\u{651}', '\u{200f}', '\u{202b}', '\u{feff}'])),
            0..12,
        )
    ) {
        let plain = "قصفت قوات النظام مدينة سرمين أمس، ما أدى إلى مقتل ثلاثة مدنيين.";
        let mut marked: Vec<char> = plain.chars().collect();
        for (at, mark) in marks {
            // Behind a letter: a tatweel that stands alone joins two words.
            if marked.get(at).is_some_and(|c| c.is_alphabetic()) && marked.get(at + 1).is_some_and(|c| c.is_alphabetic()) {
                marked.insert(at + 1, mark);
            }
        }
        let marked: String = marked.into_iter().collect();
        prop_assert_eq!(told(&marked), told(plain), "{}", marked);
    }
}

/// The types that a text gives, without the rest.
fn types(text: &str) -> Vec<&'static str> {
    read(text).reports.iter().map(|r| r.sub_event_type.as_str()).collect()
}

fn check_types(cases: &[(&str, &[&str])]) {
    for (text, wanted) in cases {
        assert_eq!(types(text), *wanted, "{text}\n{:#?}", read(text).findings);
    }
}

#[test]
fn who_acts_and_who_suffers_decides_the_type_in_english_texts_from_anywhere() {
    check_types(&[
        (
            "The army retook several villages from rebels on Sunday.",
            &["Government regains territory"],
        ),
        (
            "Jihadists seized the town, hours after it was captured by federal troops.",
            &["Non-state actor overtakes territory"],
        ),
        ("The outpost was overrun by militants at dawn.", &["Non-state actor overtakes territory"]),
        (
            "Peacekeepers handed over control of the base to the local council.",
            &["Non-violent transfer of territory"],
        ),
        ("Gunmen attacked an army checkpoint, killing three soldiers.", &["Armed clash"]),
        ("Gunmen attacked a village and killed nine farmers.", &["Attack"]),
        ("Two soldiers were killed by insurgents near the border.", &["Armed clash"]),
        (
            "Two soldiers were killed by a roadside bomb near the border.",
            &["Remote explosive/landmine/IED"],
        ),
        (
            "Militants kidnapped twelve schoolgirls from their dormitory.",
            &["Abduction/forced disappearance"],
        ),
        ("Militants arrested four traders at a roadblock.", &["Abduction/forced disappearance"]),
        ("Police arrested four members of a militant cell.", &["Arrests"]),
        ("Police raped two women during the operation.", &["Sexual violence"]),
        (
            "Militants burned down dozens of houses in two hamlets.",
            &["Looting/property destruction"],
        ),
    ]);
}

#[test]
fn what_is_done_with_a_weapon_in_english_may_stand_before_or_behind_it() {
    check_types(&[
        ("Warplanes dropped bombs on rebel positions overnight.", &["Air/drone strike"]),
        (
            "Shells and mortar rounds were fired at the district by the army.",
            &["Shelling/artillery/missile attack"],
        ),
        ("A grenade was hurled at a patrol, injuring a constable.", &["Grenade"]),
        ("Two attackers blew themselves up outside a police station.", &["Suicide bomb"]),
        ("Civilians choked on chlorine dropped by helicopters.", &["Chemical weapon"]),
        (
            "Rifles, pistols and 500 rounds were recovered from a hideout by police.",
            &["Disrupted weapons use"],
        ),
        ("Air defences shot down two drones over the coast.", &["Disrupted weapons use"]),
        ("Troops set up a new outpost on the hill.", &["Headquarters or base established"]),
        ("The army sent reinforcements to the front.", &["Change to group/activity"]),
        ("The rebels released twenty prisoners.", &["Agreement"]),
    ]);
}

#[test]
fn what_a_crowd_does_and_what_is_done_to_it_decide_the_type_of_a_demonstration() {
    check_types(&[
        ("Hundreds took to the streets to demand reforms.", &["Peaceful protest"]),
        ("Police dispersed protesters with tear gas.", &["Protest with intervention"]),
        (
            "Several activists were detained by police while holding a rally.",
            &["Protest with intervention"],
        ),
        (
            "Troops opened fire on demonstrators, killing two.",
            &["Excessive force against protesters"],
        ),
        ("Protesters hurled stones and torched two cars.", &["Violent demonstration"]),
        ("Clashes broke out between protesters and riot police.", &["Violent demonstration"]),
        ("A suspected thief was beaten to death by a mob.", &["Mob violence"]),
        ("Villagers clashed with sticks over a well.", &["Mob violence"]),
        (
            "Students marched through the capital on Monday. Later they hurled stones at police.",
            &["Violent demonstration"],
        ),
        ("خرجت مظاهرة في مدينة الباب وأحرق متظاهرون الإطارات.", &["Violent demonstration"]),
    ]);
}

#[test]
fn english_words_that_only_look_like_happenings_are_none() {
    check_types(&[
        ("The fight against cholera goes on in the camps.", &[]),
        (
            "Soldiers moved to attack the village, but a storm kept them away.",
            &["Change to group/activity"],
        ),
        ("Children threw no stones this time.", &[]),
        ("Riot police guarded the square.", &[]),
        ("A gas cylinder exploded in a kitchen, injuring three children.", &[]),
        ("The region was hit by an earthquake; the army is helping with the rescue.", &[]),
        ("Heavy rains destroyed hundreds of tents and killed a man.", &[]),
        ("Police arrested three men accused of bank robbery.", &[]),
        ("The country expelled two diplomats and imposed sanctions.", &[]),
        ("The two ministers signed an agreement on trade.", &[]),
        ("The team beat its rivals after a late strike.", &[]),
    ]);
}
