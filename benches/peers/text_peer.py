"""The peer that does the work of a model with learned text: pandas and scikit-learn.

    text_peer.py train LABELED.csv MODEL.joblib
    text_peer.py score MODEL.joblib LISTINGS.csv OUT.csv

Sublinear tf-idf of word 1-2-grams of each field apart, beside numbers, presence and keywords, in one
logistic regression.
"""

import re
import sys

import joblib
import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from columns import COUNTS, INVISIBLE, KEYWORDS, PRESENCE

TEXTS = ["title", "description", "category", "brand"]
COLUMNS = sorted({"listing_id", "seller_rating", *TEXTS, *COUNTS, *PRESENCE})
TYPES = {name: "float64" if name in [*COUNTS, "seller_rating"] else "str" for name in COLUMNS}
CHUNK = 100_000
# Numbers are held back as much as a word is.
SCALE = 0.3


def numbers(listings):
    title, described = listings["title"].fillna(""), listings["description"].fillna("")
    length = np.maximum(title.str.len().to_numpy(dtype=float), 1)
    folded = (title + "\n" + described).str.normalize("NFKC").str.casefold()
    folded = folded.str.replace(INVISIBLE, "", regex=True)
    columns = [np.log1p(listings[name].fillna(0).to_numpy()) for name in COUNTS]
    columns += [listings[name].isna().to_numpy() for name in COUNTS]
    columns += [listings["seller_rating"].fillna(4.6).to_numpy(), length]
    columns += [title.str.count(pattern).to_numpy() / length for pattern in ("[A-Z]", "[0-9]")]
    columns += [np.log1p(described.str.len().to_numpy(dtype=float))]
    columns += [listings[name].notna().to_numpy() for name in PRESENCE]
    for words in KEYWORDS.values():
        pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        columns.append(folded.str.contains(pattern, regex=True).to_numpy())
    return np.column_stack(columns).astype(float)


def joined(listings, texts, dense):
    blocks = [vectorizer.transform(listings[name].fillna("")) for name, vectorizer in texts.items()]
    return sp.hstack([*blocks, sp.csr_matrix((dense * SCALE).astype(np.float32))], format="csr")


def train(source, target):
    types = {**TYPES, "is_counterfeit": "int8"}
    listings = pd.read_csv(source, dtype=types, usecols=list(types))
    texts = {name: TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float32)
             .fit(listings[name].fillna("")) for name in TEXTS}
    dense = numbers(listings)
    scaler = StandardScaler().fit(dense)
    fit = LogisticRegression(C=10.0, max_iter=200)
    fit.fit(joined(listings, texts, scaler.transform(dense)), listings["is_counterfeit"].to_numpy())
    joblib.dump((texts, scaler, fit), target)
    n_terms = sum(len(own.vocabulary_) for own in texts.values())
    print(f"{len(listings)} listings, {n_terms} terms, {fit.n_iter_[0]} iterations")


def score(model, source, target):
    texts, scaler, fit = joblib.load(model)
    with open(target, "w") as out:
        chunks = pd.read_csv(source, dtype=TYPES, usecols=COLUMNS, chunksize=CHUNK)
        for n, listings in enumerate(chunks):
            values = joined(listings, texts, scaler.transform(numbers(listings)))
            scored = {"listing_id": listings["listing_id"], "score": fit.predict_proba(values)[:, 1]}
            pd.DataFrame(scored).to_csv(out, index=False, header=n == 0)


if __name__ == "__main__":
    {"train": train, "score": score}[sys.argv[1]](*sys.argv[2:])
