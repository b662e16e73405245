//! How long it takes to read articles, from text to features, on one core: `cargo bench --bench extract`.
//!
//! The articles are the samples that come with the program, joined until one has 2.5 KB: as long
//! as an article of a news agency.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput};
use rasid::extract::Lexicon;
use rasid::geocode::gazetteer::Gazetteer;
use rasid::model::article::{Article, ArticleId, Lang};
use rasid::model::event::Event;
use rasid::pipeline::Knowledge;

/// As many bytes as a common article has.
const ARTICLE: usize = 2_500;

fn main() {
    let mut bench = Criterion::default().configure_from_args();
    let (gazetteer, _) = Gazetteer::from_geojson(include_str!("../gazetteer.geojson"))
        .expect("the gazetteer is tested to be a collection");
    let knowledge = Knowledge::new(Lexicon::embedded(), gazetteer);
    let articles = articles();
    let bytes: usize = articles.iter().map(|article| article.text.len()).sum();
    let mut group = bench.benchmark_group("read articles");
    let count = u64::try_from(articles.len()).unwrap_or(u64::MAX);
    group.throughput(Throughput::Elements(count));
    group.bench_function(format!("of {} bytes in the mean", bytes / articles.len()), |b| {
        b.iter(|| {
            articles.iter().map(|article| features(&knowledge, black_box(article))).sum::<usize>()
        });
    });
    group.finish();
    bench.final_summary();
}

/// From text to the bytes of its features.
fn features(knowledge: &Knowledge, article: &Article) -> usize {
    let (events, _) = knowledge.read(article);
    events.iter().map(|event| Event::to_text(event).len()).sum()
}

/// The sample articles, short ones joined to longer.
fn articles() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let entries = fs::read_dir(folder).expect("the samples are there");
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    paths.sort();
    let mut articles = Vec::new();
    let mut text = String::new();
    for path in &paths {
        // One sample is in another encoding, to show that it can be read.
        let Ok(sample) = fs::read_to_string(path) else { continue };
        text.push_str(&sample);
        if text.len() >= ARTICLE {
            articles.push(article(&text, articles.len()));
            text.clear();
        }
    }
    articles
}

fn article(text: &str, at: usize) -> Article {
    Article {
        id: ArticleId(format!("sample-{at}")),
        text: text.to_owned(),
        title: None,
        author: None,
        trust: None,
        publisher: None,
        url: None,
        published: None,
        lang: Lang::of(text),
    }
}
