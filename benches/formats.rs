//! How long it takes to write ten thousand events in each format, on one core, and to read them
//! back from GeoJSON: `cargo bench --bench formats`.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use rasid::formats::read::{self, Names};
use rasid::formats::{Format, Layer, atom, write};

/// As many as an answer has at most.
const EVENTS: usize = 10_000;

fn main() {
    let mut bench = Criterion::default().configure_from_args();
    let features = features();
    let texts = || features.iter().map(String::as_str);
    let layer = Layer::events();
    let mut group = bench.benchmark_group("10,000 events");
    let bytes: usize = features.iter().map(String::len).sum();
    group.throughput(Throughput::Bytes(u64::try_from(bytes).unwrap_or(u64::MAX)));
    group.sample_size(10);
    for (name, format) in [
        ("GeoJSON", Format::GeoJson),
        ("text sequence", Format::GeoJsonSeq),
        ("CSV", Format::Csv),
        ("FlatGeobuf", Format::FlatGeobuf),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut out = Vec::new();
                write(&mut out, format, &layer, black_box(&features)).expect("memory takes all");
                out
            });
        });
    }
    let feed = atom::Feed {
        title: "Events".to_owned(),
        of: "events".to_owned(),
        links: Vec::new(),
        address: Box::new(|id| format!("https://example.org/{id}")),
        geometry: true,
    };
    group.bench_function("Atom", |b| {
        b.iter(|| atom::write(&feed, black_box(texts())).expect("memory takes all"));
    });
    let mut file = Vec::new();
    write(&mut file, Format::GeoJson, &layer, &features).expect("memory takes all");
    group.bench_function("read from GeoJSON", |b| {
        b.iter(|| read_all(black_box(&file)).len());
    });
    group.finish();
    bench.final_summary();
}

/// Invented events, read from a table of ACLED's columns.
fn features() -> Vec<String> {
    let mut table =
        "event_id_cnty,event_date,time_precision,sub_event_type,actor1,inter1,actor2,inter2,\
                     admin1,location,latitude,longitude,geo_precision,source,notes,fatalities\n"
            .to_owned();
    let words = "An invented record, as long as the notes of most events are, with a comma or two, \
                 \"a quotation\" and a town's name in Arabic: كفرنبل. It tells of shelling.";
    for number in 0..EVENTS {
        let (day, lat, lon) = (1 + number % 28, 33 + number % 4, 36 + number % 5);
        let quoted = words.replace('"', "\"\"");
        let row = format!(
            "SYR{number},2022-07-{day:02},1,Armed clash,QSD: Syrian Democratic Forces,Rebel group,\
             Military Forces of Turkey (2016-),External/Other forces,Aleppo,Town {number},\
             {lat}.{number:05},{lon}.{number:05},1,rasid sample,\"{quoted}\",{}\n",
            number % 7
        );
        table.push_str(&row);
    }
    read_all(table.as_bytes())
}

fn read_all(file: &[u8]) -> Vec<String> {
    let names = Names { actor: &|_, _| None, governorate: &|_| None };
    let mut features = Vec::with_capacity(EVENTS);
    let ended: Result<(), read::Error> = read::read(file, None, &names, |found| {
        features.extend(found.map(|imported| imported.event.to_feature().to_string()));
        Ok(())
    });
    ended.expect("the file is whole");
    assert_eq!(features.len(), EVENTS, "every event can be used");
    features
}
