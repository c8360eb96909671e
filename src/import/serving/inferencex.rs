//! InferenceX, before InferenceMAX: the summaries that it makes of serving benchmarks.
//!
//! Times are in seconds. Rates are those of all requests, divided by the accelerators. What it calls interactivity is
//! 1 by the time per output token, point by point: its 99th percentile is thus the 1st one of the rates.

use super::record::Record;
use super::spread::{Spread, place};
use super::{accelerator, engine_name, in_flight, new_cell, put, set, set_all, set_model};
use crate::import::cell::Cell;
use crate::import::names;
use crate::model::run::{Statistic, Timing};
use crate::model::{Figure, Point, Quantity};

/// Points, their names, and the point of a rate that belongs to that of a time.
const POINTS: [(&str, Point, Option<Point>); 7] = [
    ("mean", Point::Mean, None),
    ("median", Point::P50, Some(Point::P50)),
    ("p75", Point::P75, Some(Point::P25)),
    ("p90", Point::P90, Some(Point::P10)),
    ("p95", Point::P95, Some(Point::P5)),
    ("p99", Point::P99, Some(Point::P1)),
    ("p99.9", Point::P999, None),
];

pub(super) fn is_record(record: Record<'_>) -> bool {
    ["infmax_model_prefix", "tput_per_gpu"].into_iter().all(|name| record.has(name))
}

pub(super) fn cell(record: Record<'_>) -> Cell {
    let length = |name| record.count(name).and_then(|length| u32::try_from(length).ok());
    let mut cell = new_cell(record.line, "inferencex", Timing::Served, (length("isl"), length("osl")));
    set_model(&mut cell, record.text("model").or_else(|| record.text("infmax_model_prefix")));
    cell.quant = record.text("precision").map(|precision| precision.to_ascii_uppercase()).or(cell.quant);
    cell.engine = record.text("framework").map(|engine| engine_name(&engine));
    let image = record.text("image").filter(|image| image != "none");
    cell.build = image.map(|image| names::base(&image).to_owned());
    cell.machine = record.text("hw");
    cell.accelerator = cell.machine.as_deref().and_then(accelerator);
    cell.concurrency = in_flight(record.count("conc"));
    cell.statistic = Statistic::Mean;
    let parallel = ["tp", "pp", "dcp_size", "pcp_size", "ep", "dp_attention", "disagg", "is_multinode"];
    set_all(&mut cell, record, &parallel, &["1", "0", "false", "off"]);
    set(&mut cell, "spec_decoding", record.scalar("spec_decoding"), &["none", "off", "false"]);
    for name in record.names().filter(|name| name.starts_with("prefill_") || name.starts_with("decode_")) {
        set(&mut cell, name, record.scalar(name), &[]);
    }
    let seconds = |name: &str| {
        let points = POINTS.map(|(start, point, _)| (point, record.number(&format!("{start}_{name}"))));
        Spread::of(points).times(1000.0)
    };
    let tpot = seconds("tpot");
    for (name, quantity) in [("ttft", Quantity::Ttft), ("itl", Quantity::Itl), ("e2el", Quantity::EndToEnd)] {
        place(&mut cell, quantity, &seconds(name));
    }
    place(&mut cell, Quantity::Tpot, &tpot);
    let rates = POINTS
        .into_iter()
        .filter_map(|(_, of_time, of_rate)| Some((of_rate?, Some(1000.0 / tpot.get(of_time)?))));
    place(&mut cell, Quantity::Decode, &Spread::of(rates));
    for (figure, name) in [
        (Figure::TotalPerAccelerator, "tput_per_gpu"),
        (Figure::OutputPerAccelerator, "output_tput_per_gpu"),
        (Figure::InputPerAccelerator, "input_tput_per_gpu"),
    ] {
        put(&mut cell, figure, record.number(name));
    }
    cell
}
