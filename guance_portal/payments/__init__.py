"""Money on its way in: recharge orders, what providers tell of them, and the ways to pay."""
