"""Reflex configuration: what is compiled and how; everything an operator sets is in core/settings.py."""

import reflex as rx

from guance_portal.build.any_port import AnyPort
from guance_portal.build.compress import Compressed
from guance_portal.build.first_paint import FirstPaint
from guance_portal.build.lasting_link import LastingLink
from guance_portal.build.sandbox_variants import SandboxVariants
from guance_portal.build.script_hashes import ScriptHashes
from guance_portal.build.shown_mark import ShownMark
from guance_portal.build.two_languages import TwoLanguages

config = rx.Config(
    app_name="guance_portal",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[
        AnyPort(),
        ShownMark(),
        LastingLink(),
        TwoLanguages(),
        FirstPaint(),
        SandboxVariants(),
        ScriptHashes(),
        Compressed(),
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
    frontend_compression_formats=[],  # Compressed does it, once the pages are as they are sent
    # No address may call across origins; the socket's own check is api/socket_guard.py.
    cors_allowed_origins=[],
    api_url="http://localhost:8000",
)
