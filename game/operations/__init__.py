"""What hosts need of a running server: is it ready, how is it doing, what it logs, how it stops."""
