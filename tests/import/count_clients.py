"""Counts what stands in result files of clients and of tools of one machine, without Tokscope.

    python3 tests/import/count_clients.py >tests/import/counts_clients.txt

One line a file: path, results, failed results, runs, repetitions, then sums over the results: decode, prefill,
TTFT, TPOT, end-to-end, output of all requests together, 99th percentile of TTFT, failed requests.
A result with repetitions counts with their mean.
"""

import csv
import io
import json
import pathlib
import re
import statistics

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = ("guidellm", "aiperf", "llama-benchy", "ollama", "localscore", "optimum-benchmark", "mlx-lm")
FOLDERS = [ROOT / "tests/fixtures/clients", *(ROOT.parent / "shared/samples" / name for name in NAMES)]
CLI = ROOT.parent / "shared/samples/llama-server/gen_v0.5.0_llama-cli_stdout.txt"
KEYS = ("decode", "prefill", "ttft", "tpot", "e2e", "system", "p99", "lost")


def line(results, runs):
    """Each result is a dictionary of values, of lists for repetitions, or None where it failed."""
    sums = dict.fromkeys(KEYS, 0.0)
    repetitions = 0
    for result in filter(None, results):
        lists = [value for value in result.values() if isinstance(value, list)]
        repetitions += max(map(len, lists), default=0)
        for key, value in result.items():
            sums[key] += statistics.fmean(value) if isinstance(value, list) else value or 0.0
    return (len(results), sum(result is None for result in results), runs, repetitions,
            *(f"{sums[key]:.3f}" for key in KEYS))


def guidellm(document):
    results, rates = [], set()
    for b in document["benchmarks"]:
        m = {k: v["successful"] for k, v in b["metrics"].items() if isinstance(v, dict) and isinstance(v.get("successful"), dict)}
        tpot = m["inter_token_latency_ms"]["mean"]
        results.append(dict(decode=1e3 / tpot, tpot=tpot, ttft=m["time_to_first_token_ms"]["mean"],
                            e2e=m["request_latency"]["mean"] * 1e3,
                            system=m["output_token_count"]["total_sum"] / b["duration"],
                            p99=m["time_to_first_token_ms"]["percentiles"]["p99"],
                            lost=b["scheduler_metrics"]["requests_made"]["errored"]))
        rates.add(b["config"]["strategy"].get("rate"))
    return line(results, len(rates))


def guidellm_csv(text):
    groups, names, stats, *rows = csv.reader(io.StringIO(text))
    results = []
    for row in rows:
        at = {key: value for key, value in zip(zip(groups, names, stats), row)}
        mean = lambda group, name: float(at[group, name, "Mean"])
        tpot = mean("Inter Token Latency", "Successful ms")
        seconds = float(at["Timings", "Duration", "Sec"])
        # The list begins with the smallest and ends with the largest; the median is not in it.
        p99 = json.loads(at["Time to First Token", "Successful ms", "Percentiles"])[9]
        results.append(dict(decode=1e3 / tpot, tpot=tpot, ttft=mean("Time to First Token", "Successful ms"),
                            e2e=mean("Request Latency", "Successful Sec") * 1e3, p99=p99,
                            system=mean("Token Metrics", "Successful Output Tokens") * float(at["Request Counts", "Successful", ""]) / seconds))
    return line(results, len(results))


def perf(document):
    """The summary of AIPerf and genai-perf."""
    avg = lambda tag: document.get(tag, {}).get("avg")
    result = dict(ttft=avg("time_to_first_token"), e2e=avg("request_latency"),
                  p99=document["time_to_first_token"]["p99"], lost=avg("error_request_count"))
    server = avg("usage_completion_tokens")
    if server and abs(server - avg("output_sequence_length")) > 0.05 * server:
        result["system"] = avg("total_usage_completion_tokens") / avg("benchmark_duration")
    else:
        result |= dict(system=avg("output_token_throughput"), tpot=avg("inter_token_latency"),
                       decode=avg("output_token_throughput_per_user") or 1e3 / avg("inter_token_latency"))
    return line([result], 1)


def perf_csv(text):
    document, header = {}, []
    labels = {"usage_completion_tokens": "usage_completion_tokens"}
    for cells in csv.reader(io.StringIO(text)):
        if not cells or cells[0] == "Endpoint":
            header = []
        elif cells[0] == "Metric":
            header = ["avg" if name == "Value" else name for name in cells]
        elif header:
            tag = re.sub(r" \(.*\)$", "", cells[0]).lower().replace(" ", "_")
            document[labels.get(tag, tag)] = {k: float(v.replace(",", "")) for k, v in zip(header[1:], cells[1:]) if v}
    return perf(document)


def records(rows):
    rows = [row for row in rows if row["metadata"]["benchmark_phase"] == "profiling"]
    good = [row for row in rows if not row.get("error")]
    of = lambda tag: [row["metrics"][tag]["value"] for row in good]
    ttft, latency, tokens = of("time_to_first_token"), of("request_latency"), of("usage_completion_tokens")
    tpots = [(l - t) / (n - 1) for l, t, n in zip(latency, ttft, tokens)]
    decodes = [1e3 / t for t in tpots if t > 0]
    tpot = statistics.fmean(tpots)
    ends = max(row["metadata"]["request_end_ns"] for row in good)
    starts = min(row["metadata"]["request_start_ns"] for row in rows)
    # 99th percentile between the two largest of fewer than 100.
    ordered, place = sorted(ttft), 0.99 * (len(ttft) - 1)
    p99 = ordered[int(place)] + (place % 1) * (ordered[min(int(place) + 1, len(ttft) - 1)] - ordered[int(place)])
    decode = statistics.fmean(decodes) if len(decodes) == len(tpots) else 1e3 / tpot
    return line([dict(decode=decode, tpot=tpot, ttft=statistics.fmean(ttft), e2e=statistics.fmean(latency), p99=p99,
                      system=sum(tokens) / (ends - starts) * 1e9, lost=len(rows) - len(good))], 1)


def benchy(document):
    return line([dict(decode=b["tg_req_throughput"]["values"], ttft=b["e2e_ttft"]["values"])
                 for b in document["benchmarks"]], 1)


def benchy_rows(rows):
    mean = lambda cell: float(cell.split("±")[0]) if cell.strip() else 0.0
    decode = sum(mean(row.get("t/s (req)") or row.get("t_s_req_mean") or "") for row in rows if (row.get("test") or row["test_name"]).startswith("tg"))
    ttft = sum(mean(row.get("e2e_ttft (ms)") or row.get("e2e_ttft_mean") or "") for row in rows)
    half = len(rows) // 2
    return line([dict(decode=decode, ttft=ttft), *({} for _ in range(half - 1))], 1)


def ollama(rows):
    rows = [{k.removesuffix("_ns"): v for k, v in row.items()} for row in rows if "eval_count" in row]
    groups = {}
    for row in rows:
        groups.setdefault((row.get("prompt_eval_count"), row["eval_count"]), []).append(row)
    results = []
    for group in groups.values():
        warm = [row for row in group if row.get("phase") != "cold"] or group
        loads = lambda row: float(row.get("load_duration", 0)) if float(row.get("load_duration", 0)) > 5e8 else 0.0
        result = dict(decode=[float(row["eval_count"]) / float(row["eval_duration"]) * 1e9 for row in warm],
                      e2e=statistics.fmean((float(row["total_duration"]) - loads(row)) / 1e6 for row in warm))
        if all(row.get("prompt_eval_duration") for row in warm):
            result["prefill"] = [float(row["prompt_eval_count"]) / float(row["prompt_eval_duration"]) * 1e9 for row in warm]
        results.append(result)
    return line(results, len(results))


def ollama_verbose(text):
    of = lambda name: re.search(rf"^{name}: +([\d.]+)", text, re.M)[1]
    return line([dict(decode=[float(of("eval rate"))], prefill=[float(of("prompt eval rate"))],
                      e2e=float(of("total duration")) * 1e3)], 1)


def localscore(document):
    tests = document.get("results") or document["test_results"]
    runs = {test.get("benchmark_run_id") for test in tests}
    return line([dict(decode=t["gen_tps"], prefill=t["prompt_tps"], ttft=t["ttft_ms"], e2e=t["avg_time_ms"])
                 for t in tests], len(runs))


def optimum(report, config):
    if "generate" not in report:
        return line([], 0)
    values = lambda part: json.loads(report[part]["latency"]["values"]) if isinstance(report[part]["latency"]["values"], str) else report[part]["latency"]["values"]
    mean = lambda part: float(report[part]["latency"]["mean"])
    result = dict(decode=[15 / s for s in values("decode")], ttft=[s * 1e3 for s in values("prefill")],
                  tpot=mean("decode") * 1e3 / 15, e2e=mean("generate") * 1e3)
    if config:
        result["prefill"] = [64 / s for s in values("prefill")]
    return line([result], 1)


def optimum_csv(text):
    rows = list(csv.DictReader(io.StringIO(text)))
    if "experiment_name" not in rows[0]:
        report = {}
        for name, value in rows[0].items():
            if name.startswith("report.") and ".latency." in name:
                _, part, _, stat = name.split(".")
                report.setdefault(part, {"latency": {}})["latency"][stat] = value
        return optimum(report, True)
    first = lambda row, *names: float(next(row[name] for name in names if row.get(name)))
    results, runs = [], set()
    for row in rows:
        forward = first(row, "forward.latency(s)", "Forward Latency (s)")
        e2e = float(row.get("generate.latency(s)") or 0) * 1e3
        results.append(dict(prefill=256 / forward, ttft=forward * 1e3, e2e=e2e,
                            system=first(row, "generate.throughput(tokens/s)", "Generate Throughput (tokens/s)")))
        runs.add("gptq" in row["experiment_name"])
    return line(results, len(runs))


def mlx(text):
    if trials := re.findall(r"^Trial \d+: +prompt_tps=([\d.]+), generation_tps=([\d.]+)", text, re.M):
        n = int(re.search(r"generation_tokens=(\d+)", text)[1])
        return line([dict(prefill=[float(p) for p, _ in trials], decode=[float(g) * (n - 1) / n for _, g in trials])], 1)
    if found := re.search(r"^Prompt: \d+ tokens, ([\d.]+) .*\nGeneration: (\d+) tokens, ([\d.]+)", text, re.M):
        n = int(found[2])
        return line([dict(prefill=float(found[1]), decode=float(found[3]) * (n - 1) / n)], 1)
    rows = [[cell.strip() for cell in row.split("|")] for row in text.splitlines() if row.count("|") == 5]
    rows = [row for row in rows if row[0] != "Precision" and not row[0].startswith("---")]
    results = [None if ":skull:" in row[2] else dict(prefill=float(row[2]), decode=float(row[3]) * 127 / 128) for row in rows]
    return line(results, len(results))


def table(text):
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in text.splitlines() if row.startswith("|")]
    return [dict(zip(rows[0], row)) for row in rows[2:]]


def count(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        rows = [json.loads(row) for row in text.splitlines()]
        return records(rows) if "metadata" in rows[0] else ollama(rows)
    if path.suffix == ".json":
        document = json.loads(text)
        if "runtime_info" in document or "test_results" in document:
            return localscore(document)
        if "latency_mode" in document:
            return benchy(document)
        if "guidellm_version" in document.get("metadata", {}):
            return guidellm(document)
        if "request_latency" in document:
            return perf(document)
        return optimum(document.get("report", document), document.get("config"))
    if path.suffix == ".csv":
        first = text.split("\n", 1)[0]
        if first.startswith("Run Info"):
            return guidellm_csv(text)
        if first.startswith("Metric,"):
            return perf_csv(text)
        if "eval_count" in first:
            return ollama(list(csv.DictReader(io.StringIO(text))))
        if "test_name" in first:
            return benchy_rows(list(csv.DictReader(io.StringIO(text))))
        return optimum_csv(text)
    if "ttfr (ms)" in text:
        return benchy_rows(table(text))
    if "eval rate" in text:
        return ollama_verbose(text)
    if found := re.search(r"^\[ Prompt: ([\d.]+) t/s \| Generation: ([\d.]+) t/s \]", text, re.M):
        return line([dict(prefill=float(found[1]), decode=float(found[2]))], 1)
    if "NVIDIA AIPerf" in text:
        return line([], 0)
    return mlx(text)


for folder in FOLDERS:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "SOURCES.md":
            print(path.relative_to(ROOT.parent if "shared" in path.parts else ROOT), *count(path))
print(CLI.relative_to(ROOT.parent), *count(CLI))
