"""Whose channels are whose is what an operator wrote down."""

import pytest

from phones.vendors.asterisk_channels import Leg, Plan


def leg(name: str, number: str = "") -> Leg:
    return Leg("pbx-1.1", name, "pbx-1.1", number)


@pytest.mark.parametrize(
    ("trunk", "name", "is_one"),
    [
        ("PJSIP/pstn", "PJSIP/pstn-00000030", True),
        ("PJSIP/pstn", "PJSIP/pstn-two-00000030", False),
        ("PJSIP/pstn", "PJSIP/anna-00000030", False),
        ("PJSIP/trunk-*", "PJSIP/trunk-b-00000030", True),
        ("DAHDI/i1/*", "DAHDI/i1/2125550100-3", True),
    ],
)
def test_trunks(trunk: str, name: str, is_one: bool) -> None:
    assert Plan.of([trunk], []).is_trunk(leg(name)) == is_one


@pytest.mark.parametrize(
    ("agents", "name", "number", "extension"),
    [
        (["PJSIP/anna=101"], "PJSIP/anna-0000003f", "", "101"),
        ([r"PJSIP/desk-(\d+)"], "PJSIP/desk-207-0000003f", "", "207"),
        (["PJSIP/anna=101", r"PJSIP/desk(\d+)"], "PJSIP/anna-0000003f", "", "101"),
        ([], "PJSIP/207-0000003f", "", "207"),
        ([], "PJSIP/ben-0000003f", "102", "102"),
        ([], "PJSIP/ben-0000003f", "", "PJSIP/ben"),
        ([], "Local/102@agents-0000003f;1", "101", "102"),
    ],
)
def test_extensions(agents: list[str], name: str, number: str, extension: str) -> None:
    assert Plan.of(["PJSIP/pstn"], agents).extension(leg(name, number)) == extension


@pytest.mark.parametrize(
    ("trunks", "agents", "said"),
    [
        ([], [], "which channels the customers come in on"),
        (["PJSIP/pstn"], ["PJSIP/desk("], "is no regular expression"),
        (["PJSIP/pstn"], [r"PJSIP/desk\d+"], "one group, the extension"),
    ],
)
def test_what_cannot_be_is_said(trunks: list[str], agents: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Plan.of(trunks, agents)
