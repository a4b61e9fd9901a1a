"""The commands around the project: installing, finding a browser, checking."""
