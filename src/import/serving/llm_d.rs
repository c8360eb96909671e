//! Benchmark reports of llm-d, versions 0.1 and 0.2: figures of other tools in one form, each with its unit.

use super::inference_perf::{RATES, TIMES};
use super::record::Record;
use super::spread::{Spread, place};
use super::{
    Requests, accelerator, count_requests, engine_name, in_flight, new_cell, put, set, set_all, set_model,
    tokens,
};
use crate::import::cell::Cell;
use crate::import::finding::{Say, quote};
use crate::import::{date, names};
use crate::model::run::{Statistic, Timing};
use crate::model::{Figure, plain};

/// Rates of version 0.2, with the names of 0.1 in [`RATES`].
const RATES_2: [(&str, Figure); 4] = [
    ("input_token_rate", Figure::SystemInput),
    ("output_token_rate", Figure::SystemOutput),
    ("total_token_rate", Figure::SystemTotal),
    ("request_rate", Figure::RequestPerS),
];

pub(super) fn is_record(record: Record<'_>) -> bool {
    record.has("version")
        && aggregate(record).is_some_and(|figures| figures.has("latency") || figures.has("requests"))
}

/// The figures over all requests.
fn aggregate(record: Record<'_>) -> Option<Record<'_>> {
    let of_2 = || record.inner("results")?.inner("request_performance")?.inner("aggregate");
    of_2().or_else(|| record.inner("metrics").filter(|_| record.has("scenario")))
}

pub(super) fn cell(record: Record<'_>, say: &mut Say<'_>) -> Option<Cell> {
    let figures = aggregate(record)?;
    let requests = figures.inner("requests");
    let length =
        |name| tokens(requests.and_then(|requests| requests.inner(name)).and_then(|of| of.number("mean")));
    let lengths = (length("input_length"), length("output_length"));
    let mut cell = new_cell(record.line, "llm-d benchmark report", Timing::Served, lengths);
    cell.statistic = Statistic::Mean;
    let time = record.inner("run").and_then(|run| run.inner("time"));
    cell.date = time.and_then(|time| time.text("start")).as_deref().and_then(date::of_iso);
    if let Some(scenario) = record.inner("scenario") {
        stack(&mut cell, scenario);
        scenario_1(&mut cell, scenario);
        load(&mut cell, scenario);
    }
    times(&mut cell, figures, say);
    if let Some(throughput) = figures.inner("throughput") {
        for (name, figure) in RATES_2.into_iter().chain(RATES) {
            let mean = throughput.inner(name).and_then(|of| of.number("mean"));
            put(&mut cell, figure, mean.or_else(|| throughput.number(name)));
        }
    }
    let duration = figures.inner("time").and_then(|time| time.number("duration"));
    put(&mut cell, Figure::Duration, duration.or_else(|| seconds(&time?.text("duration")?)));
    if let Some(requests) = requests {
        let failed = requests.count("failures").unwrap_or(0);
        let incomplete = requests.count("incomplete").unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "more requests than 2^53 are no benchmark")]
        put(&mut cell, Figure::IncompleteRequests, Some(incomplete as f64));
        let finished =
            requests.count("total").map(|all| all.saturating_sub(failed).saturating_sub(incomplete));
        count_requests(&mut cell, &Requests { finished, failed, error: None }, say);
    }
    Some(cell)
}

/// What answered, in version 0.2: the first engine of the components.
fn stack(cell: &mut Cell, scenario: Record<'_>) {
    let mut engines = scenario
        .items("stack")
        .filter_map(|component| component.inner("standardized"))
        .filter(|component| component.text("kind").as_deref() == Some("inference_engine"));
    let Some(engine) = engines.next() else { return };
    cell.engine = engine.text("tool").map(|tool| engine_name(&tool));
    // A picture of a container is named with its registry.
    cell.build = engine.text("tool_version").map(|version| names::base(&version).to_owned());
    set_model(cell, engine.inner("model").and_then(|model| model.text("name")));
    set_all(cell, engine, &["replicas"], &["1"]);
    set(cell, "role", engine.text("role"), &["replica", "both"]);
    if let Some(device) = engine.inner("accelerator") {
        machine(cell, device);
    }
    let others = engines.count();
    if others > 0 {
        cell.notes.push(format!("{} engines answered together; the first one is named.", others + 1));
    }
}

/// What answered, in version 0.1.
fn scenario_1(cell: &mut Cell, scenario: Record<'_>) {
    if cell.name.is_none() {
        set_model(cell, scenario.inner("model").and_then(|model| model.text("name")));
    }
    if let Some(engine) = scenario.inner("platform").and_then(|platform| platform.items("engine").next()) {
        cell.engine = cell.engine.take().or_else(|| Some(engine_name(&engine.text("name")?)));
        let version = engine.text("version").map(|version| names::base(&version).to_owned());
        cell.build = cell.build.take().or(version);
    }
    if let Some(device) = scenario.inner("host").and_then(|host| host.items("accelerator").next()) {
        machine(cell, device);
    }
}

fn machine(cell: &mut Cell, device: Record<'_>) {
    let model = device.text("model");
    cell.accelerator = model.as_deref().and_then(accelerator);
    let count = device.count("count").filter(|&count| count > 1).map(|count| format!("{count} × "));
    cell.machine = model.map(|model| format!("{}{model}", count.unwrap_or_default()));
    if let Some(parallel) = device.inner("parallelism") {
        set_all(cell, parallel, &["tp", "pp", "dp", "ep"], &["1"]);
    }
}

fn load(cell: &mut Cell, scenario: Record<'_>) {
    let Some(load) = scenario.inner("load").and_then(|load| load.inner("standardized")) else { return };
    cell.concurrency = in_flight(load.count("concurrency"));
    set(cell, "request_rate", load.number("rate_qps").map(plain), &[]);
    set(cell, "load_tool", load.text("tool"), &[]);
}

fn times(cell: &mut Cell, figures: Record<'_>, say: &mut Say<'_>) {
    let Some(latency) = figures.inner("latency") else { return };
    for (name, quantity) in TIMES {
        let Some(of) = latency.inner(name) else { continue };
        let unit = of.text("units").unwrap_or_default();
        let factor = match unit.as_str() {
            "s" | "s/token" => 1000.0,
            "ms" | "ms/token" => 1.0,
            _ => {
                say.at(
                    cell.line,
                    name,
                    format!("unit {}", quote(&unit)),
                    "s, ms, s/token or ms/token; it is left out",
                );
                continue;
            }
        };
        place(cell, quantity, &Spread::of_fields(of).times(factor));
    }
}

/// The seconds of a duration as in ISO 8601, `PT1M49.97S`; days and longer are not read.
fn seconds(text: &str) -> Option<f64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut sum = 0.0;
    for (unit, factor) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((number, after)) = rest.split_once(unit) {
            sum += number.parse::<f64>().ok()? * factor;
            rest = after;
        }
    }
    rest.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_seconds() {
        assert_eq!(seconds("PT49.5S"), Some(49.5));
        assert_eq!(seconds("PT1H2M3S"), Some(3723.0));
        assert_eq!((seconds("P1D"), seconds("49.5"), seconds("PTxS")), (None, None, None));
    }
}
