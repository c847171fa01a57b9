#!/usr/bin/env python3
"""The steps of benchmarks/device with PyTorch, as JSON lines on standard output.

step_torch.py --problems FOLDER --losses FILE [--device cuda|cpu] [--variants eager,compiled,graphed]
              [--rounds N] [--seconds S] [--budget S]

FOLDER and FILE are what `device_step --problems FOLDER > FILE` left: the rows, the initial weights, and the losses of its first
steps. Each variant must come to the same losses before it is timed.

Variants: eager; compiled (torch.compile of forward and losses, with their backward); graphed (the whole step, optimizer included,
as one CUDA graph; of the compiled functions, except for gram). All use the fused Adam on a GPU. The heads of a joint step are one
linear layer; a selective step has to keep them apart. The peer keeps the losses of all tasks at every group, as ours does, but
computes no affinity of them.
"""

import argparse
import json
import os
import statistics
import sys
import time

import numpy
import torch
import torch._dynamo
import torch.nn.functional as F

FEATURES = 21
ROWS = 8192
LEARNING_RATE = 1e-3
TOLERANCE = 1e-3  # of losses, over the largest of a step


class Problem:
    """What device_step wrote for one shape."""

    def __init__(self, folder, batch, hidden, tasks, device):
        path = os.path.join(folder, f"{batch}x{hidden}-{tasks}.f32")
        values = torch.from_numpy(numpy.fromfile(path, dtype=numpy.float32))
        widths = [FEATURES, hidden, hidden, hidden]
        shapes = [(ROWS, FEATURES), (ROWS, tasks)]
        for layer in range(3):
            shapes += [(widths[layer + 1], widths[layer]), (widths[layer + 1],)]
        shapes += [(1, hidden), (1,)] * tasks
        parts, at = [], 0
        for shape in shapes:
            count = int(numpy.prod(shape))
            parts.append(values[at : at + count].reshape(shape).to(device))
            at += count
        if at != values.numel():
            raise RuntimeError(f"{path} has {values.numel()} numbers, expected {at}")
        self.features, self.labels = parts[0], parts[1]
        self.trunk = parts[2:8]
        self.heads = parts[8:]
        self.tasks = tasks
        # As device_step cuts them.
        self.batches = torch.arange(ROWS, device=device).reshape(-1, batch)
        self.groups = [[task for task in range(tasks) if task * 3 // tasks == group] for group in range(3)]


def hidden_of(x, trunk):
    for layer in range(3):
        x = F.relu(F.linear(x, trunk[2 * layer], trunk[2 * layer + 1]))
    return x


def losses_of(hidden, labels, weight, bias):
    return (F.linear(hidden, weight, bias) - labels).square().mean(0)


def joint_losses(x, labels, trunk, weight, bias):
    return losses_of(hidden_of(x, trunk), labels, weight, bias)


def group_losses(x, labels, others_labels, trunk, weights, biases, other_weights, other_biases):
    """The losses of the group, and those of the others, which get no gradient."""
    hidden = hidden_of(x, trunk)
    own = losses_of(hidden, labels, torch.cat(weights), torch.cat(biases))
    others = losses_of(hidden.detach(), others_labels, torch.cat(other_weights).detach(), torch.cat(other_biases).detach())
    return own, others


class Trained:
    """Parameters, optimizer and the current batch; subclasses take a step on it."""

    def __init__(self, problem, heads, variant):
        on_gpu = problem.features.is_cuda
        self.problem = problem
        self.initial = [part.clone() for part in problem.trunk + heads]
        self.trunk = [part.clone().requires_grad_() for part in problem.trunk]
        self.heads = [part.clone().requires_grad_() for part in heads]
        self.optimizer = torch.optim.Adam(
            self.trunk + self.heads, lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8, fused=on_gpu, capturable=variant == "graphed"
        )
        self.rows = problem.batches[0].clone()
        self.measured = torch.zeros(problem.tasks, device=problem.features.device)
        self.batch = 0
        self.run = self.step
        if variant == "graphed":
            self.run = self.capture()
            self.reset()

    def step(self):
        raise NotImplementedError

    def inputs(self):
        return self.problem.features.index_select(0, self.rows), self.problem.labels.index_select(0, self.rows)

    def next(self):
        self.rows.copy_(self.problem.batches[self.batch % len(self.problem.batches)])
        self.batch += 1
        self.run()

    def losses(self):
        return self.measured.tolist()

    def capture(self):
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self.step()
        torch.cuda.current_stream().wait_stream(side)
        self.optimizer.zero_grad(set_to_none=True)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.step()
        return self.graph.replay

    def reset(self):
        """Back to the beginning, in place: a graph has the addresses."""
        with torch.no_grad():
            for parameter, initial in zip(self.trunk + self.heads, self.initial):
                parameter.copy_(initial)
            for state in self.optimizer.state.values():
                for value in state.values():
                    value.zero_()
        self.batch = 0


class Joint(Trained):
    def __init__(self, problem, variant):
        self.losses_of_batch = torch.compile(joint_losses, dynamic=False) if variant != "eager" else joint_losses
        super().__init__(problem, [torch.cat(problem.heads[0::2]), torch.cat(problem.heads[1::2])], variant)

    def step(self):
        x, labels = self.inputs()
        self.optimizer.zero_grad(set_to_none=True)
        losses = self.losses_of_batch(x, labels, self.trunk, self.heads[0], self.heads[1])
        losses.sum().backward()
        self.optimizer.step()
        self.measured.copy_(losses.detach())


class Selective(Trained):
    def __init__(self, problem, variant):
        self.losses_of_group = torch.compile(group_losses, dynamic=False) if variant != "eager" else group_losses
        device = problem.features.device
        self.groups = []
        for group in problem.groups:
            others = [task for task in range(problem.tasks) if task not in group]
            self.groups.append((group, others, torch.tensor(group, device=device), torch.tensor(others, device=device)))
        super().__init__(problem, problem.heads, variant)

    def step(self):
        x, labels = self.inputs()
        for group, others, columns, other_columns in self.groups:
            # To None: Adam passes over what has no gradient, and would move it on by its first moment otherwise.
            self.optimizer.zero_grad(set_to_none=True)
            own, other = self.losses_of_group(
                x,
                labels.index_select(1, columns),
                labels.index_select(1, other_columns),
                self.trunk,
                [self.heads[2 * task] for task in group],
                [self.heads[2 * task + 1] for task in group],
                [self.heads[2 * task] for task in others],
                [self.heads[2 * task + 1] for task in others],
            )
            own.sum().backward()
            self.optimizer.step()
            self.measured.index_copy_(0, columns, own.detach())
            self.measured.index_copy_(0, other_columns, other.detach())


class Gram(Trained):
    """One backward per task, the inner products of their gradients of the trunk on the host, and a step on their sum."""

    def __init__(self, problem, variant):
        self.gram = torch.zeros(problem.tasks, problem.tasks, device=problem.features.device)
        super().__init__(problem, problem.heads, variant)

    def step(self):
        x, labels = self.inputs()
        losses = losses_of(hidden_of(x, self.trunk), labels, torch.cat(self.heads[0::2]), torch.cat(self.heads[1::2]))
        rows = []
        tasks = self.problem.tasks
        for task in range(tasks):
            own = self.heads[2 * task : 2 * task + 2]
            gradients = torch.autograd.grad(losses[task], self.trunk + own, retain_graph=task + 1 < tasks)
            rows.append(torch.cat([gradient.flatten() for gradient in gradients[:-2]]))
            own[0].grad, own[1].grad = gradients[-2], gradients[-1]
        matrix = torch.stack(rows)
        self.gram.copy_(matrix @ matrix.t())
        summed, at = matrix.sum(0), 0
        for parameter in self.trunk:
            parameter.grad = summed[at : at + parameter.numel()].view_as(parameter)
            at += parameter.numel()
        self.optimizer.step()
        self.measured.copy_(losses.detach())

    def next(self):
        super().next()
        self.gram.tolist()  # ours gives it to the host as well, which decides on the weights


STEPS = {"joint": Joint, "selective": Selective, "gram": Gram}


def emit(**fields):
    print(json.dumps(fields), flush=True)


def largest_difference(trained, expected):
    """Over the largest loss of each step; infinite where something is no number."""
    worst = 0.0
    for losses in expected:
        trained.next()
        got = trained.losses()
        scale = max(abs(value) for value in losses)
        for mine, theirs in zip(got, losses, strict=True):
            error = abs(mine - theirs) / scale
            if not error <= worst:
                worst = error if error == error else float("inf")
    return worst


def run(trained, steps):
    start = time.perf_counter()
    for _ in range(steps):
        trained.next()
    trained.losses()
    return time.perf_counter() - start


def measure(contenders, options):
    """contenders: (fields, trained). Rounds in which all take turns."""
    timed = []
    for fields, trained in contenders:
        run(trained, 3)
        steps = 1
        while run(trained, steps) < options.seconds and steps < 1 << 20:
            steps *= 2
        timed.append((fields, trained, steps, []))
    for _ in range(options.rounds):
        for _, trained, steps, seconds in timed:
            seconds.append(run(trained, steps) / steps)
    for fields, _, steps, seconds in timed:
        emit(
            kind="step",
            **fields,
            median_ms=1e3 * statistics.median(seconds),
            fastest_ms=1e3 * min(seconds),
            slowest_ms=1e3 * max(seconds),
            rounds=options.rounds,
            steps=steps,
        )


def prepare(problem, fields, expected):
    """The trained variant, or None with a line that says why."""
    try:
        trained = STEPS[fields["step"]](problem, fields["variant"])
        worst = largest_difference(trained, expected)
    except Exception as error:  # whatever a compiler throws: the other variants still run
        emit(kind="failed", **fields, reason=f"{type(error).__name__}: {error}"[:500])
        return None
    same = worst <= TOLERANCE
    emit(kind="losses", **fields, steps=len(expected), largest_difference=worst if worst < float("inf") else None, same=same)
    return trained if same else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", required=True)
    parser.add_argument("--losses", required=True)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--variants", default=None)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.05)
    parser.add_argument("--budget", type=float, default=float("inf"), help="begins no shape after so many seconds")
    options = parser.parse_args()
    started = time.monotonic()
    variants = (options.variants or ("eager,compiled,graphed" if options.device == "cuda" else "eager")).split(",")
    if unknown := set(variants) - {"eager", "compiled", "graphed"}:
        parser.error(f"--variants: unknown {', '.join(sorted(unknown))}; expected eager, compiled, graphed")
    if "graphed" in variants and options.device != "cuda":
        parser.error("--variants: graphed needs --device cuda")

    torch.set_float32_matmul_precision("highest")
    for limit in ("recompile_limit", "cache_size_limit"):
        # Beyond the limit a function would go on uncompiled.
        if hasattr(torch._dynamo.config, limit):
            setattr(torch._dynamo.config, limit, 256)
    with open(options.losses, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if line.startswith("{")]
    problems = [line for line in lines if line["kind"] == "losses"]
    name = torch.cuda.get_device_name() if options.device == "cuda" else "processor"
    emit(kind="device", program="torch", device=options.device, name=name, torch=torch.__version__, cuda=torch.version.cuda)
    good = True
    shapes = list(dict.fromkeys((line["batch"], line["hidden"]) for line in problems))
    for batch, hidden in shapes:
        if time.monotonic() - started > options.budget:
            emit(kind="skipped", program="torch", batch=batch, hidden=hidden, reason=f"more than {options.budget} s had passed")
            good = False
            continue
        contenders = []
        for line in problems:
            if (line["batch"], line["hidden"]) != (batch, hidden):
                continue
            problem = Problem(options.problems, batch, hidden, line["tasks"], options.device)
            for variant in variants:
                if line["step"] == "gram" and variant == "compiled":
                    continue  # its K backward passes through one graph are what takes the time
                fields = {
                    "program": "torch",
                    "variant": variant,
                    "device": options.device,
                    "precision": "float32",
                    **{key: line[key] for key in ("step", "tasks", "batch", "hidden")},
                }
                trained = prepare(problem, fields, line["losses"])
                if trained is None:
                    good = False
                else:
                    contenders.append((fields, trained))
        measure(contenders, options)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
