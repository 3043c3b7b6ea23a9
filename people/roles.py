"""What a person, or a program, is in the product. Pure."""

from enum import StrEnum


class Role(StrEnum):
    """REP and MANAGER own tickets; AUDITOR reads all; ADMIN keeps people; INTEGRATION is a program."""

    REP = "rep"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMIN = "admin"
    INTEGRATION = "integration"


OWNERS = frozenset({Role.REP, Role.MANAGER})
READS_ALL = frozenset({Role.AUDITOR, Role.ADMIN})


class Scope(StrEnum):
    """What a token may be used for. A person's token without scopes may do what the person may."""

    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
