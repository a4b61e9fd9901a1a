"""A simulator of AWS Marketplace: its metering and entitlement services, its landing and its notices."""
