"""Metrics of a trained network: accuracy, calibration, win rate, robustness and cost."""
