"""What a trained model is worth on simulated markets of known truth, beside its peers.

    python benches/peers/quality.py --pinchbeck target/release/pinchbeck \
        --signal-table target/release/examples/signal_table --work DIR \
        [--markets linear,nonlinear,text,none] [--rows 5000,50000,200000] [--bins 0,10]

Needs numpy, pandas, scipy, scikit-learn and lightgbm. See README.md beside this file.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, log_loss
from sklearn.model_selection import GroupKFold, GroupShuffleSplit
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import OneHotEncoder

warnings.filterwarnings("ignore", category=ConvergenceWarning)

MARKETS = {
    "linear": "all",
    "nonlinear": "nonlinear",
    "text": "slang,seller_age_days,listing_age_days",
    "none": "none",
}
# Listings of other sellers on which everything is judged.
TEST_ROWS = 50_000
# Peers are tuned on at most so many listings, of whole sellers.
TUNE_ROWS = 20_000
BOOTSTRAPS = 300

TEXTS = ["title", "description", "category", "brand"]
COUNTS = [
    "price", "list_price", "quantity", "image_count", "listing_age_days", "seller_age_days",
    "seller_feedback_count", "seller_listing_count", "sales_count", "return_count",
    "fake_return_count", "review_count", "fake_review_count",
]
CATEGORIES = ["condition", "ships_from", "language", "seller_country", "category", "brand"]
PRESENCE = ["gtin", "trader_name", "trader_address", "trader_registration", "trader_email",
            "description", "brand"]
# Signals that pinchbeck takes the logarithm of, too.
LOGARITHMS = [
    "seller_age_days", "listing_age_days", "seller_feedback_count", "sales_count",
    "description_length", "sales_velocity", "stock_level", "price_cell_size", "image_count",
]


# ---------------------------------------------------------------------------- markets

def read(path):
    return pd.read_csv(path, dtype={"gtin": str, "listing_id": str, "seller_id": str})


def draw_market(args, market, rows, folder):
    """Training and test listings of one market, no seller in both."""
    train, test = folder / "train.csv", folder / "test.csv"
    if train.exists() and test.exists():
        return train, test
    whole = folder / "market.csv"
    subprocess.run(
        [args.pinchbeck, "simulate", "--effects", MARKETS[market], "--rows",
         str(rows + TEST_ROWS), "--seed", str(args.seed), "--truth-column", "-o", whole],
        check=True, stderr=subprocess.DEVNULL)
    table = pd.read_csv(whole, dtype=str, keep_default_na=False)
    sizes = table.groupby("seller_id").size()
    order = sizes.sample(frac=1.0, random_state=args.seed)
    # The sellers before the one who brings the test listings to their number.
    held_out = set(order.index[order.cumsum() <= TEST_ROWS])
    is_test = table["seller_id"].isin(held_out)
    # What trains does not see the truth: the column is cut off.
    table[~is_test].drop(columns="true_probability").to_csv(train, index=False)
    table[is_test].to_csv(test, index=False)
    whole.unlink()
    return train, test


# ---------------------------------------------------------------------------- figures

def ece(y, p, n_bins=10):
    """Expected calibration error over bins of equal count."""
    parts = np.array_split(np.argsort(p, kind="stable"), n_bins)
    return sum(abs(p[part].mean() - y[part].mean()) * len(part) for part in parts) / len(y)


def seller_bootstrap(y, groups, scores, seed=0):
    """AP of each score in each of many draws of sellers with replacement."""
    rng = np.random.default_rng(seed)
    codes = pd.factorize(groups)[0]
    n = codes.max() + 1
    draws = []
    for _ in range(BOOTSTRAPS):
        weights = np.bincount(rng.integers(0, n, n), minlength=n)[codes].astype(float)
        kept = weights > 0
        draws.append([average_precision_score(y[kept], own[kept], sample_weight=weights[kept])
                      for own in scores])
    return np.array(draws)


def measured(command, **kwargs):
    """Runs a command; CPU seconds and peak resident MB of it alone."""
    began = time.time()
    child = subprocess.Popen([str(part) for part in command], **kwargs)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f"{command} ended with {status}")
    return {"cpu": usage.ru_utime + usage.ru_stime, "mb": usage.ru_maxrss / 1024,
            "seconds": time.time() - began}


# ---------------------------------------------------------------------------- scikit-learn

class Columns:
    """Numbers, presence and categories of an export, as a data scientist would take them."""

    def fit(self, table):
        prices = np.log(table["price"])
        self.cells = prices.groupby([table["brand"].fillna(""), table["category"]]).median()
        self.categories = prices.groupby(table["category"]).median()
        raw = self.raw(table)
        self.median = np.nanmean(raw, axis=0)
        filled = np.where(np.isnan(raw), self.median, raw)
        self.sd = filled.std(axis=0)
        self.sd[self.sd == 0] = 1.0
        self.encoder = OneHotEncoder(handle_unknown="ignore", min_frequency=20)
        self.encoder.fit(table[CATEGORIES].fillna("(missing)"))
        return self

    def raw(self, table):
        columns = [np.log1p(table[name]) for name in COUNTS]
        columns.append(table["seller_rating"])
        price = np.log(table["price"])
        cell = pd.MultiIndex.from_arrays([table["brand"].fillna(""), table["category"]])
        reference = pd.Series(self.cells.reindex(cell).to_numpy(), index=table.index)
        reference = reference.fillna(table["category"].map(self.categories))
        columns += [price - reference, price - np.log(table["list_price"])]
        columns += [table["return_count"] / (table["sales_count"] + 1),
                    table["fake_return_count"] / (table["sales_count"] + 1),
                    table["fake_review_count"] / (table["review_count"] + 2)]
        return np.column_stack([np.asarray(own, dtype=float) for own in columns])

    def transform(self, table):
        raw = self.raw(table)
        missing = np.isnan(raw)
        z = (np.where(missing, self.median, raw) - self.median) / self.sd
        absent = table[PRESENCE].isna().to_numpy()
        dense = np.column_stack([z, missing, absent])
        hot = self.encoder.transform(table[CATEGORIES].fillna("(missing)"))
        return sp.hstack([sp.csr_matrix(dense.astype(float)), hot], format="csr")


class Words:
    """Tf-idf of each field in a namespace of its own."""

    def fit(self, table):
        self.fields = []
        for name in TEXTS:
            vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True,
                                         token_pattern=r"(?u)\b\w+\b")
            self.fields.append((name, vectorizer.fit(table[name].fillna(""))))
        return self

    def transform(self, table):
        return sp.hstack([own.transform(table[name].fillna("")) for name, own in self.fields],
                         format="csr")


def logistic(c):
    return LogisticRegression(C=c, max_iter=400, tol=1e-4)


def scikit_learn(train, test, out, c, scale):
    """One run: read, fit, score."""
    table, judged = read(train), read(test)
    columns, words = Columns().fit(table), Words().fit(table)
    stack = lambda own: sp.hstack([columns.transform(own) * scale, words.transform(own)],
                                  format="csr")
    fitted = logistic(c).fit(stack(table), table["is_counterfeit"])
    np.save(out, fitted.predict_proba(stack(judged))[:, 1])


def tuning_part(table, seed=0):
    """Listings to tune on: all, or of many those of some whole sellers."""
    if len(table) <= TUNE_ROWS:
        return table
    share = TUNE_ROWS / len(table)
    split = GroupShuffleSplit(1, train_size=share, random_state=seed)
    kept, _ = next(split.split(table, groups=table["seller_id"]))
    return table.iloc[kept]


def tune_scikit_learn(train):
    """C and the scale of numbers beside words by cross-validation over sellers, by AP."""
    table = tuning_part(read(train))
    y = table["is_counterfeit"].to_numpy()
    folds = GroupKFold(5 if len(table) < 10_000 else 3)
    grid = [(c, scale) for scale in (0.15, 1.0, 5.0) for c in (0.03, 0.3, 3.0, 30.0)]
    found = {own: [] for own in grid}
    for kept, left in folds.split(table, y, table["seller_id"]):
        columns, words = Columns().fit(table.iloc[kept]), Words().fit(table.iloc[kept])
        dense = [columns.transform(table.iloc[own]) for own in (kept, left)]
        sparse = [words.transform(table.iloc[own]) for own in (kept, left)]
        for c, scale in grid:
            a, b = (sp.hstack([d * scale, s], format="csr") for d, s in zip(dense, sparse))
            score = logistic(c).fit(a, y[kept]).decision_function(b)
            found[c, scale].append(average_precision_score(y[left], score))
    return max(grid, key=lambda own: np.mean(found[own]))


# ---------------------------------------------------------------------------- LightGBM

def n_threads():
    return int(os.environ.get("OMP_NUM_THREADS", "2"))


def light_gbm(x, y, groups, x_test, seed=0):
    """Leaves and rounds by the log-loss of a fifth of the sellers, then a fit of all."""
    import lightgbm as lgb
    split = GroupShuffleSplit(1, test_size=0.2, random_state=seed)
    kept, left = next(split.split(x, y, groups))
    best = None
    for leaves in (4, 8, 31):
        params = {"objective": "binary", "learning_rate": 0.05, "num_leaves": leaves,
                  "min_data_in_leaf": 50, "feature_fraction": 0.7, "bagging_fraction": 0.8,
                  "bagging_freq": 1, "lambda_l2": 5.0, "verbose": -1, "num_threads": n_threads(),
                  "seed": seed, "deterministic": True, "force_row_wise": True}
        model = lgb.train(params, lgb.Dataset(x[kept], y[kept]), 1500,
                          valid_sets=[lgb.Dataset(x[left], y[left])],
                          callbacks=[lgb.early_stopping(50, verbose=False)])
        loss = model.best_score["valid_0"]["binary_logloss"]
        if best is None or loss < best[0]:
            best = (loss, params, model.best_iteration)
    _, params, rounds = best
    return lgb.train(params, lgb.Dataset(x, y), max(rounds, 1)).predict(x_test)


# ---------------------------------------------------------------------------- bins

def encode_signals(train, test, bins):
    """Standardized signals with missing-indicators, and with indicators of quantile bins."""
    blocks = ([], [])
    for name in train.columns:
        values = [own[name].to_numpy(dtype=float) for own in (train, test)]
        missing = [np.isnan(own) for own in values]
        present = values[0][~missing[0]]
        if missing[0].any() and not missing[0].all():
            rate = missing[0].mean()
            for block, own in zip(blocks, missing):
                block.append((own - rate) / np.sqrt(rate * (1 - rate)))
        if len(present) == 0 or present.std() < 1e-9:
            continue
        if name in LOGARITHMS:
            values = [np.log1p(np.maximum(own, 0)) for own in values]
            present = np.log1p(np.maximum(present, 0))
        mean, sd = present.mean(), present.std()
        for block, own, absent in zip(blocks, values, missing):
            block.append(np.where(absent, 0.0, (np.clip(own, present.min(), present.max()) - mean) / sd))
        if not bins:
            continue
        edges = np.unique(np.quantile(present, np.arange(1, bins) / bins))
        if len(edges) < 3:
            continue
        for at in range(len(edges) + 1):
            share = None
            for block, own, absent in zip(blocks, values, missing):
                inside = (np.digitize(own, edges) == at) & ~absent
                share = inside.mean() if share is None else share
                if share > 0:
                    # Bins keep their own size, not unit variance: a rare bin must not run away.
                    block.append((inside - share * ~absent) * 2.0)
    return [np.column_stack(own) for own in blocks]


def tuned_logistic(x, y, groups, x_test, cs=(0.001, 0.003, 0.01, 0.03, 0.1)):
    """The C of the least log-loss on left-out sellers, then a fit of all."""
    fit = lambda c, x, y: LogisticRegression(C=c, solver="newton-cholesky").fit(x, y)
    some = np.arange(len(y))
    if len(y) > TUNE_ROWS:
        split = GroupShuffleSplit(1, train_size=TUNE_ROWS / len(y), random_state=0)
        some, _ = next(split.split(x, groups=groups))
    losses = {c: 0.0 for c in cs}
    for kept, left in GroupKFold(4).split(some, groups=groups[some]):
        for c in cs:
            p = fit(c, x[some[kept]], y[some[kept]]).predict_proba(x[some[left]])[:, 1]
            losses[c] += log_loss(y[some[left]], p) * len(left) / len(some)
    best = min(losses, key=losses.get)
    return fit(best, x, y).predict_proba(x_test)[:, 1], best, losses[best]


# ---------------------------------------------------------------------------- one market

def signals_of(args, model, path, out):
    if not out.exists():
        with open(out, "wb") as target:
            subprocess.run([args.signal_table, model, path], stdout=target, check=True)
    return pd.read_csv(out, dtype={"listing_id": str}).drop(columns="listing_id")


def study(args, market, rows):
    folder = Path(args.work) / f"{market}-{rows}-{args.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    train, test = draw_market(args, market, rows, folder)
    table, judged = read(train), read(test)
    y_train, y = (own["is_counterfeit"].to_numpy() for own in (table, judged))
    truth = judged["true_probability"].to_numpy()
    found = {"market": market, "rows": len(table), "base_rate": y.mean(),
             "ceiling": average_precision_score(y, truth), "truth_ece": ece(y, truth)}
    scores = {}

    model, scored = folder / "model.json", folder / "scored.csv"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    found["train"] = measured([args.pinchbeck, "train", train, "-o", model, "--metrics",
                               folder / "metrics.json"], **quiet)
    subprocess.run([args.pinchbeck, "score", test, "--model", model, "-o", scored, "--columns",
                    "scores"], check=True, **quiet)
    scores["pinchbeck"] = pd.read_csv(scored)["counterfeit_probability"].to_numpy()
    card = subprocess.run([args.pinchbeck, "inspect", model], capture_output=True, text=True).stdout
    (folder / "card.txt").write_text(card)
    found["how"] = next((own.strip() for own in card.splitlines() if "L2 penalty" in own), "")

    if not args.only_pinchbeck:
        tuned = folder / "tuned.json"
        if not tuned.exists():
            tuned.write_text(json.dumps(tune_scikit_learn(train)))
        found["tuned"] = json.loads(tuned.read_text())
        out = folder / "sklearn.npy"
        found["sklearn_run"] = measured([sys.executable, __file__, "--one-run", train, test, out,
                                         *found["tuned"]])
        scores["sklearn"] = np.load(out)

        plain = folder / "plain.json"
        subprocess.run([args.pinchbeck, "train", train, "--no-words", "-o", plain], check=True,
                       **quiet)
        x, x_test = (signals_of(args, plain, own, folder / f"signals-{own.name}")
                     for own in (train, test))
        groups = table["seller_id"].to_numpy()
        scores["lightgbm"] = light_gbm(x.to_numpy(), y_train, groups, x_test.to_numpy())
        if market == "text" and not args.no_trees_of_words:
            words = Words().fit(table)
            both = [sp.hstack([sp.csr_matrix(np.nan_to_num(own.to_numpy(), nan=-1.0)),
                               words.transform(text)], format="csr")
                    for own, text in ((x, table), (x_test, judged))]
            scores["lightgbm_words"] = light_gbm(both[0], y_train.astype(float), groups, both[1])
        if args.bins:
            for n in args.bins:
                encoded = encode_signals(x, x_test, n)
                name = f"lr_bins_{n}"
                scores[name], c, loss = tuned_logistic(encoded[0], y_train, groups, encoded[1])
                found[f"{name}_c"], found[f"{name}_cv_loss"] = c, loss

    names = list(scores)
    draws = seller_bootstrap(y, judged["seller_id"], [scores[own] for own in names])
    for at, name in enumerate(names):
        low, high = np.quantile(draws[:, at], [0.025, 0.975])
        found[name] = {"ap": average_precision_score(y, scores[name]), "low": low, "high": high,
                       "ece": ece(y, scores[name]), "log_loss": log_loss(y, np.clip(scores[name], 1e-6, 1 - 1e-6))}
        ratio = draws[:, 0] / draws[:, at]
        found[name]["ratio_low"], found[name]["ratio_high"] = np.quantile(ratio, [0.025, 0.975])
    found["truth_log_loss"] = log_loss(y, truth)
    (folder / "found.json").write_text(json.dumps(found, indent=1))
    return found


HEAD = ("| market | rows | base rate | ceiling | pinchbeck | scikit-learn | LightGBM | of ceiling "
        "| of scikit-learn | of LightGBM | ECE | ECE of the truth | train, CPU s, MB | scikit-learn, one run |")


def line(found):
    own, peer = found["pinchbeck"], found.get("sklearn")
    tree = found.get("lightgbm")
    run = found.get("sklearn_run")
    ratio = lambda other: "" if other is None else (
        f"{own['ap'] / other['ap']:.3f} ({other['ratio_low']:.3f} to {other['ratio_high']:.3f})")
    shown = lambda other: "" if other is None else f"{other['ap']:.4f}"
    cells = [found["market"], found["rows"], f"{found['base_rate']:.4f}", f"{found['ceiling']:.4f}",
             f"{own['ap']:.4f} ({own['low']:.4f} to {own['high']:.4f})", shown(peer), shown(tree),
             f"{own['ap'] / found['ceiling']:.3f}", ratio(peer), ratio(tree), f"{own['ece']:.4f}",
             f"{found['truth_ece']:.4f}", f"{found['train']['cpu']:.1f}, {found['train']['mb']:.0f}",
             "" if run is None else f"{run['cpu']:.1f}, {run['mb']:.0f}"]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main():
    if len(sys.argv) == 7 and sys.argv[1] == "--one-run":
        train, test, out, c, scale = sys.argv[2:]
        scikit_learn(train, test, out, float(c), float(scale))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pinchbeck", required=True)
    parser.add_argument("--signal-table", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--markets", default=",".join(MARKETS))
    parser.add_argument("--rows", default="5000,50000,200000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bins", type=lambda own: [int(n) for n in own.split(",")], default=[],
                        help="also a logistic regression on signals with so many quantile bins, as 0,10")
    parser.add_argument("--no-trees-of-words", action="store_true",
                        help="LightGBM sees no words, on which it takes more than 20 minutes at 50,000 rows")
    parser.add_argument("--only-pinchbeck", action="store_true", help="no peers")
    args = parser.parse_args()
    print(HEAD)
    print("|" + " --- |" * (HEAD.count("|") - 1))
    for rows in args.rows.split(","):
        for market in args.markets.split(","):
            found = study(args, market, int(rows))
            print(line(found), flush=True)
            for name in found:
                if name.startswith(("lr_bins", "lightgbm_words")) and isinstance(found[name], dict):
                    own = found[name]
                    print(f"    {name}: AP {own['ap']:.4f}, ECE {own['ece']:.4f}, log-loss {own['log_loss']:.5f}",
                          file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
