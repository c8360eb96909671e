//! Measures of GPUs in the summaries of AIPerf and genai-perf, wherever a version puts them.

use serde_json::Value;

use super::value::{number, text};
use crate::model::Figure;

/// Bytes of a GiB.
const GIB: f64 = 1024.0 * 1024.0 * 1024.0;

/// Power, energy and memory of all GPUs together.
pub(super) fn figures(summary: &Value) -> Vec<(Figure, Option<f64>)> {
    let power = gpu(summary, "gpu_power_usage", |unit| match unit {
        "W" => Some(1.0),
        "mW" => Some(1e-3),
        _ => None,
    });
    let energy = gpu(summary, "energy_consumption", |unit| match unit {
        "MJ" => Some(1e6),
        "kJ" => Some(1e3),
        "J" => Some(1.0),
        "mJ" => Some(1e-3),
        _ => None,
    });
    let memory = gpu(summary, "gpu_memory_used", |unit| match unit {
        "GB" => Some(1e9 / GIB),
        "MB" => Some(1e6 / GIB),
        "GiB" => Some(1.0),
        "MiB" => Some(1.0 / 1024.0),
        _ => None,
    });
    vec![
        (Figure::MeanPower, power.mean),
        (Figure::Energy, energy.mean),
        (Figure::PeakAcceleratorMemory, memory.largest),
    ]
}

/// A measure of all GPUs together.
#[derive(Default)]
struct OfGpus {
    mean: Option<f64>,
    largest: Option<f64>,
}

/// The sum over every GPU of a measure, wherever a version puts it; `factor` knows the units.
fn gpu(summary: &Value, name: &str, factor: impl Fn(&str) -> Option<f64>) -> OfGpus {
    let mut of = OfGpus::default();
    let telemetry = ["/telemetry_data", "/telemetry_stats"];
    let mut open: Vec<(&Value, usize)> =
        telemetry.iter().filter_map(|at| Some((summary.pointer(at)?, 0))).collect();
    let mut add = |metric: &Value, unit: &str| {
        let Some(factor) = factor(unit) else { return };
        for (to, key) in [(&mut of.mean, "/avg"), (&mut of.largest, "/max")] {
            if let Some(value) = number(metric, key) {
                *to = Some(to.unwrap_or(0.0) + value * factor);
            }
        }
    };
    while let Some((value, depth)) = open.pop() {
        let Some(map) = value.as_object().filter(|_| depth < 8) else { continue };
        for (key, inner) in map {
            if key == name {
                let unit = text(inner, "/unit").unwrap_or_default();
                add(inner, &unit);
                // genai-perf puts each GPU below the unit.
                let each = inner.as_object().into_iter().flatten().filter(|(key, _)| key.starts_with("gpu"));
                each.for_each(|(_, metric)| add(metric, &unit));
            } else {
                open.push((inner, depth + 1));
            }
        }
    }
    of
}

/// The name of the first GPU.
pub(super) fn gpu_name(summary: &Value) -> Option<String> {
    let mut open: Vec<(&Value, usize)> =
        summary.get("telemetry_data").map(|data| (data, 0)).into_iter().collect();
    while let Some((value, depth)) = open.pop() {
        if let Some(name) = text(value, "/gpu_name") {
            return Some(name);
        }
        if let Some(map) = value.as_object().filter(|_| depth < 6) {
            open.extend(map.values().map(|inner| (inner, depth + 1)));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_of_all_gpus_are_added() {
        let summary = serde_json::json!({ "telemetry_stats": {
            "gpu_power_usage": { "unit": "W", "gpu0": { "avg": 100.0, "max": 120.0 }, "gpu1": { "avg": 50.0 } }
        } });
        let of = gpu(&summary, "gpu_power_usage", |unit| (unit == "W").then_some(1.0));
        assert_eq!((of.mean, of.largest), (Some(150.0), Some(120.0)));
    }
}
