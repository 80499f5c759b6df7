"""A labeled export by repeated cross-validation over sellers, beside scikit-learn on the same folds.

    python benches/peers/folds.py --pinchbeck target/release/pinchbeck --work DIR \
        --data EXPORT.csv --label COLUMN --seller COLUMN --text COLUMN,... --numbers COLUMN,... \
        [--repeats 10] [--folds 5]

Needs numpy, pandas, scipy and scikit-learn. See README.md beside this file.
"""

import argparse
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

METRICS = {
    "average precision": average_precision_score,
    "ROC AUC": roc_auc_score,
    "log-loss": log_loss,
    "Brier score": brier_score_loss,
}


class Columns:
    """Tf-idf of each text in a namespace of its own, and numbers with their absence."""

    def __init__(self, texts, numbers):
        self.texts, self.numbers = texts, numbers

    def raw(self, table):
        values = table[self.numbers].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
        return np.sign(values) * np.log1p(np.abs(values))

    def fit(self, table):
        raw = self.raw(table)
        self.mean, self.sd = np.nanmean(raw, axis=0), np.nanstd(raw, axis=0)
        self.sd[~(self.sd > 0)] = 1.0
        self.words = []
        for name in self.texts:
            words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True,
                                    token_pattern=r"(?u)\b\w+\b")
            self.words.append((name, words.fit(table[name].fillna(""))))
        return self

    def transform(self, table, scale):
        raw = self.raw(table)
        absent = np.isnan(raw)
        numbers = (np.where(absent, self.mean, raw) - self.mean) / self.sd
        texts_absent = table[self.texts].isna().to_numpy()
        dense = np.column_stack([numbers, absent, texts_absent]).astype(float) * scale
        words = [own.transform(table[name].fillna("")) for name, own in self.words]
        return sp.hstack([sp.csr_matrix(dense), *words], format="csr")


def logistic(c):
    return LogisticRegression(C=c, max_iter=2000)


def scikit_learn(columns, train, y, groups, test):
    """Probabilities for `test`; C and the scale of numbers beside words by folds within `train`."""
    grid = [(c, scale) for scale in (0.15, 1.0, 5.0) for c in (0.03, 0.3, 3.0, 30.0)]
    found = dict.fromkeys(grid, 0.0)
    for kept, left in GroupKFold(5).split(train, y, groups):
        own = columns().fit(train.iloc[kept])
        for c, scale in grid:
            fitted = logistic(c).fit(own.transform(train.iloc[kept], scale), y[kept])
            p = fitted.predict_proba(own.transform(train.iloc[left], scale))[:, 1]
            found[c, scale] -= log_loss(y[left], p, labels=[0, 1]) * len(left)
    c, scale = max(grid, key=found.get)
    own = columns().fit(train)
    fitted = logistic(c).fit(own.transform(train, scale), y)
    return fitted.predict_proba(own.transform(test, scale))[:, 1]


def pinchbeck(args, folder, train, test):
    """Probabilities for `test` by the command line, with its defaults."""
    paths = {name: folder / f"{name}.csv" for name in ("train", "test", "scored")}
    train.to_csv(paths["train"], index=False)
    test.drop(columns="is_counterfeit").to_csv(paths["test"], index=False)
    model = folder / "model.json"
    quiet = {"check": True, "capture_output": True}
    subprocess.run([args.pinchbeck, "train", paths["train"], "-o", model], **quiet)
    subprocess.run([args.pinchbeck, "score", paths["test"], "--model", model, "-o", paths["scored"],
                    "--columns", "scores"], **quiet)
    return pd.read_csv(paths["scored"])["counterfeit_probability"].to_numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    names = lambda text: text.split(",")
    parser.add_argument("--pinchbeck", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--label", required=True, help="0 or 1")
    parser.add_argument("--seller", required=True, help="equal for listings of one seller")
    parser.add_argument("--text", type=names, required=True)
    parser.add_argument("--numbers", type=names, required=True)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--folds", type=int, default=5)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    table = pd.read_csv(args.data)
    # A listing without a seller is a seller of its own.
    alone = pd.Series([f"row {row}" for row in range(len(table))])
    groups = table[args.seller].map(str).where(table[args.seller].notna(), alone)
    # The names that `train` knows; how the file calls them stays for the peer.
    table = table.rename(columns={args.label: "is_counterfeit"}).assign(seller_id=groups)
    y, codes = table["is_counterfeit"].to_numpy(), pd.factorize(groups)[0]
    columns = lambda: Columns(args.text, args.numbers)
    found = {"pinchbeck": [], "scikit-learn": []}
    for seed in range(args.repeats):
        own = {name: np.zeros(len(y)) for name in found}
        folds = StratifiedGroupKFold(args.folds, shuffle=True, random_state=seed)
        for kept, left in folds.split(table, y, codes):
            train, test = table.iloc[kept], table.iloc[left]
            own["pinchbeck"][left] = pinchbeck(args, args.work, train, test)
            own["scikit-learn"][left] = scikit_learn(columns, train, y[kept], codes[kept], test)
        for name, scores in own.items():
            found[name].append([metric(y, scores) for metric in METRICS.values()])
    ours, theirs = (np.array(own) for own in found.values())
    print(f"{len(y)} listings, {y.sum()} counterfeit, {codes.max() + 1} sellers, "
          f"{args.repeats} times {args.folds} folds")
    print("| Metric | pinchbeck | scikit-learn | difference (least to greatest of the repeats) |")
    print("| --- | --- | --- | --- |")
    for at, name in enumerate(METRICS):
        gap = ours[:, at] - theirs[:, at]
        print(f"| {name} | {ours[:, at].mean():.3f} | {theirs[:, at].mean():.3f} | "
              f"{gap.mean():+.3f} ({gap.min():+.3f} to {gap.max():+.3f}) |")


if __name__ == "__main__":
    main()
