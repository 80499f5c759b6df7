"""The coefficients that `model/fit/joint.rs` is held against: scikit-learn 1.9.1.

Two dense columns and words, each group under its own penalty: a group under penalty p is the group
divided by sqrt(p) under the penalty 1, and its coefficients divided by sqrt(p) again.

python tests/peers/sklearn_joint.py
"""
import numpy as np
from sklearn.linear_model import LogisticRegression

DENSE, WORDS = 2.0, 0.5
state = 20_261


def draw(below):
    global state
    state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
    return (state >> 33) % below


rows, labels = [], []
for _ in range(300):
    first, second = (draw(2001) - 1000) / 500, (draw(2001) - 1000) / 500
    words = [0.0] * 6
    for _ in range(3):
        words[draw(6)] += 0.5
    noise = (draw(2001) + draw(2001) - 2000) / 1000
    labels.append(first + 2 * words[0] - 2 * words[1] + noise > 0.3)
    rows.append([first, second, *words])
matrix = np.array(rows)
scale = np.sqrt([DENSE] * 2 + [WORDS] * 6)
fit = LogisticRegression(C=1.0, tol=1e-14, solver="newton-cholesky").fit(matrix / scale, labels)
print(sum(labels), fit.intercept_[0])
print((fit.coef_[0] / scale).tolist())
