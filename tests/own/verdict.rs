//! The question that a run is opened for: is it faster than what somebody published, or not?

use tokscope::model::Metric;
use tokscope::own::Desk;
use tokscope::query::confront::confront;
use tokscope::query::is_own;
use tokscope::stats::Verdict;

use super::llama_run::{around, llama_run};
use super::{answer, described, published, rig};

/// Beside a published row with five repetitions: 7 % faster in decode, which is real, and a tie in prefill.
#[test]
fn a_run_has_a_verdict_beside_a_published_row() {
    let published = published();
    let is_baseline = |index: &tokscope::index::Index, one: usize| {
        let build = index.results_of(one).next().map(|result| index.run_of(result));
        let id = build.and_then(|run| index.runs.id.get(run)).map_or("", String::as_str);
        id.contains("llama-2-7b-q4_0-b6111-vulkan-radv") && !id.ends_with("-fa")
    };
    let baseline = (0..published.configuration_count()).find(|&one| is_baseline(&published, one)).unwrap();
    let mean = |metric: Metric, shape: &str| {
        let mut results = published.results_of(baseline).filter(|&result| {
            let at = usize::from(published.results.shape[result]);
            published.catalog.shapes[at].id == shape
        });
        let values = published.repeated(results.next().unwrap(), metric);
        assert_eq!(values.len(), 5, "published with its repetitions");
        values.iter().sum::<f64>() / 5.0
    };
    let (prefill, decode) = (mean(Metric::Prefill, "pp512"), mean(Metric::Decode, "tg128"));

    let mut desk = Desk::new(published.clone());
    let text = llama_run(around(prefill * 1.003, 1.0), around(decode * 1.07, 2.3));
    desk.open(1, "llama.jsonl", text.into_bytes());
    let mut answers = rig();
    answers.described = [(String::new(), described("My Strix", "96", "256"))].into();
    answer(&mut desk, answers);
    let report = desk.report();
    assert_eq!((report.questions.len(), report.counts), (0, (1, 2)), "{report:?}");
    let index = desk.index();
    let own = (0..index.configuration_count()).find(|&one| is_own(&index, one)).unwrap();
    let baseline = (0..index.configuration_count()).find(|&one| is_baseline(&index, one)).unwrap();
    let results = |one: usize| index.results_of(one).collect::<Vec<_>>();
    let found = confront(&index, &results(baseline), &results(own));
    let of = |metric: Metric| &found.pairs.iter().find(|pair| pair.metric == metric).unwrap().ratio;
    let decode = of(Metric::Decode);
    assert_eq!(decode.verdict, Verdict::Real);
    let text = |value: f64| format!("{value:.2}");
    let interval = decode.interval.unwrap();
    assert_eq!([decode.value, interval.low, interval.high].map(text), ["1.07", "1.04", "1.10"]);
    let prefill = of(Metric::Prefill);
    let interval = prefill.interval.unwrap();
    assert_eq!((prefill.verdict, interval.low < 1.0, interval.high > 1.0), (Verdict::Tie, true, true));
}
