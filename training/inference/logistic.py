"""Logistic regression on fixed features, solved to its optimum."""

import torch
from torch import Tensor
from torch.nn import functional

STEPS = 200  # at most, of L-BFGS, which stops when the loss no longer falls


def solve(features: Tensor, labels: Tensor, classes: int, penalty: float) -> tuple[Tensor, Tensor]:
    """The linear layer that minimises mean cross-entropy + penalty / 2 * (squared matrix norm).

    The penalty applies to standardised features (mean 0, standard deviation 1); the returned layer
    is for the features as given.

    Args:
        features: float32 (N, D).
        labels: int64 (N,).
        classes: number of words, K.
        penalty: > 0, so that the optimum is unique.

    Returns:
        Weights (K, D) and bias (K,).
    """
    mean, deviation = features.mean(0), features.std(0, correction=0)
    # Nearly constant features are left out. The limit is relative, as features of random weights
    # may all be tiny and still distinguish the words.
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
