"""The work of `training.compare`: run a suite, write its report, publish its best arm."""
