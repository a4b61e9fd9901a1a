"""What the vendor's account managers see and do, across the contexts."""
