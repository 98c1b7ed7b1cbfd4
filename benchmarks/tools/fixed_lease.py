"""The game's server with a lease that never grows, for comparison in `benchmarks.throttled`.

python -m benchmarks.tools.fixed_lease --redis redis://localhost:6379
"""

from game import server
from game.replicas import lease
from models.command import run

if __name__ == "__main__":
    lease.GROWS = 1.0
    run(server.Options, server.main)
