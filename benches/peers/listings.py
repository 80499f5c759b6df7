"""Simulated listings for the measurements: listings.py ROWS PREFIX [SEED] -> PREFIX.csv, PREFIX.parquet

Deterministic by seed. `PINCHBECK` names the program; without it, that of target/release is used.
"""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

ROW_GROUP = 250_000
HERE = Path(__file__).resolve().parent
TEXT = ["listing_id", "title", "description", "brand", "category", "gtin", "seller_id"]


def main():
    rows, prefix, seed = sys.argv[1], sys.argv[2], (sys.argv[3:] or ["7"])[0]
    program = os.environ.get("PINCHBECK", HERE.parents[1] / "target/release/pinchbeck")
    subprocess.run([program, "simulate", "--rows", rows, "--seed", seed, "-o", prefix + ".csv"],
                   check=True, stderr=subprocess.DEVNULL)
    to_parquet(prefix + ".csv", prefix + ".parquet")


def to_parquet(source, target):
    """Copies CSV to Parquet in groups of ROW_GROUP rows, so that memory is bounded."""
    options = pa.csv.ConvertOptions(column_types=dict.fromkeys(TEXT, pa.string()), strings_can_be_null=True)
    reader = pa.csv.open_csv(source, convert_options=options)
    with pq.ParquetWriter(target, reader.schema, compression="zstd") as writer:
        waiting, n_waiting = [], 0
        for batch in reader:
            waiting.append(batch)
            n_waiting += len(batch)
            if n_waiting >= ROW_GROUP:
                writer.write_table(pa.Table.from_batches(waiting), row_group_size=ROW_GROUP)
                waiting, n_waiting = [], 0
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting), row_group_size=ROW_GROUP)


if __name__ == "__main__":
    main()
