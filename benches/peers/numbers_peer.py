"""Trains the model of `polars_peer.py` with scikit-learn: numbers_peer.py LABELED.csv MODEL.json"""

import json
import sys

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from polars_peer import NAMES, features, scan


def main():
    listings = scan(sys.argv[1])
    log_price = (pl.col("price") + 0.01).log().median().alias("median")
    rows = listings.group_by("category").agg(log_price).drop_nulls().collect()
    medians = dict(zip(rows["category"], rows["median"]))
    values = features(listings, medians).select(NAMES).collect().to_numpy()
    labels = listings.select("is_counterfeit").collect()["is_counterfeit"].to_numpy()
    scaler = StandardScaler().fit(values)
    fit = LogisticRegression(max_iter=300).fit(scaler.transform(values), labels)
    weights = fit.coef_[0] / scaler.scale_
    intercept = float(fit.intercept_[0] - np.dot(weights, scaler.mean_))
    model = {"weights": weights.tolist(), "means": scaler.mean_.tolist(), "intercept": intercept,
             "medians": medians}
    with open(sys.argv[2], "w") as file:
        json.dump(model, file, ensure_ascii=False)


if __name__ == "__main__":
    main()
