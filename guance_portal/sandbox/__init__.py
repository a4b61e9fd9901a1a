"""Simulators of the cloud providers' marketplaces; the portal talks to them as to the real ones."""
