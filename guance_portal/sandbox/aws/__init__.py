"""A stand-in for AWS Marketplace: its metering and entitlement services, its landing and its notices."""
