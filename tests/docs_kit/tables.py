"""Prints of each column of a Parquet dataset how many values it has, their sum, the least and the largest."""

import sys

import duckdb

folder, *columns = sys.argv[1:]
table = f"read_parquet('{folder}/*/*.parquet', hive_partitioning = true)"
rows, rigs = duckdb.sql(f"select count(*), count(distinct hardware) from {table}").fetchall()[0]
print(rows, rigs)
for column in columns:
    asked = f"count({column}), sum({column}), min({column}), max({column}), sum(len({column}_repetitions))"
    if column not in ("decode_tok_per_s", "prefill_tok_per_s", "ttft_ms"):
        asked = f"count({column}), sum({column}), min({column}), max({column}), 0"
    print(*(repr(value or 0) for value in duckdb.sql(f"select {asked} from {table}").fetchall()[0]))
