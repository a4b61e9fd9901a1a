"""The companies that pay: fee-centre accounts."""
