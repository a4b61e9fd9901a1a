"""The services of sign-up, joined."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal.onboarding.dissolution import DissolutionService
from guance_portal.onboarding.drafts import DraftService
from guance_portal.onboarding.offers import OfferService
from guance_portal.onboarding.opening import OpeningService
from guance_portal.onboarding.payer_change import PayerChangeService
from guance_portal.onboarding.progress import ProgressService
from guance_portal.onboarding.settlement_drafts import SettlementDraftService
from guance_portal.onboarding.sign_up import SignUpService
from guance_portal.onboarding.step_one import StepOne
from guance_portal.onboarding.tools import SignUpTools
from guance_portal.onboarding.upgrade.new_payer import NewPayerService
from guance_portal.onboarding.upgrade.payer import PayerService
from guance_portal.onboarding.upgrade.service import UpgradeService
from guance_portal.onboarding.upgrade.view import UpgradeViews
from guance_portal.onboarding.workspace_settings import SettingsService
from guance_portal.settlement.service import SettlementService


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """What the pages of sign-up and of new workspaces ask for."""

    drafts: DraftService
    step_one: StepOne
    sign_up: SignUpService
    progress: ProgressService
    openings: OpeningService
    settlement_drafts: SettlementDraftService
    offers: OfferService
    upgrades: UpgradeService
    upgrade_payers: PayerService
    upgrade_new_payers: NewPayerService
    upgrade_views: UpgradeViews
    settings: SettingsService
    dissolution: DissolutionService
    payer_changes: PayerChangeService


def build(tools: SignUpTools, settlement: SettlementService) -> Onboarding:
    """Every service on the same tools."""
    step_one = StepOne(tools)
    return Onboarding(
        drafts=DraftService(tools.database, tools.clock, tools.codes),
        step_one=step_one,
        sign_up=SignUpService(tools, step_one),
        progress=ProgressService(tools.database, tools.clock, tools.providers),
        openings=OpeningService(tools),
        settlement_drafts=SettlementDraftService(tools.database, tools.clock, tools.providers),
        offers=OfferService(tools.database, tools.providers),
        upgrades=UpgradeService(tools),
        upgrade_payers=PayerService(tools),
        upgrade_new_payers=NewPayerService(tools),
        upgrade_views=UpgradeViews(tools),
        settings=SettingsService(tools),
        dissolution=DissolutionService(tools, settlement.dissolving),
        payer_changes=PayerChangeService(tools, settlement.switching),
    )
