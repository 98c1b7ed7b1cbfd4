"""What the benchmarks share: bots, servers, meters, result files, and the alternatives to ours."""
