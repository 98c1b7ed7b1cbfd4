"""Logistic regression on features that stay as they are, solved to its optimum."""

import torch
from torch import Tensor
from torch.nn import functional

STEPS = 200  # of L-BFGS, at most; it stops where the loss no longer falls


def solve(features: Tensor, labels: Tensor, classes: int, penalty: float) -> tuple[Tensor, Tensor]:
    """The linear layer with the least mean cross-entropy plus penalty / 2 times its squared matrix.

    The penalty is for features brought to mean 0 and deviation 1; the answer is for them as given.

    Args:
        features: float32 (N, D).
        labels: int64 (N,).
        classes: K.
        penalty: above 0, so that there is one optimum.

    Returns:
        Matrix (K, D) and bias (K,).
    """
    mean, deviation = features.mean(0), features.std(0, correction=0)
    # What hardly varies says nothing; hardly is against the others, as features of random weights
    # may all be tiny and tell the words apart nevertheless.
    varies = deviation > 1e-6 * deviation.max()
    scale = torch.where(varies, 1 / deviation, 0.0)
    rows = (features - mean) * scale
    matrix = torch.zeros(classes, rows.shape[1], device=rows.device, requires_grad=True)
    bias = torch.zeros(classes, device=rows.device, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [matrix, bias], max_iter=STEPS, tolerance_change=1e-7, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimiser.zero_grad()
        fit = functional.cross_entropy(rows @ matrix.T + bias, labels)
        total = fit + penalty / 2 * matrix.square().sum()
        total.backward()
        return total

    with torch.enable_grad():
        optimiser.step(loss)
    weight = matrix.detach() * scale
    return weight, bias.detach() - weight @ mean
