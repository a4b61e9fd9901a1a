"""How a workspace's bills are settled: what can be chosen and why, switching, and when it takes effect."""
