"""HTTP in: the session hand-over, health, metrics, and the wrappers every request passes."""
