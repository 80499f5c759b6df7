"""Prints what tests/recovery.rs expects of a fit: scikit-learn's coefficients on the same data.

    python tests/peers/sklearn_coefficients.py

Needs numpy and scikit-learn. The data are drawn here as in the test, by the same linear
congruential generator and in whole numbers, so that no file has to be passed along.
"""

import numpy as np
from sklearn.linear_model import LogisticRegression

N = 400
MASK = (1 << 64) - 1
state = 20_261


def draw(below):
    """The next whole number from 0 to below - 1."""
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) & MASK
    return (state >> 33) % below


rows, labels = [], []
for _ in range(N):
    a, b, c, d = draw(2001) - 1000, draw(2001) - 1000, draw(2001) - 1000, draw(50)
    missing = draw(8) == 0
    e = draw(2001) - 1000
    noise = draw(2001) + draw(2001) + draw(2001) - 3000
    rows.append([a, b / 8, c * 1000, np.log1p(d), np.nan if missing else e])
    labels.append(a - b // 2 + 20 * d + (700 if missing else 0) + noise > 1200)

x = np.array(rows, dtype=float)
y = np.array(labels)
missing = np.isnan(x[:, 4])
x[:, 4] = np.where(missing, np.nanmean(x[:, 4]), x[:, 4])
mean = x.mean(axis=0)
sd = x.std(axis=0)
sd[4] = np.nanstd(np.array(rows, dtype=float)[:, 4])
share = missing.mean()
indicator = (missing - share) / np.sqrt(share * (1 - share))
z = np.column_stack([(x - mean) / sd, indicator])

fitted = LogisticRegression(C=1.0, tol=1e-14, max_iter=10_000, solver="newton-cholesky").fit(z, y)
print(f"n_positive {y.sum()}, n_missing {missing.sum()}")
print(f"intercept {float(fitted.intercept_[0])!r}")
for name, value in zip(["x1", "x2", "x3", "x4", "x5", "x5:missing"], fitted.coef_[0]):
    print(f"{name} {float(value)!r}")
