"""The reference: as `reflex init` leaves it, without Tailwind, which the portal does not use either."""

import reflex as rx

config = rx.Config(
    app_name="blank",
    telemetry_enabled=False,
    plugins=[rx.plugins.SitemapPlugin(), rx.plugins.RadixThemesPlugin()],
    api_url="http://localhost:43210",  # replaced by the port it is served on, see support/blank_app.py
)
