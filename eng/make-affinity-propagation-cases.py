#!/usr/bin/env python3
"""Writes what scikit-learn's affinity propagation answers on random matrices, for the tests of src/MtlHybrid/Grouping.

    apt-get install python3-sklearn        # 1.2.1 in Debian 12
    /usr/bin/python3 eng/make-affinity-propagation-cases.py > tests/MtlHybrid.Tests/Grouping/affinity-propagation-cases.json

A matrix is not stored but described: kind, K and the seed of numpy's RandomState it is drawn from. The tests draw it again
from the same generator; "sum" tells them that they got the same matrix. "answers" holds what scikit-learn gives with
random_state = 0, 1 and 2: they differ where ties, or an oscillation, leave the choice to the noise, and the tests expect
each of them. An answer is [groups, converged, rounds]; groups are null when there was no exemplar.
"""
import json
import warnings

import numpy as np
import sklearn
from sklearn.cluster import AffinityPropagation
from sklearn.exceptions import ConvergenceWarning

NOISE_SEEDS = 3


def matrix(kind, k, seed):
    random = np.random.RandomState(seed)
    uniform = random.random_sample((k, k))
    block = np.arange(k) % 3
    same = (block[:, None] == block[None, :]).astype(float)
    if kind == "uniform":
        return uniform
    if kind == "negative":
        return -uniform - 0.5
    if kind == "signed":
        return uniform * 2 - 1
    if kind == "symmetric":
        return (uniform + uniform.T) / 2
    if kind == "blocks":
        return same + uniform
    if kind == "tiny":
        return (uniform - 0.5) * 1e-9
    if kind == "huge":
        return (uniform - 0.5) * 1e12
    if kind == "points":  # minus the squared distance of points in the plane
        x, y = uniform[0], uniform[k - 1]
        return -((x[:, None] - x[None, :]) ** 2 + (y[:, None] - y[None, :]) ** 2)
    # from here on with ties
    if kind == "constant":
        return np.full((k, k), 0.3)
    if kind == "constant-but-diagonal":
        return np.where(np.eye(k) > 0, uniform, -0.25)
    if kind == "exact-blocks":
        return same
    if kind == "binary":
        return np.floor(uniform * 2)
    if kind == "whole-numbers":
        return np.floor(uniform * 10) - 5
    raise ValueError(kind)


PLAIN = ["uniform", "negative", "signed", "symmetric", "blocks", "tiny", "huge", "points"]
TIED = ["constant", "constant-but-diagonal", "exact-blocks", "binary", "whole-numbers"]
DEFAULT = dict(preference=None, damping=0.5, max_iter=200, convergence_iter=50)
OTHER = [
    dict(DEFAULT, preference=0.0),
    dict(DEFAULT, preference=-3.0),
    dict(DEFAULT, preference=2.0),
    dict(DEFAULT, damping=0.9),
    dict(DEFAULT, convergence_iter=15),
    dict(DEFAULT, max_iter=60),
    dict(DEFAULT, max_iter=7, convergence_iter=1),
    dict(DEFAULT, max_iter=1000, damping=0.7),
]


def groups_text(labels):
    groups = [np.flatnonzero(labels == label).tolist() for label in dict.fromkeys(labels.tolist())]
    return ";".join(",".join(map(str, group)) for group in groups)


def answer(similarities, options, noise_seed):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = AffinityPropagation(affinity="precomputed", random_state=noise_seed, **options).fit(similarities)
    converged = not any(issubclass(w.category, ConvergenceWarning) for w in caught)
    groups = None if (model.labels_ < 0).any() else groups_text(model.labels_)
    return [groups, converged, int(model.n_iter_)]


def case(kind, k, seed, options):
    similarities = matrix(kind, k, seed)
    answers = [answer(similarities, options, noise) for noise in range(NOISE_SEEDS)]
    changed = {name: value for name, value in options.items() if value != DEFAULT[name]}
    return dict(kind=kind, k=k, seed=seed, options=changed, sum=float(np.sum(similarities)), answers=answers)


def main():
    cases, seed = [], 0
    for k in range(1, 41):
        # Six plain and two tied matrices of every size; the kinds take turns.
        for kinds, count in ((PLAIN, 6), (TIED, 2)):
            for _ in range(count):
                options = DEFAULT if seed % 3 else OTHER[seed // 3 % len(OTHER)]
                cases.append(case(kinds[(seed + k) % len(kinds)], k, seed, options))
                seed += 1
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    print('{"sklearn":"%s","cases":[\n%s\n]}' % (sklearn.__version__, lines))


main()
