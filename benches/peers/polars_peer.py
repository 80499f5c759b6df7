"""Scoring without learned text in polars and numpy: numbers, presence and keywords, one logistic regression.

    polars_peer.py MODEL.json LISTINGS OUT      CSV or Parquet, by the endings

`numbers_peer.py` trains the model on the same features.
"""

import json
import sys

import numpy as np
import polars as pl

from columns import COUNTS, INVISIBLE, KEYWORDS, PRESENCE

NAMES = [*COUNTS, *(name + "_missing" for name in COUNTS), "seller_rating", "price_ratio", "title_length",
         "upper_share", "digit_share", "description_length",
         *("has_" + name for name in PRESENCE), *("says_" + name for name in KEYWORDS)]


def scan(path):
    if path.endswith(".parquet"):
        return pl.scan_parquet(path)
    numbers = dict.fromkeys([*COUNTS, "seller_rating"], pl.Float64)
    return pl.scan_csv(path, schema_overrides={**numbers, "gtin": pl.String})


def sink(frame, path):
    if path.endswith(".parquet"):
        frame.sink_parquet(path, compression="zstd", engine="streaming")
    else:
        frame.sink_csv(path, engine="streaming")


def features(listings, medians):
    """The features as columns behind the id; `medians` are log prices by category."""
    column = pl.col
    title, described = column("title").fill_null(""), column("description").fill_null("")
    length = title.str.len_chars().cast(pl.Float64)
    text = title + "\n" + described
    folded = text.str.normalize("NFKC").str.to_lowercase().str.replace_all(INVISIBLE, "")
    usual = column("category").replace_strict(medians, default=None, return_dtype=pl.Float64)
    ratio = ((column("price").cast(pl.Float64) + 0.01).log() - usual).fill_null(0.0)

    def share(pattern):
        return title.str.count_matches(pattern) / pl.max_horizontal(length, 1.0)

    return listings.with_columns(folded.alias("folded")).select(
        "listing_id",
        *(column(name).cast(pl.Float64).fill_null(0.0).log1p() for name in COUNTS),
        *(column(name).is_null().cast(pl.Float64).alias(name + "_missing") for name in COUNTS),
        column("seller_rating").cast(pl.Float64).fill_null(4.6),
        ratio.alias("price_ratio"), length.alias("title_length"),
        share("[A-Z]").alias("upper_share"), share("[0-9]").alias("digit_share"),
        described.str.len_chars().cast(pl.Float64).log1p().alias("description_length"),
        *(column(name).is_not_null().cast(pl.Float64).alias("has_" + name) for name in PRESENCE),
        *(column("folded").str.contains_any(words).cast(pl.Float64).alias("says_" + name)
          for name, words in KEYWORDS.items()),
    )


def scored(frame, model):
    """Probability and the three strongest reasons of each row."""
    weights, means = np.array(model["weights"]), np.array(model["means"])
    values = frame.select(NAMES).to_numpy()
    parts = (values - means) * weights
    log_odds = values @ weights + model["intercept"]
    top = np.argpartition(-parts, 3, axis=1)[:, :3]
    top = np.take_along_axis(top, np.take_along_axis(-parts, top, 1).argsort(1), 1)
    names = pl.Series(NAMES)
    reasons = names.gather(top[:, 0]) + "|" + names.gather(top[:, 1]) + "|" + names.gather(top[:, 2])
    return pl.DataFrame({"listing_id": frame["listing_id"], "score": 1 / (1 + np.exp(-log_odds)),
                         "reasons": reasons})


def main():
    with open(sys.argv[1]) as file:
        model = json.load(file)
    schema = {"listing_id": pl.String, "score": pl.Float64, "reasons": pl.String}
    frame = features(scan(sys.argv[2]), model["medians"])
    sink(frame.map_batches(lambda batch: scored(batch, model), streamable=True, schema=schema), sys.argv[3])


if __name__ == "__main__":
    main()
