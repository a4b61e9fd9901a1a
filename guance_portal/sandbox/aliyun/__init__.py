"""A stand-in for the Alibaba Cloud marketplace: it calls the portal's SPI and answers the OpenAPI."""
