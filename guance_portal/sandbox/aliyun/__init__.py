"""A simulator of the Alibaba Cloud marketplace: it calls the portal's SPI and answers the OpenAPI."""
