//! Results as a table of Parquet files, read by a program that is not ours.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use tokscope::index::Index;
use tokscope::model::Metric;

use crate::{empty, index, root, run, tokscope};

#[test]
fn duckdb_reads_every_result() {
    let folder = empty("parquet").join("results");
    run(Command::new(tokscope()).args(["export", "--parquet"]).arg(&folder).current_dir(root()));
    let script = root().join("tests/docs_kit/tables.py");
    let columns = Metric::ALL.map(Metric::key);
    let printed = run(Command::new("python3").arg(script).arg(&folder).args(columns));
    let lines: Vec<Vec<f64>> =
        printed.lines().map(|line| line.split(' ').map(|word| word.parse().unwrap()).collect()).collect();

    let index = Index::from_json(&fs::read(index()).unwrap()).unwrap();
    let of_result = |result| index.configuration_of(index.run_of(result));
    let rigs: BTreeSet<u32> =
        (0..index.result_count()).map(|result| index.configurations.hardware[of_result(result)]).collect();
    assert_eq!(lines[0], [index.result_count() as f64, rigs.len() as f64]);
    for (metric, line) in Metric::ALL.into_iter().zip(&lines[1..]) {
        let values: Vec<f64> =
            (0..index.result_count()).filter_map(|result| index.value(result, metric)).collect();
        let sum: f64 = values.iter().sum();
        let (least, largest) = (f64::min, f64::max);
        let bound = |of: fn(f64, f64) -> f64| values.iter().copied().reduce(of).unwrap_or_default();
        assert_eq!(
            [line[0], line[2], line[3]],
            [values.len() as f64, bound(least), bound(largest)],
            "{metric:?}"
        );
        // Sums in another order differ in their last digits.
        assert!((line[1] - sum).abs() <= sum * 1e-9, "{metric:?}: {} and {sum}", line[1]);
        let column = index.repetitions.metrics.get(metric.position());
        let repeated = column.map_or(0, |_| {
            let of = |result| {
                index.repetitions_of(result).len() * usize::from(!index.repeated(result, metric).is_empty())
            };
            (0..index.result_count()).map(of).sum()
        });
        assert_eq!(line[4], repeated as f64, "{metric:?}");
    }
}
