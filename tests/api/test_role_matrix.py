"""Who may do what over REST: every operation, for everybody.

All of it is about a ticket in Billing that Alice owns. A request that is right in everything else is sent by

    alice   its owner                      petra   the manager above
    bob     a colleague in its team        lars    another team's manager
    lena    another team's rep, a guest    ada     the auditor
    luis    another team's rep             adam    the administrator
    maya    its team's manager             form    a program with every scope
    dora    its team's deputy              reader  a program that may read
    nobody  without a token

404 is for what one may not see, 403 for what is not one's own to do. Where Bob, not Alice, may do it, it was
asked of him; the offer that waits for approval is to him. Alice might claim a ticket, only not her own: 422.
A telephone system is nobody of these: whoever knows the address that Zammad's posts go to may post there.
"""

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from people.roles import Scope
from tests.api.calls import CALLS
from tests.cast import Cast, client_of
from tickets.kinds import Because
from tickets.models import Viewer

TABLE = """
                        alice  bob  lena  luis  maya  dora  petra  lars  ada  adam  form  reader  nobody

list_tickets              200  200   200   200   200   200    200   200  200   200   200     200     401
get_ticket                200  200   200   404   200   200    200   404  200   200   200     200     401
get_timeline              200  200   200   404   200   200    200   404  200   200   200     200     401
get_chain                 200  200   200   404   200   200    200   404  200   200   200     200     401
list_candidates           200  200   200   404   200   200    200   404  200   200   200     200     401
open_ticket               201  201   201   201   201   201    201   201  403   403   201     403     401
edit_ticket               200  403   403   404   200   200    200   404  403   403   403     403     401
acknowledge               200  403   403   404   403   403    403   404  403   403   403     403     401
write_note                200  200   200   404   200   200    200   404  403   403   200     403     401
record_contact            200  200   200   404   200   200    200   404  403   403   200     403     401
start_hold                201  403   403   404   201   201    201   404  403   403   403     403     401
end_hold                  200  403   403   404   200   200    200   404  403   403   403     403     401
extend_hold               200  403   403   404   200   200    200   404  403   403   403     403     401
make_promise              201  201   403   404   201   201    201   404  403   403   403     403     401
keep_promise              200  403   403   404   200   200    200   404  403   403   403     403     401
renegotiate_promise       200  403   403   404   200   200    200   404  403   403   403     403     401
withdraw_promise          200  403   403   404   200   200    200   404  403   403   403     403     401
resolve                   200  403   403   404   200   200    200   404  403   403   403     403     401
close                     200  403   403   404   200   200    200   404  403   403   403     403     401
confirm_duplicate         403  200   403   404   403   403    403   404  403   403   403     403     401
reopen                    200  200   200   404   200   200    200   404  403   403   200     403     401

list_handoffs             200  200   200   200   200   200    200   200  200   200   200     200     401
list_drafts               200  200   200   200   200   200    200   200  200   200   200     200     401
offer_handoff             201  403   403   404   201   201    201   404  403   403   403     403     401
accept_handoff            403  200   403   404   403   403    403   404  403   403   403     403     401
decline_handoff           403  200   403   404   403   403    403   404  403   403   403     403     401
withdraw_handoff          200  403   403   404   200   200    200   404  403   403   403     403     401
complete_handoff          200  403   403   404   403   403    403   404  403   403   403     403     401
correct_handoff           200  403   403   404   403   403    403   404  403   403   403     403     401
approve_handoff           403  404   403   404   200   200    200   404  403   403   403     403     401
refuse_handoff            403  404   403   404   200   200    200   404  403   403   403     403     401
claim_ticket              422  201   201   404   201   201    201   404  403   403   403     403     401
release_ticket            200  403   403   404   403   403    403   404  403   403   403     403     401
take_over                 403  403   403   404   200   200    200   404  403   403   403     403     401
take_over_many            403  403   403   404   200   200    200   404  403   403   403     403     401

list_help_requests        200  200   200   200   200   200    200   200  200   200   200     200     401
ask_for_help              201  403   403   404   201   201    201   404  403   403   403     403     401
answer_help_request       403  200   403   404   403   403    403   404  403   403   403     403     401
withdraw_help_request     200  403   403   404   200   200    200   404  403   403   403     403     401

list_covers               200  200   200   200   200   200    200   200  200   200   200     200     401
ask_for_cover             201  422   201   201   201   201    201   201  403   403   422     403     401
accept_cover              403  200   404   404   403   403    403   404  403   403   403     403     401
end_cover                 200  200   404   404   200   200    200   404  403   403   403     403     401
list_due_in_cover         200  200   404   404   200   200    200   404  200   200   200     200     401
list_my_due               200  200   200   200   200   200    200   200  200   200   200     200     401

list_manager_requests     200  200   200   200   200   200    200   200  200   200   200     200     401
ask_for_manager           201  201   201   404   201   201    201   404  403   403   201     403     401
answer_manager_request    403  403   403   404   200   200    200   404  403   403   403     403     401
withdraw_manager_request  200  403   403   404   200   200    200   404  403   403   403     403     401

list_flags                200  200   200   200   200   200    200   200  200   200   200     200     401
take_on_flag              403  403   403   404   200   200    200   404  403   403   403     403     401
close_flag                403  403   403   404   200   200    200   404  403   403   403     403     401
call_false_alarm          403  403   403   404   200   200    200   404  403   403   403     403     401

list_customers            200  200   200   200   200   200    200   200  200   200   200     200     401
get_customer              200  200   200   200   200   200    200   200  200   200   200     200     401
create_customer           201  201   201   201   201   201    201   201  403   403   201     403     401
edit_customer             200  200   200   200   200   200    200   200  403   403   200     403     401
forget_customer           403  403   403   403   403   403    403   403  403   200   403     403     401

list_notices              200  200   200   200   200   200    200   200  200   200   200     200     401
get_my_notices            200  200   200   200   200   200    200   200  200   200   200     200     401
set_my_notices            200  200   200   200   200   200    200   200  200   200   200     403     401
list_deliveries           403  403   403   403   403   403    403   403  200   200   403     403     401
redeliver_notice          403  403   403   403   403   403    403   403  403   200   403     403     401
list_webhooks             403  403   403   403   403   403    403   403  200   200   403     403     401
get_webhook               403  403   403   403   403   403    403   403  200   200   403     403     401
create_webhook            403  403   403   403   403   403    403   403  403   201   403     403     401
edit_webhook              403  403   403   403   403   403    403   403  403   200   403     403     401
delete_webhook            403  403   403   403   403   403    403   403  403   200   403     403     401
rotate_webhook_secret     403  403   403   403   403   403    403   403  403   200   403     403     401
retire_webhook_secrets    403  403   403   403   403   403    403   403  403   200   403     403     401
test_webhook              403  403   403   403   403   403    403   403  403   201   403     403     401

send_phone_events         401  401   401   401   401   401    401   401  401   401   401     401     401
send_twilio_callback      401  401   401   401   401   401    401   401  401   401   401     401     401
send_zammad_call          200  200   200   200   200   200    200   200  200   200   200     200     200
list_phone_sources        403  403   403   403   200   200    200   200  200   200   403     403     401
create_phone_source       403  403   403   403   403   403    403   403  403   201   403     403     401
edit_phone_source         403  403   403   403   403   403    403   403  403   200   403     403     401
rotate_phone_secret       403  403   403   403   403   403    403   403  403   200   403     403     401
route_call                401  401   401   401   401   401    401   401  401   401   401     401     401
wrap_up_call              200  403   404   404   200   200    200   404  403   403   403     403     401
open_ticket_from_call     200  403   404   404   200   200    200   404  403   403   403     403     401
link_call                 200  200   404   404   200   200    200   404  403   403   200     403     401
call_back                 200  200   404   404   200   200    200   404  403   403   403     403     401
list_calls                200  200   200   200   200   200    200   200  200   200   200     200     401
get_call                  200  200   200   404  200   200    200   404  200   200   200     200     401

list_people               200  200   200   200   200   200    200   200  200   200   200     200     401
get_thresholds            200  200   200   200   200   200    200   200  200   200   200     200     401
set_thresholds            403  403   403   403   200   200    200   403  403   403   403     403     401
preview_thresholds        403  403   403   403   200   200    200   403  403   403   403     403     401
list_teams                200  200   200   200   200   200    200   200  200   200   200     200     401
me                        200  200   200   200   200   200    200   200  200   200   200     200     401
set_my_presence           200  200   200   200   200   200    200   200  200   200   200     403     401
set_my_extension          200  200   200   200   200   200    200   200  200   200   200     403     401
leave                     403  403   403   403   200   200    200   403  403   200   403     403     401
"""


def read(table: str) -> dict[str, dict[str, int]]:
    """Return the expected status of each operation for each person."""
    head, *lines = (line.split() for line in table.strip().splitlines() if line.strip())
    return {name: dict(zip(head, map(int, row), strict=True)) for name, *row in lines}


EXPECTED = read(TABLE)
READS = (Scope.TICKETS_READ, Scope.CUSTOMERS_READ, Scope.PEOPLE_READ)


def test_the_table_has_a_row_for_every_operation_of_the_schema() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    operations = [operation["operationId"] for path in schema["paths"].values() for operation in path.values()]
    assert sorted(EXPECTED) == sorted(operations)


@pytest.mark.parametrize("operation", EXPECTED)
def test_who_may(operation: str, cast: Cast) -> None:
    call = CALLS[operation](cast)
    if call.ticket is not None:
        Viewer.objects.create(ticket=call.ticket, person=cast.lena, because=Because.ASKED, source=0)
    answers = {}
    for who in EXPECTED[operation]:
        if who in ("reader", "nobody"):
            client = APIClient() if who == "nobody" else client_of(cast.form, *READS)
        else:
            client = client_of(getattr(cast, who))
        with transaction.atomic():
            answers[who] = call.send(client).status_code
            transaction.set_rollback(True)
    assert answers == EXPECTED[operation]
