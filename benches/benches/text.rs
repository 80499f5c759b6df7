//! What the text of a listing costs: folding, undoing disguises, and all signals of text, on plain
//! listings, on disguised ones and on strings made to be slow.

use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pinchbeck::text::{Folded, Vocabulary};
use pinchbeck::{Knowledge, Listing, Model, Scorer};

/// Texts by name.
fn texts() -> Vec<(&'static str, String)> {
    let plain = "Soft leather shoulder bag with two inner pockets, long strap and dust cover. \
                 The zippers run well and the seams are straight; posted on the next working day. ";
    let odd = "Gu\u{441}ci b\u{430}g r3plica, G.u.c.c.i r e p l i c a, N*ke re\u{200b}plica, \
               ＲＥＰＬＩＣＡ qua1ity, 高 仿 包, repliiiica. ";
    vec![
        ("plain", plain.repeat(6)),
        ("russian", "Сумка из мягкой кожи с двумя карманами и длинным ремнём. ".repeat(16)),
        ("chinese", "柔软真皮单肩包，内有两个口袋，长肩带，全新现货，次日发货。".repeat(12)),
        ("disguised", odd.repeat(9)),
        ("signs within", "re\u{ae}lica ".repeat(125)),
        ("letters apart", "r e p l i c ".repeat(80)),
        ("masks", "r*p*i*a**".repeat(110)),
        ("han apart", "高 ".repeat(250)),
        ("pieces", "rep ".repeat(250)),
        ("signs", "@$1!".repeat(250)),
    ]
}

fn vocabulary() -> Vocabulary {
    let knowledge = Knowledge::builtin().expect("the files of the crate read");
    let terms = knowledge.lexicon().terms().iter().map(|term| term.folded.as_str());
    Vocabulary::new(terms, [])
}

fn fold(criterion: &mut Criterion) {
    let vocabulary = vocabulary();
    for (name, text) in texts() {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(text.len() as u64));
        let mut folded = Folded::default();
        group.bench_function("fold", |bencher| bencher.iter(|| folded.fold_into(&text)));
        group.bench_function("fold without the short ways", |bencher| {
            bencher.iter(|| folded.fold_into_the_long_way(&text));
        });
        let mut undone = Vec::new();
        group.bench_function("fold and restore", |bencher| {
            bencher.iter(|| {
                folded.fold_into(&text);
                folded.restore(&text, &vocabulary, &mut undone);
            });
        });
        group.finish();
    }
}

/// The same text eight times as long should take eight times as long.
fn linear(criterion: &mut Criterion) {
    let vocabulary = vocabulary();
    let scorer = scorer(Knowledge::builtin().expect("the files of the crate read"));
    for (name, text) in texts() {
        let long = text.repeat(8);
        let mut group = criterion.benchmark_group(format!("{name}, eightfold"));
        group.throughput(Throughput::Bytes(long.len() as u64));
        let (mut folded, mut undone) = (Folded::default(), Vec::new());
        group.bench_function("fold and restore", |bencher| {
            bencher.iter(|| {
                folded.fold_into(&long);
                folded.restore(&long, &vocabulary, &mut undone);
            });
        });
        let listing = Listing { description: Some(long), ..Listing::new("1", "Gucci bag, new") };
        group.bench_function("score a listing of text alone", |bencher| {
            bencher.iter(|| scorer.score_listing(&listing));
        });
        group.finish();
    }
}

fn scorer(knowledge: Knowledge) -> Scorer {
    let model = Model::embedded().expect("the default model loads");
    Scorer::with_knowledge(model, Arc::new(knowledge)).expect("the default model scores")
}

/// A listing with nothing but a title and a description: the signals of text and their reasons, with
/// the short ways of folding and restoring and without them.
fn listing(criterion: &mut Criterion) {
    let knowledge = || Knowledge::builtin().expect("the files of the crate read");
    let (with, without) = (scorer(knowledge()), scorer(knowledge().without_short_ways()));
    let mut group = criterion.benchmark_group("score a listing of text alone");
    for (name, text) in texts() {
        let listing =
            Listing { description: Some(text), ..Listing::new("1", "Gucci shoulder bag, new") };
        group.bench_function(name, |bencher| bencher.iter(|| with.score_listing(&listing)));
        group.bench_function(format!("{name}, without the short ways"), |bencher| {
            bencher.iter(|| without.score_listing(&listing));
        });
    }
    group.finish();
}

criterion_group!(benches, fold, linear, listing);
criterion_main!(benches);
