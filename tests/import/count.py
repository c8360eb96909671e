"""Counts what stands in result files of the llama.cpp tools, without Tokscope.

    python3 tests/import/count.py >tests/import/counts.txt

One line a file: path, results, prefill, decode, mixed, repetitions, distinct settings, sum of the rates.
The rate is avg_ts of llama-bench, speed_pp + speed_tg of llama-batched-bench, and what predicted_n - 1 tokens
in predicted_ms give for llama-server.
"""

import csv
import io
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = [
    ROOT / "tests/fixtures/import",
    *(ROOT.parent / "shared/samples" / name
      for name in ("llama-bench", "llama-batched-bench", "llama-server", "markdown-tables")),
]
COLUMN = re.compile(r"(pp|tg)\d+ \(t/s\)$")
VOLATILE = re.compile(r"n_prompt|n_gen|n_depth|test_time|avg_|stddev_|samples_")


def records(text):
    """JSON objects, wherever they begin; a list that is cut off keeps its whole items."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while True:
        match = re.compile(r"^(?:data: )?(?=[\[{])|(?<=[}\]]),?\s*(?=\{)|(?<=\[)\s*(?=\{)", re.M).search(text, at)
        if not match:
            return found
        try:
            value, at = decoder.raw_decode(text, match.end())
        except ValueError:
            at = match.end() + 1
            continue
        found += [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def bench(rows):
    kinds = [(int(r["n_prompt"]) > 0, int(r["n_gen"]) > 0) for r in rows]
    settings = {tuple((k, str(v)) for k, v in r.items() if not VOLATILE.match(k)) for r in rows}
    repetitions = sum(len(r.get("samples_ns", [])) for r, k in zip(rows, kinds) if k != (True, True))
    total = sum(float(r["avg_ts"]) for r in rows)
    return (len(rows), kinds.count((True, False)), kinds.count((False, True)), kinds.count((True, True)),
            repetitions, len(settings), total)


def tables(text):
    """Cells of the rows of both tools, each with the header above it and the number of headings before."""
    header, heading = None, 0
    for line in text.splitlines():
        heading += line.startswith("#")
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            header = None
        elif header is None:
            header = cells
        elif not set(line) <= set("|-: "):
            yield header, cells, heading


def table(text):
    counts, settings, total = [0, 0, 0, 0], set(), 0.0
    for header, cells, heading in tables(text):
        if header[-2:] == ["test", "t/s"]:
            test = cells[-2]
            counts[0] += 1
            counts[3 if "+" in test else 1 if test.startswith("pp") else 2] += 1
            settings.add((heading, *cells[:-2]))
            total += float(cells[-1].split("±")[0])
        elif header[0] == "Model" and any(map(COLUMN.match, header)):
            for name, cell in zip(header, cells):
                if COLUMN.match(name) and re.fullmatch(r"\**[\d.,]+ ± [\d.,]+\**", cell):
                    counts[0] += 1
                    counts[1 if name.startswith("pp") else 2] += 1
                    total += float(cell.replace(",", "").strip("*").split("±")[0])
                    settings.add((heading, *(c for n, c in zip(header, cells) if not COLUMN.match(n))))
        elif header[:3] == ["PP", "TG", "B"]:
            counts = [counts[0] + 1, counts[1] + 1, counts[2] + 1, counts[3]]
            settings.add((heading, "batched"))
            total += float(cells[5]) + float(cells[7])
    return (*counts, 0, len(settings), total)


def batched(rows):
    settings = {tuple(r[k] for k in list(r)[:8]) for r in rows}
    return (len(rows), len(rows), len(rows), 0, 0, len(settings), sum(r["speed_pp"] + r["speed_tg"] for r in rows))


def server(rows):
    last = {row.get("id", position): row["timings"] for position, row in enumerate(rows)}.values()
    rate = [1e3 * (t["predicted_n"] - 1) / t["predicted_ms"] for t in last]
    uncached = sum(t["cache_n"] == 0 for t in last)
    return (len(last), uncached, len(last), 0, len(last), len(last), sum(rate))


def log(text):
    found = re.findall(r"^ +eval time = +([\d.]+) ms / +(\d+) tokens", text, re.M)
    prompts = set(re.findall(r"^prompt eval time = +[\d.]+ ms / +(\d+) tokens", text, re.M))
    rate = sum(1e3 * (int(n) - 1) / float(ms) for ms, n in found)
    cells = {n for _, n in found}
    assert len(prompts) == len(cells) == 1
    return (1, 1, 1, 0, len(found), 1, rate)


def count(path):
    text = path.read_text(encoding="utf-8")
    rows = records(text) if path.suffix in (".json", ".jsonl", ".sse") else []
    if any("avg_ts" in row for row in rows):
        return bench(rows)
    if any("speed_tg" in row for row in rows):
        return batched(rows)
    if any("timings" in row for row in rows):
        return server([row for row in rows if "timings" in row])
    if path.suffix == ".csv" and text.startswith("build_commit"):
        return bench(list(csv.DictReader(io.StringIO(text))))
    if path.suffix == ".sql":
        inserts = re.findall(r"^INSERT INTO llama_bench \((.*)\) VALUES \((.*)\);$", text, re.M)
        return bench([dict(zip(n.split(", "), next(csv.reader([v], quotechar="'", skipinitialspace=True))))
                      for n, v in inserts])
    if path.suffix == ".md":
        return table(text)
    if path.suffix == ".log":
        return log(text)
    return (0, 0, 0, 0, 0, 0, 0.0)


for folder in FOLDERS:
    for path in sorted(folder.rglob("*")):
        # count_clients.py counts what llama-cli prints.
        if path.is_file() and path.name != "SOURCES.md" and "llama-cli" not in path.name:
            *counts, total = count(path)
            print(path.relative_to(ROOT.parent if "shared" in path.parts else ROOT), *counts, f"{total:.3f}")
sys.stdout.flush()
