"""Bills: what a day of a workspace costs, who pays it, and the proof of both."""
