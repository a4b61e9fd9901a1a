"""What AWS Marketplace sends: buyers with a registration token, and the signed messages of SNS.

The landing is a form that another site's page posts: it carries no cookie of ours and needs none. Its answer sets the
claim's cookie and leads to the claim page by GET, which is a navigation that `SameSite=Lax` cookies go along with.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.api import cookies, exchange
from guance_portal.api.answers import refusal, wants_page
from guance_portal.api.limits import BODY_LIMITS
from guance_portal.bootstrap import services
from guance_portal.core.errors import PortalError
from guance_portal.marketplaces.aws import intake, sns
from guance_portal.marketplaces.claim_errors import VISITED
from guance_portal.marketplaces.claims import LIFE
from guance_portal.sites import Provider

FIELD = "x-amzn-marketplace-token"
_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 10

# The first that fits counts: the longer path stands first.
BODY_LIMITS[routes.AWS_EVENTS] = sns.LONGEST_MESSAGE
BODY_LIMITS[routes.AWS_LANDING] = 16 * 1024


async def land(request: Request) -> Response:
    """Redeem the token and lead on to the claim; a page says why when there is none.

    A person who opens the address by hand gets a page that says what it is for; a program the method that it takes.
    """
    exchange.of(request.scope).kind = "marketplace"
    if request.method != "POST":
        if wants_page(request.scope):
            return _go(routes.marketplace_claim(provider=Provider.AWS, problem=VISITED))
        return refusal(405, "This address takes the form that AWS Marketplace posts.", allow="POST")
    try:
        token = await _token(request)
    except ClientDisconnect:
        return Response(status_code=400)
    try:
        link = await services().marketplaces.aws.landing.arrive(token, cookies.caller(request))
    except PortalError as problem:
        registration = str(problem.params.get("registration", ""))
        code = problem.code.removeprefix("errors.")
        return _go(routes.marketplace_claim(provider=Provider.AWS, problem=code, registration=registration))
    answer = _go(routes.marketplace_claim(link.token))
    cookies.put_claim(answer, link.cookie, LIFE)
    return answer


async def take_event(request: Request) -> Response:
    """Take a message of SNS: 200 once it is kept, 5xx when it is to come again."""
    exchange.of(request.scope).kind = "marketplace"
    try:
        await services().marketplaces.aws.intake.receive(await request.body(), cookies.caller(request))
    except ClientDisconnect:
        return Response(status_code=400)
    except sns.SnsMalformedError:
        return refusal(400, "This is no SNS message.")
    except (sns.SnsForgedError, intake.SnsTopicForeignError):
        return refusal(403, "This message is not one of ours.")
    except intake.SnsLaterError:
        return refusal(503, "Send it again.", retry_after="30")
    return Response(status_code=200)


async def _token(request: Request) -> str:
    """The one field of the form; empty for anything else that was sent."""
    body = await request.body()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return ""
    try:
        given = [value for name, value in parse_qsl(body.decode(), max_num_fields=_MOST_FIELDS) if name == FIELD]
    except ValueError:
        return ""
    return given[0] if len(given) == 1 else ""


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303, headers={"cache-control": "no-store"})


ROUTES = (
    Route(routes.AWS_LANDING, land, methods=["GET", "POST"]),
    Route(f"{routes.AWS_LANDING}/", land, methods=["GET", "POST"]),
    Route(routes.AWS_EVENTS, take_event, methods=["POST"]),
)
