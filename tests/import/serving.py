"""Works out what stands in result files of serving benchmarks, without Tokscope.

    python3 tests/import/serving.py >tests/import/serving.txt

One line a result: path, then its metrics and figures by name, in run-file units. A folder of many files is one line with
their number and the sums. Needs PyYAML for reports in YAML.
"""

import json
import math
import pathlib
import statistics

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared/samples"
FOLDERS = [ROOT / "tests/fixtures/serving"] + [
    SAMPLES / name for name in ("vllm", "sglang", "inferencemax", "inference-perf", "genai-bench",
                                "llm-d-benchmark-report", "llama-server-bench")]
MANY = sorted((SAMPLES / "collections/SemiAnalysisAI__InferenceX/experimental/token_position_decode_slo").glob("*/results"))

METRICS = {"ttft": "ttft_ms", "tpot": "tpot_ms", "end_to_end": "end_to_end_ms",
           "decode": "decode_tok_per_s", "output": "output_tok_per_s"}
PERCENTILES = {"1", "5", "10", "25", "50", "75", "90", "95", "99", "99.9"}


class Result(dict):
    """Figures by name; a missing value and a zero are left out."""

    def __init__(self, main="mean"):
        super().__init__()
        self.main = main

    def put(self, name, value):
        if value is not None and math.isfinite(value) and value > 0:
            self[name] = value

    def spread(self, quantity, points, factor=1.0, unit="ms"):
        """Points by name: mean, sd, min, max, and percentiles as numbers in text."""
        for point, value in points.items():
            if value is None or not value > 0:
                continue
            is_main = point == ("mean" if self.main == "mean" else "50")
            if is_main and quantity in METRICS:
                self[METRICS[quantity]] = value * factor
            elif point in ("mean", "sd", "min", "max"):
                self[f"{quantity}_{point}_{unit}"] = value * factor
            elif point in PERCENTILES:
                self[f"{quantity}_p{point.replace('.', '')}_{unit}"] = value * factor
            if is_main and quantity == "tpot":
                self.setdefault("decode_tok_per_s", 1000 / (value * factor))


def documents(text):
    """JSON objects one after the other, and the items of lists."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        value, at = decoder.raw_decode(text, at)
        yield from value if isinstance(value, list) else [value]


def sample_sd(population, count):
    return population * math.sqrt(count / (count - 1)) if population and count and count > 1 else None


def named(record, names):
    """The points of an object, by their names there."""
    points = {}
    for name, value in record.items():
        name = {"median": "50", "minimum": "min", "maximum": "max", "average": "mean"}.get(name, name)
        if name.startswith("p") and name[1:].replace("p", ".") in PERCENTILES:
            name = name[1:].replace("p", ".")
        if name in ("mean", "min", "max") or name in PERCENTILES:
            points[name] = value
    return points


def requests(result, finished, failed):
    result.put("requests", finished)
    result.put("failed_requests", failed)
    return result if finished != 0 else {"failed": 1}


def vllm(r):
    seconds = "median_ttft" in r
    scale, suffix = (1000, "") if seconds else (1, "_ms")
    result = Result("mean" if f"mean_ttft{suffix}" in r else "median")
    n = r["completed"]
    for name, quantity in (("ttft", "ttft"), ("tpot", "tpot"), ("itl", "itl"), ("e2el", "end_to_end")):
        points = {"mean": r.get(f"mean_{name}{suffix}"), "50": r.get(f"median_{name}{suffix}")}
        points |= {p: r[f"p{p}_{name}{suffix}"] for p in PERCENTILES if f"p{p}_{name}{suffix}" in r}
        values = [v for v in r.get("latencies", []) if v > 0]
        if quantity == "end_to_end" and not points["mean"] and values:
            points = {"mean": 1000 * statistics.mean(values), "sd": 1000 * statistics.stdev(values)}
        elif quantity in ("ttft", "end_to_end"):
            points["sd"] = sample_sd(r.get(f"std_{name}_ms"), n)
        elif quantity == "tpot" and "output_lens" in r:
            points["sd"] = sample_sd(r.get("std_tpot_ms"), sum(length > 1 for length in r["output_lens"]))
        result.spread(quantity, points, scale)
    for name, key in (("request_throughput", "request_per_s"), ("output_throughput", "system_output_tok_per_s"),
                      ("input_throughput", "system_input_tok_per_s"), ("total_token_throughput", "system_total_tok_per_s"),
                      ("duration", "duration_s"), ("total_input_tokens",) * 2, ("total_output_tokens",) * 2):
        result.put(key, r.get(name))
    peaks(result, r)
    return [requests(result, n, r.get("failed", r["num_prompts"] - n))]


def peaks(result, r):
    if r.get("max_output_tokens_per_s", 0) >= r["output_throughput"]:
        result.put("system_peak_output_tok_per_s", r["max_output_tokens_per_s"])
    if r.get("max_concurrent_requests", 0) <= (r["max_concurrency"] or math.inf):
        result.put("peak_concurrency", r.get("max_concurrent_requests"))


def sglang(r):
    result = Result("mean" if "mean_ttft_ms" in r else "median")
    for name, quantity in (("ttft", "ttft"), ("tpot", "tpot"), ("itl", "itl"), ("e2e_latency", "end_to_end")):
        points = {"mean": r.get(f"mean_{name}_ms"), "50": r.get(f"median_{name}_ms")}
        points |= {p: r.get(f"p{p}_{name}_ms") for p in ("90", "95", "99")}
        if quantity in ("ttft", "end_to_end"):
            points["sd"] = sample_sd(r.get(f"std_{name}_ms"), r["completed"])
        result.spread(quantity, points)
    for name, key in (("request_throughput", "request_per_s"), ("output_throughput", "system_output_tok_per_s"),
                      ("input_throughput", "system_input_tok_per_s"), ("total_throughput", "system_total_tok_per_s"),
                      ("duration", "duration_s"), ("total_input_tokens",) * 2, ("total_output_tokens",) * 2,
                      ("concurrency", "mean_concurrency"), ("accept_length", "accepted_tokens_per_step")):
        result.put(key, r.get(name))
    peaks(result, r)
    return [requests(result, r["completed"], sum(e != "" for e in r.get("errors", [])))]


def inferencex(r):
    result = Result()
    for name, quantity in (("ttft", "ttft"), ("tpot", "tpot"), ("itl", "itl"), ("e2el", "end_to_end")):
        points = {"mean": r[f"mean_{name}"], "50": r[f"median_{name}"]}
        points |= {p: r.get(f"p{p}_{name}") for p in ("75", "90", "95", "99", "99.9")}
        result.spread(quantity, points, 1000)
    # As the tool states them: its percentiles of rates are those of times.
    result.put("decode_p50_tok_per_s", r["median_intvty"])
    for of_time, of_rate in (("75", "25"), ("90", "10"), ("95", "5"), ("99", "1")):
        result.put(f"decode_p{of_rate}_tok_per_s", r.get(f"p{of_time}_intvty"))
    for name in ("total", "output", "input"):
        field = "tput_per_gpu" if name == "total" else f"{name}_tput_per_gpu"
        result.put(f"{name}_tok_per_s_per_accelerator", r[field])
    return [result]


def inference_perf(r):
    result, good = Result(), r["successes"]
    for name, quantity in (("request_latency", "end_to_end"), ("time_to_first_token", "ttft"),
                           ("time_per_output_token", "tpot"), ("inter_token_latency", "itl"),
                           ("normalized_time_per_output_token", "end_to_end_per_token")):
        result.spread(quantity, named(good["latency"][name], PERCENTILES), 1000)
    for name, key in (("requests_per_sec", "request_per_s"), ("input_tokens_per_sec", "system_input_tok_per_s"),
                      ("output_tokens_per_sec", "system_output_tok_per_s"), ("total_tokens_per_sec", "system_total_tok_per_s")):
        result.put(key, good["throughput"][name])
    result.put("duration_s", r.get("benchmark_time_seconds"))
    return [requests(result, good["count"], r["failures"]["count"])]


def genai_bench(r):
    whole, result = r["aggregated_metrics"], Result()
    stats, n = whole["stats"], whole["num_completed_requests"]
    ms = 1 if r.get("_time_unit") == "ms" else 1000
    length = stats["num_output_tokens"]["mean"]
    # 1 where the time per token is over the tokens after the first.
    factor = stats["output_latency"]["mean"] / (length - 1) / stats["tpot"]["mean"]
    for name, quantity, scale, unit in (("ttft", "ttft", ms, "ms"), ("e2e_latency", "end_to_end", ms, "ms"),
                                        ("input_throughput", "client_prefill", 1, "tok_per_s"),
                                        ("output_inference_speed", "decode", 1 / factor, "tok_per_s"),
                                        ("tpot", "tpot", ms * factor, "ms")):
        points = named(stats[name], PERCENTILES)
        points["sd"] = sample_sd(stats[name]["stddev"], n)
        result.spread(quantity, points, scale, unit)
    for name, key in (("mean_output_throughput_tokens_per_s", "system_output_tok_per_s"),
                      ("mean_input_throughput_tokens_per_s", "system_input_tok_per_s"),
                      ("mean_total_tokens_throughput_tokens_per_s", "system_total_tok_per_s"), ("run_duration", "duration_s")):
        result.put(key, whole.get(name))
    result.put("request_per_s", whole.get("requests_per_second", whole.get("requests_per_minute", 0) / 60))
    return [requests(result, n, whole["num_error_requests"])]


def llm_d(r):
    of, result = r["results"]["request_performance"]["aggregate"], Result()
    for name, quantity in (("request_latency", "end_to_end"), ("time_to_first_token", "ttft"),
                           ("time_per_output_token", "tpot"), ("inter_token_latency", "itl"),
                           ("normalized_time_per_output_token", "end_to_end_per_token")):
        unit = of["latency"][name]["units"]
        result.spread(quantity, named(of["latency"][name], PERCENTILES), 1 if unit.startswith("ms") else 1000)
    for name, key in (("request_rate", "request_per_s"), ("input_token_rate", "system_input_tok_per_s"),
                      ("output_token_rate", "system_output_tok_per_s"), ("total_token_rate", "system_total_tok_per_s")):
        result.put(key, of["throughput"].get(name, {}).get("mean"))
    duration = r["run"]["time"]["duration"].removeprefix("PT").removesuffix("S").split("M")
    result.put("duration_s", sum(float(part) * 60 ** i for i, part in enumerate(reversed(duration))))
    result.put("incomplete_requests", of["requests"].get("incomplete"))
    failed = of["requests"]["failures"]
    return [requests(result, of["requests"]["total"] - failed - of["requests"].get("incomplete", 0), failed)]


def speed_bench(r):
    results = []
    for category in dict.fromkeys(one["category"] for one in r["results"]):
        rows = [one for one in r["results"] if one["category"] == category]
        good, result = [one for one in rows if one["ok"]], Result()
        for quantity, values, unit in (
                ("end_to_end", [1000 * one["latency_s"] for one in good], "ms"),
                ("decode", [1000 * (one["completion_tokens"] - one["turns"]) / one["predicted_ms"] for one in good], "tok_per_s")):
            sd = statistics.stdev(values) if len(values) > 1 else None
            result.spread(quantity, {"mean": statistics.mean(values), "sd": sd}, 1, unit)
        results.append(requests(result, len(good), len(rows) - len(good)))
    return results


def results(record):
    if "infmax_model_prefix" in record:
        return inferencex(record)
    if "random_range_ratio" in record:
        return sglang(record)
    if "tokenizer_id" in record:
        return vllm(record)
    if "load_summary" in record:
        return inference_perf(record)
    if "aggregated_metrics" in record:
        return genai_bench(record)
    if "bench" in record.get("config", {}):
        return speed_bench(record)
    if "request_performance" in record.get("results", {}):
        return llm_d(record)
    return []


def of_file(path):
    text = path.read_text(encoding="utf-8")
    records = [yaml.safe_load(text)] if path.suffix == ".yaml" else documents(text)
    return [result for record in records for result in results(record)]


def show(name, result):
    print(name, *(f"{key}={value:.9g}" for key, value in sorted(result.items())))


def place(path):
    return path.relative_to(ROOT.parent if "shared" in path.parts else ROOT)


for folder in FOLDERS:
    for path in sorted(folder.iterdir()):
        # What is made up has its figures in a test by hand.
        if path.suffix in (".json", ".jsonl", ".yaml") and "schema" not in path.name:
            for result in of_file(path):
                show(place(path), result)
for folder in MANY:
    files = sorted(folder.glob("*.json"))
    sums = {"files": len(files)}
    for result in (result for path in files for result in of_file(path)):
        for key, value in result.items():
            sums[key] = sums.get(key, 0) + value
    show(f"{place(folder)}/", sums)
