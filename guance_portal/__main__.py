"""`python -m guance_portal` is the command `portal`."""

import gc

# What a start imports stays: looking for garbage meanwhile takes an eighth of it. Workers come by here too.
gc.set_threshold(100_000, 50, 1000)

if __name__ == "__main__":
    from guance_portal.cli import app

    app(prog_name="portal")
