"""Statistics of repeated runs: intervals, claims about pairs of arms, power. Pure functions.

from training.statistics import compare
compare([([91.2, 90.8, 91.5, ...], [90.1, 90.3, 90.6, ...])], region=0.5)[0].verdict
"""

from training.statistics.claims import Comparison as Comparison
from training.statistics.claims import compare as compare
from training.statistics.correlation import rank_correlation as rank_correlation
from training.statistics.intervals import Interval as Interval
from training.statistics.intervals import mean_interval as mean_interval
from training.statistics.power import Power as Power
from training.statistics.power import pairs_needed as pairs_needed
