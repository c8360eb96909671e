//! The figures of `tests/stats/reference.py`, which SciPy and NumPy computed, to one part in 10⁹.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;
use tokscope::stats::{Ratio, Sample, StudentT, Summary, Verdict, outlier, slow_start, smallest_ratio};

static REFERENCE: LazyLock<Value> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/stats/reference.json");
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
});

fn cases(kind: &str) -> &'static [Value] {
    let cases = REFERENCE[kind].as_array().unwrap();
    assert!(!cases.is_empty());
    cases
}

fn number(case: &Value, name: &str) -> f64 {
    case[name].as_f64().unwrap_or_else(|| panic!("no {name} in {case}"))
}

fn numbers(case: &Value, name: &str) -> Vec<f64> {
    case[name].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

#[track_caller]
fn close(what: &str, found: f64, expected: f64, share: f64) {
    assert!((found - expected).abs() <= share * expected.abs(), "{what}: found {found}, expected {expected}");
}

#[test]
fn the_distribution_of_student_is_that_of_scipy() {
    for case in cases("student") {
        let student = StudentT::new(number(case, "degrees_of_freedom")).unwrap();
        if case["t"].is_null() {
            let found = student.quantile(number(case, "p")).unwrap();
            close(&case.to_string(), found, number(case, "quantile"), 1e-9);
        } else {
            let found = student.cumulative(number(case, "t")).unwrap();
            close(&case.to_string(), found, number(case, "cumulative"), 1e-9);
        }
    }
}

#[test]
fn summaries_are_those_of_numpy() {
    for case in cases("comparisons") {
        let values = numbers(case, "a");
        let (summary, expected) = (Summary::of(&values).unwrap(), &case["summary_a"]);
        assert_eq!(summary.n, values.len());
        close("mean", summary.mean, number(expected, "mean"), 1e-12);
        close("median", summary.median.unwrap(), number(expected, "median"), 1e-12);
        close("deviation", summary.deviation.unwrap(), number(expected, "deviation"), 1e-9);
        close("variation", summary.variation().unwrap(), number(expected, "variation"), 1e-9);
        assert_eq!(summary.min, Some(number(expected, "min")));
        assert_eq!(summary.max, Some(number(expected, "max")));
    }
}

#[test]
fn intervals_and_p_values_are_those_of_scipys_welch_test() {
    for (at, case) in cases("comparisons").iter().enumerate() {
        let [a, b] = ["a", "b"].map(|side| Sample::of(&numbers(case, side), None).unwrap());
        let ratio = Ratio::between(&a, &b);
        let interval = ratio.interval.unwrap();
        let what = |name: &str| format!("case {at}, {name}");
        close(&what("ratio"), ratio.value, number(case, "ratio"), 1e-9);
        close(&what("low"), interval.low, number(case, "low"), 1e-9);
        close(&what("high"), interval.high, number(case, "high"), 1e-9);
        close(&what("freedom"), interval.degrees_of_freedom, number(case, "degrees_of_freedom"), 1e-9);
        close(&what("p value"), interval.p_value, number(case, "p_value"), 1e-9);
        let real = number(case, "p_value") < 0.05;
        assert_eq!(ratio.verdict, if real { Verdict::Real } else { Verdict::Tie }, "case {at}");
    }
}

#[test]
fn the_smallest_ratio_has_the_power_that_is_said() {
    for case in cases("smallest") {
        let [n, m] = ["n", "m"].map(|side| usize::try_from(case[side].as_u64().unwrap()).unwrap());
        // ±1 around 1 on the logarithm, so that any number of values has a spread of known size.
        let side =
            |n: usize| -> Vec<f64> { (0..n).map(|at| if at % 2 == 0 { 1.01 } else { 1.0 / 1.01 }).collect() };
        let [a, b] = [n, m].map(|n| Sample::of(&side(n), None).unwrap());
        let [of_n, of_m] = [n, m].map(|n| f64::from(u32::try_from(n).unwrap()));
        let squares = (of_n - 1.0) * a.log_deviation().unwrap().powi(2)
            + (of_m - 1.0) * b.log_deviation().unwrap().powi(2);
        let error = (squares / (of_n + of_m - 2.0) * (1.0 / of_n + 1.0 / of_m)).sqrt();
        let found = smallest_ratio(&a, &b).unwrap().ln() / error;
        close(&case.to_string(), found, number(case, "standard_errors"), 1e-3);
    }
}

#[test]
fn repetitions_stand_apart_as_the_textbooks_say() {
    let mut flagged = 0;
    for case in cases("apart") {
        let values = numbers(case, "values");
        let found = slow_start(&values, false, None);
        let p = number(case, "slow_p");
        assert_eq!(found.is_some(), p < 0.05, "{case}");
        if let Some(found) = found {
            close("p value", found.p_value, p, 1e-9);
            flagged += 1;
        }
        let expected = case["outlier"].as_u64().map(|at| usize::try_from(at).unwrap());
        assert_eq!(outlier(&values, None).map(|apart| apart.position), expected, "{case}");
    }
    assert!(flagged >= 3);
}
