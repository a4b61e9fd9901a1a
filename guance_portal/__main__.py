"""`python -m guance_portal` is the command `portal`."""

from guance_portal.cli import app

if __name__ == "__main__":
    app(prog_name="portal")
