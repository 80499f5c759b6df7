#!/usr/bin/env python3
"""Writes one table with other people's writers and checks every value that pinchbeck reads.

    python3 -m venv venv
    venv/bin/pip install pandas pyarrow polars duckdb openpyxl zstandard
    cargo build --release
    venv/bin/python tests/interop/write_and_check.py target/release/pinchbeck

Each file is read by `pinchbeck check --write-listings`, and each value compared with the table
below. Prints a row for each file; ends with status 1 if a value differs or a record is lost.
The listings are invented. Not part of `cargo test`, as it needs the packages above.
"""

import csv
import datetime as dt
import decimal
import gzip
import io
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

UTC = dt.timezone.utc

# Ids and GTINs with leading zeros, texts with all that could be mistaken for structure, nulls,
# cents, whole numbers beyond 2^32, times to the second.
ROWS = [
    {
        "listing_id": f"{n:06}",
        "title": title,
        "description": description,
        "brand": brand,
        "gtin": gtin,
        "price": price,
        "quantity": quantity,
        "listed_at": listed,
        "is_counterfeit": label,
    }
    for n, (title, description, brand, gtin, price, quantity, listed, label) in enumerate(
        [
            ("Zelquist bag", "plain", "Zelquist", "0012345678905", 1299.5, 3, dt.datetime(2024, 2, 29, 12, 0, tzinfo=UTC), True),
            ("сумка, кожа; «люкс»", "line one\nline two", None, "4006381333931", 12.0, 0, dt.datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), False),
            ("手提包 “真皮” 👜", 'says "1:1"\tand a tab', "Orvantel", None, 0.99, 5_000_000_000, None, False),
            ("=1+1", None, "NA-Zel", "00000000000000", 1234567.89, None, dt.datetime(2024, 7, 1, tzinfo=UTC), True),
            ("  blanks around  ", "back\\slash 'quote' |pipe|", "Żelquist", "0000000000017", None, 7, dt.datetime(2024, 2, 1, 0, 0, 1, tzinfo=UTC), False),
        ],
        start=7,
    )
]
NAMES = list(ROWS[0])
TEXTS = {"listing_id", "title", "description", "brand", "gtin"}


def expected(row):
    """What the listings file must hold for a row."""
    values = dict(row)
    values["listed_at"] = row["listed_at"] and row["listed_at"].strftime("%Y-%m-%dT%H:%M:%SZ")
    values["is_counterfeit"] = int(row["is_counterfeit"])
    return values


def as_text(row, decimal_mark=".", thousands="", date=None):
    """A row as a text file holds it."""
    cells = {}
    for name, value in row.items():
        if value is None:
            cells[name] = ""
        elif isinstance(value, bool):
            cells[name] = "true" if value else "false"
        elif isinstance(value, float):
            text = f"{value:,.2f}".replace(",", "\0").replace(".", decimal_mark)
            cells[name] = text.replace("\0", thousands)
        elif isinstance(value, dt.datetime):
            cells[name] = value.strftime(date) if date else value.isoformat()
        else:
            cells[name] = str(value)
    return cells


def python_csv(folder):
    """Dialects and encodings of Python's own csv module."""
    subset = [row for row in ROWS if row["listing_id"] in ("000008", "000011")]
    cases = [
        ("comma", ROWS, dict(), "utf-8", {}),
        ("semicolon, decimal comma", ROWS, dict(delimiter=";"), "utf-8", dict(decimal_mark=",", thousands=".")),
        ("tab", ROWS, dict(delimiter="\t"), "utf-8-sig", dict(thousands=" ", decimal_mark=",")),
        ("pipe, all quoted", ROWS, dict(delimiter="|", quoting=csv.QUOTE_ALL), "utf-8", dict(thousands="'")),
        ("CR", [r for r in ROWS if "\n" not in (r["description"] or "")], dict(lineterminator="\r"), "utf-8", {}),
        (
            "backslash escapes, quoted",
            ROWS[:3],
            dict(doublequote=False, escapechar="\\", quoting=csv.QUOTE_ALL),
            "utf-8",
            {},
        ),
        ("day first", ROWS, dict(), "utf-8", dict(date="%d/%m/%Y %H:%M:%S")),
        ("month first, 12 hours", ROWS, dict(), "utf-8", dict(date="%m/%d/%Y %I:%M:%S %p")),
        ("UTF-16", ROWS, dict(delimiter="\t"), "utf-16", {}),
        ("UTF-16LE without a mark", ROWS, dict(), "utf-16-le", {}),
        ("GB18030", ROWS, dict(), "gb18030", {}),
    ]
    legacy = [("windows-1251", "cp1251", lambda text: text.replace("Ż", "Z"))]
    for name, rows, dialect, encoding, style in cases:
        path = folder / f"python {name}.csv"
        with open(path, "w", newline="", encoding=encoding) as file:
            writer = csv.DictWriter(file, NAMES, **dialect)
            writer.writeheader()
            writer.writerows(as_text(row, **style) for row in rows)
        yield f"csv ({name})", path, rows
    for name, encoding, plain in legacy:
        rows = [
            {key: plain(value) if isinstance(value, str) else value for key, value in row.items()}
            for row in subset
        ]
        path = folder / f"python {name}.csv"
        with open(path, "w", newline="", encoding=encoding) as file:
            writer = csv.DictWriter(file, NAMES)
            writer.writeheader()
            writer.writerows(as_text(row) for row in rows)
        yield f"csv ({name})", path, rows


def pandas_files(folder):
    frame = pd.DataFrame(ROWS)
    frame["quantity"] = frame["quantity"].astype("Int64")
    frame.to_csv(folder / "pandas.csv", index=False)
    yield "pandas to_csv", folder / "pandas.csv", ROWS
    frame.to_csv(folder / "pandas index.csv.gz", index=True, sep="\t")
    yield "pandas to_csv (index, tabs, gzip)", folder / "pandas index.csv.gz", ROWS
    frame.to_csv(folder / "pandas.csv.zst", index=False, compression="zstd")
    yield "pandas to_csv (zstd)", folder / "pandas.csv.zst", ROWS
    frame.to_parquet(folder / "pandas.parquet")
    yield "pandas to_parquet", folder / "pandas.parquet", ROWS
    categories = frame.assign(brand=frame["brand"].astype("category"))
    categories.to_parquet(folder / "pandas categories.parquet", compression="gzip")
    yield "pandas to_parquet (categories)", folder / "pandas categories.parquet", ROWS
    frame.to_json(folder / "pandas records.json", orient="records", date_format="iso", force_ascii=False)
    yield "pandas to_json (records)", folder / "pandas records.json", ROWS
    frame.to_json(folder / "pandas lines.ndjson", orient="records", lines=True, date_format="iso")
    yield "pandas to_json (lines)", folder / "pandas lines.ndjson", ROWS
    frame.to_json(folder / "pandas indent.json", orient="records", date_format="iso", indent=2)
    yield "pandas to_json (indented)", folder / "pandas indent.json", ROWS
    naive = frame.assign(listed_at=frame["listed_at"].dt.tz_localize(None))
    # pandas makes a formula without a value of a text that begins like one.
    rows = [row for row in ROWS if not row["title"].startswith("=")]
    naive[naive["title"] != "=1+1"].to_excel(folder / "pandas.xlsx", index=False)
    yield "pandas to_excel", folder / "pandas.xlsx", rows


def pyarrow_files(folder):
    columns = {name: [row[name] for row in ROWS] for name in NAMES}
    plain = pa.table(columns)
    pyarrow.csv.write_csv(plain, folder / "pyarrow.csv")
    yield "pyarrow write_csv", folder / "pyarrow.csv", ROWS
    cents = [None if v is None else decimal.Decimal(f"{v:.2f}") for v in columns["price"]]
    typed = pa.table(
        {
            "listing_id": pa.array(columns["listing_id"], pa.large_string()),
            "title": pa.array(columns["title"], pa.string_view()),
            "description": pa.array(columns["description"], pa.string()),
            "brand": pa.array(columns["brand"], pa.string()).dictionary_encode(),
            "gtin": pa.array(columns["gtin"], pa.large_string()),
            "price": pa.array(cents, pa.decimal128(18, 2)),
            "quantity": pa.array(columns["quantity"], pa.uint64()),
            "listed_at": pa.array(columns["listed_at"], pa.timestamp("ns", "Asia/Tokyo")),
            "is_counterfeit": pa.array([int(v) for v in columns["is_counterfeit"]], pa.int8()),
        }
    )
    for codec in ["none", "snappy", "zstd", "lz4", "brotli"]:
        path = folder / f"pyarrow {codec}.parquet"
        pyarrow.parquet.write_table(typed, path, compression=codec, data_page_version="2.0")
        yield f"pyarrow write_table (typed, {codec})", path, ROWS


def polars_files(folder):
    frame = pl.DataFrame(ROWS, schema_overrides={"quantity": pl.Int64})
    frame.write_csv(folder / "polars.csv", quote_style="non_numeric")
    yield "polars write_csv", folder / "polars.csv", ROWS
    frame.write_ndjson(folder / "polars.ndjson")
    yield "polars write_ndjson", folder / "polars.ndjson", ROWS
    frame.write_parquet(folder / "polars.parquet")
    yield "polars write_parquet", folder / "polars.parquet", ROWS


def duckdb_files(folder):
    frame = pl.DataFrame(ROWS, schema_overrides={"quantity": pl.Int64}).to_arrow()  # noqa: F841
    base = duckdb.connect()
    base.execute("SET TimeZone = 'UTC'")
    for name, options in [
        ("duckdb.csv", "HEADER, DELIMITER ';'"),
        ("duckdb.json", "FORMAT json"),
        ("duckdb array.json", "FORMAT json, ARRAY true"),
        ("duckdb.parquet", "FORMAT parquet"),
        ("duckdb.csv.gz", "HEADER, COMPRESSION gzip"),
    ]:
        path = folder / name
        base.execute(f"COPY frame TO '{path}' ({options})")
        yield f"DuckDB COPY ({options})", path, ROWS


def openpyxl_files(folder):
    book = openpyxl.Workbook()
    book.active.title = "empty"
    sheet = book.create_sheet("data")
    sheet.append([])
    sheet.append([None] + NAMES)
    for row in ROWS:
        naive = dict(row, listed_at=row["listed_at"] and row["listed_at"].replace(tzinfo=None))
        sheet.append([None] + [naive[name] for name in NAMES])
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.value == "=1+1":
                cell.data_type = "s"
    book.save(folder / "openpyxl.xlsx")
    yield "openpyxl", folder / "openpyxl.xlsx", ROWS


def members(folder):
    """gzip of two members, as `cat a.gz b.gz` makes it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, NAMES)
    writer.writeheader()
    writer.writerows(as_text(row) for row in ROWS)
    data = text.getvalue().encode()
    path = folder / "members.csv"
    path.write_bytes(gzip.compress(data[:200]) + gzip.compress(data[200:]))
    yield "gzip of two members, named .csv", path, ROWS


def alike(name, wanted, found):
    if wanted is None or found is None:
        return wanted is found or (name in TEXTS and (wanted or None) is (found or None))
    if isinstance(wanted, float):
        return math.isclose(wanted, found, rel_tol=1e-12)
    return wanted == found


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "target/release/pinchbeck"
    n_wrong = n_all = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        writers = [python_csv, pandas_files, pyarrow_files, polars_files, duckdb_files, openpyxl_files, members]
        for writer in writers:
            for what, path, rows in writer(folder):
                ran = subprocess.run(
                    [program, "check", path, "--write-listings", "-"], capture_output=True, text=True
                )
                found = [json.loads(line) for line in ran.stdout.splitlines()]
                wrong = []
                if ran.returncode != 0 or len(found) != len(rows):
                    wrong.append(f"status {ran.returncode}, {len(found)} of {len(rows)} records: {ran.stderr}")
                n = 0
                for row, own in zip(rows, found):
                    for column, wanted in expected(row).items():
                        n += 1
                        if not alike(column, wanted, own.get(column)):
                            wrong.append(f"{row['listing_id']} {column}: {wanted!r} read as {own.get(column)!r}")
                print(f"{what:<52} {n:>3} values {len(wrong):>2} differ")
                for line in wrong:
                    print(f"    {line}")
                n_wrong += len(wrong)
                n_all += n
    print(f"{n_all} values, {n_wrong} differ")
    sys.exit(1 if n_wrong else 0)


if __name__ == "__main__":
    main()
