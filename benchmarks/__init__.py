"""Measures the portal beside a blank Reflex app that is built and served in the same run."""
