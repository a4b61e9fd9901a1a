"""包年套餐 as data, in the order they are offered. Excess is rated by `rate(..., package=...)`."""

from guance_portal.billing.packages.library import all_packages, package

__all__ = ["all_packages", "package"]
