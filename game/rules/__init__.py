"""What is fair: hands and sheets, turns, games alone and races. All pure: no clock is read."""
