#!/usr/bin/env python3
"""Writes scikit-learn's values of the metrics on random predictions, for the tests of src/MtlHybrid/Evaluation.

    apt-get install python3-sklearn        # 1.2.1 in Debian 12
    /usr/bin/python3 -W ignore eng/make-metric-cases.py > tests/MtlHybrid.Tests/Evaluation/metric-cases.json

Predictions and labels are not stored but described: kind, rows, classes and the seed of numpy's RandomState they are drawn
from, in the order below; the tests draw them again from the same generator.
"""
import json

import numpy as np
import sklearn
from sklearn import metrics

TRAINING_MEAN = 1.25


def draw(rows, width, seed):
    random = np.random.RandomState(seed)
    return random.random_sample(rows), random.random_sample((rows, width)), random.random_sample(rows) >= 0.2


def regression(rows, seed):
    u, v, known = draw(rows, 1, seed)
    y, p = u[known] * 10 - 5, (u * 10 - 5 + v[:, 0] * 6 - 3)[known]
    return dict(
        rmse=np.sqrt(metrics.mean_squared_error(y, p)),
        mae=metrics.mean_absolute_error(y, p),
        r2=metrics.r2_score(y, p),
        rrmse=np.sqrt(metrics.mean_squared_error(y, p) / metrics.mean_squared_error(y, np.full_like(y, TRAINING_MEAN))),
    )


def binary(rows, seed, base_rate, ties):
    u, v, known = draw(rows, 1, seed)
    y, p = u < base_rate, 0.3 * (u < base_rate) + 0.7 * v[:, 0]
    if ties:
        p = np.floor(p * 10) / 10
    y, p = y[known], p[known]
    return dict(
        roc_auc=metrics.roc_auc_score(y, p),
        average_precision=metrics.average_precision_score(y, p),
        f1=metrics.f1_score(y, p > 0.5),
        accuracy=metrics.accuracy_score(y, p > 0.5),
        balanced_accuracy=metrics.balanced_accuracy_score(y, p > 0.5),
    )


def multi_class(rows, seed, classes, ties):
    u, v, known = draw(rows, classes, seed)
    y = np.floor(u * classes).astype(int)
    p = v + 0.5 * (y[:, None] == np.arange(classes)[None, :])
    if ties:
        p = np.floor(p * 4) / 4
    y, p = y[known], p[known]
    occurring = np.unique(y)
    predicted = np.argmax(p, axis=1)
    return dict(
        accuracy=metrics.accuracy_score(y, predicted),
        balanced_accuracy=metrics.balanced_accuracy_score(y, predicted),
        f1=metrics.f1_score(y, predicted, average="macro"),
        roc_auc=np.mean([metrics.roc_auc_score(y == c, p[:, c]) for c in occurring]),
        average_precision=np.mean([metrics.average_precision_score(y == c, p[:, c]) for c in occurring]),
    )


def main():
    cases = []

    def add(values, **description):
        cases.append(dict(description, values={name: float(value) for name, value in values.items()}))

    for i, rows in enumerate([10, 25, 60, 150] * 4):
        add(regression(rows, i), kind="regression", rows=rows, seed=i)
        for ties in (False, True):
            rate = [0.5, 0.35, 0.8, 0.25][i // 4]
            add(binary(rows, 100 + i, rate, ties), kind="binary", rows=rows, seed=100 + i, baseRate=rate, ties=ties)
            classes = [3, 4, 6, 9][i // 4]
            add(multi_class(rows, 200 + i, classes, ties), kind="multi-class", rows=rows, seed=200 + i, classes=classes, ties=ties)
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    print('{"sklearn":"%s","trainingMean":%r,"cases":[\n%s\n]}' % (sklearn.__version__, TRAINING_MEAN, lines))


main()
