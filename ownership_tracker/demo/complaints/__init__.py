"""Complaints in plain language, by the team that can put them right."""

from ownership_tracker.demo.complaints import billing, contracts, deliveries, service, technical
from ownership_tracker.demo.complaints.complaint import Complaint

BY_TEAM: dict[str, tuple[Complaint, ...]] = {
    "billing": billing.COMPLAINTS,
    "contracts": contracts.COMPLAINTS,
    "deliveries": deliveries.COMPLAINTS,
    "front-line": service.COMPLAINTS,
    "technical": technical.COMPLAINTS,
}

__all__ = ["BY_TEAM", "Complaint"]
