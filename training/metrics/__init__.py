"""What is measured of a trained network: accuracy, calibration, win rate, robustness, cost."""
