"""How somebody with a raw SQL client might break what the product promises: one line a constraint.

`{names}` are rows of `tests.scene`. Every statement must be refused by exactly the constraint that it is
listed under, at once or at COMMIT.
"""

_HANDOFF = """
    INSERT INTO handoffs_handoff (ticket_id, kind, state, giver_id, receiver_id, made_by_id, to_team_id, tenure_seq,
        reason, urgency, on_call, fields_filled, made_at, due_at, cause)
    SELECT ticket_id, kind, state, giver_id, receiver_id, made_by_id, to_team_id, tenure_seq,
        reason, urgency, on_call, fields_filled, made_at, due_at, cause FROM handoffs_handoff WHERE id = {offer}"""
_END = "UPDATE tickets_tenure SET ended_at = now() WHERE ticket_id = {moved} AND seq = 2; "
_BEGIN = """
    INSERT INTO tickets_tenure (ticket_id, seq, reason, counted, owner_id, began_by, handoff_id, started_at, ended_at)
    VALUES ({moved}, """
_POINT = """;
    UPDATE tickets_ticket SET tenure_seq = 3, owner_id = {carol}, owner_since = (
        SELECT started_at FROM tickets_tenure WHERE ticket_id = {moved} AND seq = 3) WHERE id = {moved}"""

BREACHES = [
    # 1. At most one open tenure a ticket.
    ("tenure_one_open_a_ticket", _BEGIN + "3, '', false, {carol}, 'taken_over', NULL, now(), NULL)"),
    ("tenure_seq_is_unique", _BEGIN + "1, '', false, {carol}, 'opened', NULL, now(), now())"),
    # 2. At least one, and the right one.
    ("ticket_owner_is_the_tenures", "UPDATE tickets_ticket SET owner_id = {carol} WHERE id = {moved}"),
    ("ticket_owner_is_the_tenures", "UPDATE tickets_ticket SET owner_since = now() WHERE id = {moved}"),
    ("ticket_owner_is_the_tenures", "UPDATE tickets_ticket SET tenure_seq = 1, owner_id = {alice} WHERE id = {moved}"),
    ("ticket_owner_is_the_tenures", _END),
    (
        "ticket_owner_is_the_tenures",
        """INSERT INTO tickets_ticket (customer_id, team_id, subject, category, skill, severity, channel, status,
               outcome, root_cause, owner_id, tenure_seq, owner_since, owner_count, change_count, opened_at,
               next_due_kind, version, historical, source, source_key)
           SELECT customer_id, team_id, subject, category, skill, severity, channel, status,
               outcome, root_cause, owner_id, tenure_seq, owner_since, owner_count, change_count, opened_at,
               next_due_kind, version, historical, source, source_key FROM tickets_ticket WHERE id = {asked}""",
    ),
    # 3. No gap, no overlap.
    (
        "tenure_follows_the_one_before",
        _END + _BEGIN + "3, '', false, {carol}, 'taken_over', NULL, now() + interval '1 second', NULL)" + _POINT,
    ),
    (
        "tenure_follows_the_one_before",
        _END + _BEGIN + "3, '', false, {carol}, 'taken_over', NULL, now() - interval '1 ms', NULL)" + _POINT,
    ),
    (
        "tenure_ends_after_start",
        "UPDATE tickets_tenure SET ended_at = started_at - interval '1 ms' WHERE id IN ("
        "SELECT id FROM tickets_tenure WHERE ticket_id = {asked})",
    ),
    # 4. How a tenure begins; an accepted one is proven by its handoff.
    ("tenure_accepted_names_its_handoff", _BEGIN + "3, '', false, {carol}, 'accepted', NULL, now(), now())"),
    ("tenure_accepted_names_its_handoff", _BEGIN + "3, '', false, {carol}, 'inherited', {accepted}, now(), now())"),
    ("tenure_only_the_first_is_opened", _BEGIN + "3, '', false, {carol}, 'opened', NULL, now(), now())"),
    ("tenure_began_by_is_known", _BEGIN + "3, '', false, {carol}, 'found', NULL, now(), now())"),
    (
        "tenure_accepted_is_proven",
        _END + _BEGIN + "3, '', false, {carol}, 'accepted', {offer}, now(), NULL)" + _POINT,
    ),
    (
        "tenure_one_a_handoff",
        _END + _BEGIN + "3, '', false, {bob}, 'accepted', {accepted}, now(), NULL)",
    ),
    (
        "tenure_accepted_is_proven",
        "UPDATE handoffs_handoff SET state = 'declined', accepted_by_id = NULL WHERE id = {accepted}",
    ),
    # 5. Nobody inactive owns a live ticket, or manages a team.
    ("ticket_owner_is_active", "UPDATE people_person SET is_active = false WHERE id = {alice}"),
    ("team_manager_is_active", "UPDATE people_person SET is_active = false WHERE id = {petra}"),
    # 6. What happened stays.
    ("tenure_is_kept", "DELETE FROM tickets_tenure WHERE ticket_id = {moved} AND seq = 2"),
    ("tenure_is_kept", "DELETE FROM tickets_tenure WHERE ticket_id = {moved} AND seq = 1"),
    ("tenure_ended_is_final", "UPDATE tickets_tenure SET ended_at = NULL WHERE ticket_id = {moved} AND seq = 1"),
    ("tenure_ended_is_final", "UPDATE tickets_tenure SET owner_id = {carol} WHERE ticket_id = {moved} AND seq = 2"),
    ("tenure_ended_is_final", "UPDATE tickets_tenure SET reason = 'skill' WHERE ticket_id = {moved} AND seq = 1"),
    ("entry_is_kept", "UPDATE tickets_entry SET at = now() WHERE ticket_id = {moved}"),
    ("entry_is_kept", "DELETE FROM tickets_entry WHERE ticket_id = {moved}"),
    ("text_is_only_erased", """UPDATE tickets_text SET content = '{{"text": "else"}}' WHERE ticket_id = {moved}"""),
    ("text_is_only_erased", "UPDATE tickets_text SET content = NULL WHERE ticket_id = {moved}"),
    ("text_is_only_erased", "UPDATE tickets_text SET part = 'note' WHERE ticket_id = {moved}"),
    ("text_is_only_erased", "DELETE FROM tickets_text WHERE ticket_id = {moved}"),
    ("text_is_there_or_erased", "INSERT INTO tickets_text (ticket_id, part, written_at) VALUES ({moved}, 'x', now())"),
    # 7. State and facts agree.
    ("ticket_resolved_at_matches_status", "UPDATE tickets_ticket SET resolved_at = now() WHERE id = {moved}"),
    ("ticket_resolved_at_matches_status", "UPDATE tickets_ticket SET resolved_at = NULL WHERE id = {spam}"),
    ("ticket_closed_at_matches_status", "UPDATE tickets_ticket SET closed_at = now() WHERE id = {moved}"),
    ("ticket_closed_at_matches_status", "UPDATE tickets_ticket SET closed_at = NULL WHERE id = {spam}"),
    ("ticket_acknowledged_unless_new", "UPDATE tickets_ticket SET status = 'open' WHERE id = {asked}"),
    ("ticket_acknowledged_unless_new", "UPDATE tickets_ticket SET status = 'new' WHERE id = {moved}"),
    ("ticket_outcome_matches_status", "UPDATE tickets_ticket SET outcome = 'spam' WHERE id = {moved}"),
    ("ticket_outcome_matches_status", "UPDATE tickets_ticket SET outcome = '' WHERE id = {spam}"),
    ("ticket_duplicate_names_the_other", "UPDATE tickets_ticket SET outcome = 'duplicate_of' WHERE id = {spam}"),
    ("ticket_not_its_own_duplicate", "UPDATE tickets_ticket SET duplicate_of_id = id WHERE id = {spam}"),
    ("ticket_has_had_an_owner", "UPDATE tickets_ticket SET owner_count = 0 WHERE id = {moved}"),
    (
        "ticket_ends_without_offers",
        """UPDATE tickets_ticket SET status = 'resolved', acknowledged_at = now(), resolved_at = now()
           WHERE id = {asked}""",
    ),
    (
        "ticket_imported_once",
        "UPDATE tickets_ticket SET source = 'csv', source_key = '1' WHERE id IN ({asked}, {moved})",
    ),
    (
        # Whatever no status is, is no acknowledged one either: that check stands before this one.
        "ticket_status_is_known",
        """ALTER TABLE tickets_ticket DROP CONSTRAINT ticket_acknowledged_unless_new;
           UPDATE tickets_ticket SET status = 'lost' WHERE id = {moved}""",
    ),
    ("ticket_severity_is_known", "UPDATE tickets_ticket SET severity = 'odd' WHERE id = {moved}"),
    ("ticket_channel_is_known", "UPDATE tickets_ticket SET channel = 'odd' WHERE id = {moved}"),
    ("ticket_outcome_is_known", "UPDATE tickets_ticket SET outcome = 'odd' WHERE id = {spam}"),
    # Handoffs.
    ("handoff_one_in_progress", _HANDOFF),
    ("handoff_accepted_by_the_receiver", "UPDATE handoffs_handoff SET accepted_by_id = {carol} WHERE id = {accepted}"),
    ("handoff_accepted_by_the_receiver", "UPDATE handoffs_handoff SET read_back_id = NULL WHERE id = {accepted}"),
    ("handoff_accepted_by_the_receiver", "UPDATE handoffs_handoff SET accepted_by_id = {bob} WHERE id = {offer}"),
    ("handoff_end_matches_state", "UPDATE handoffs_handoff SET ended_at = now() WHERE id = {offer}"),
    ("handoff_end_matches_state", "UPDATE handoffs_handoff SET ended_at = NULL WHERE id = {accepted}"),
    ("handoff_not_to_oneself", "UPDATE handoffs_handoff SET receiver_id = giver_id WHERE id = {offer}"),
    ("handoff_kind_is_known", "UPDATE handoffs_handoff SET kind = 'odd' WHERE id = {offer}"),
    ("handoff_reason_is_known", "UPDATE handoffs_handoff SET reason = 'odd' WHERE id = {offer}"),
    ("handoff_urgency_is_known", "UPDATE handoffs_handoff SET urgency = 'odd' WHERE id = {offer}"),
    ("handoff_state_is_known", "UPDATE handoffs_handoff SET state = 'odd', ended_at = now() WHERE id = {offer}"),
    ("help_end_matches_state", "UPDATE handoffs_helprequest SET ended_at = now() WHERE id = {question}"),
    (
        "help_answered_has_an_answer",
        "UPDATE handoffs_helprequest SET state = 'answered', ended_at = now() WHERE id = {question}",
    ),
    ("help_state_is_known", "UPDATE handoffs_helprequest SET state = 'odd', ended_at = now() WHERE id = {question}"),
    # Holds, promises, flags.
    (
        "hold_one_open_of_a_kind",
        """INSERT INTO tickets_hold (ticket_id, kind, by_id, started_at, return_by, how)
           SELECT ticket_id, kind, by_id, started_at, return_by, how FROM tickets_hold WHERE id = {hold}""",
    ),
    ("hold_end_says_how", "UPDATE tickets_hold SET ended_at = now() WHERE id = {hold}"),
    ("hold_end_says_how", "UPDATE tickets_hold SET how = 'returned' WHERE id = {hold}"),
    (
        "hold_ends_after_start",
        "UPDATE tickets_hold SET ended_at = started_at - interval '1 s', how = 'returned' WHERE id = {hold}",
    ),
    ("hold_returns_after_start", "UPDATE tickets_hold SET return_by = started_at - interval '1 s' WHERE id = {hold}"),
    ("hold_kind_is_known", "UPDATE tickets_hold SET kind = 'odd' WHERE id = {hold}"),
    ("hold_end_is_known", "UPDATE tickets_hold SET how = 'odd' WHERE id = {ended_hold}"),
    ("promise_end_matches_state", "UPDATE tickets_promise SET state = 'kept' WHERE id = {promise}"),
    ("promise_state_is_known", "UPDATE tickets_promise SET state = 'odd', ended_at = now() WHERE id = {promise}"),
    (
        "flag_one_open_of_a_kind",
        """INSERT INTO tickets_flag (ticket_id, kind, level, status, raised_at, evidence, historical)
           SELECT ticket_id, kind, 'red', status, raised_at, evidence, historical FROM tickets_flag
           WHERE id = {flag}""",
    ),
    ("flag_closed_at_matches_status", "UPDATE tickets_flag SET closed_at = now() WHERE id = {flag}"),
    ("flag_taken_on_by_somebody", "UPDATE tickets_flag SET status = 'taken_on' WHERE id = {flag}"),
    ("flag_kind_is_known", "UPDATE tickets_flag SET kind = 'odd' WHERE id = {flag}"),
    ("flag_level_is_known", "UPDATE tickets_flag SET level = 'odd' WHERE id = {flag}"),
    ("flag_status_is_known", "UPDATE tickets_flag SET status = 'odd', closed_at = now() WHERE id = {flag}"),
    (
        "draft_not_to_oneself",
        """INSERT INTO handoffs_draft (ticket_id, giver_id, receiver_id, on_call, call, drafted_at)
           VALUES ({moved}, {bob}, {bob}, false, 1, now())""",
    ),
    ("manager_request_state_is_known", "UPDATE handoffs_managerrequest SET state = 'odd', ended_at = now()"),
    (
        "manager_request_one_open_a_ticket",
        """INSERT INTO handoffs_managerrequest (ticket_id, asked_by_id, asked_id, state, asked_at, call_back_by, rung)
           SELECT ticket_id, asked_by_id, asked_id, state, asked_at, call_back_by, rung
           FROM handoffs_managerrequest""",
    ),
    ("manager_request_end_matches_state", "UPDATE handoffs_managerrequest SET ended_at = now()"),
    (
        "manager_request_answered_by_somebody",
        "UPDATE handoffs_managerrequest SET state = 'answered', ended_at = now()",
    ),
    # People, customers, and what is written once.
    (
        "cover_one_open_a_person",
        """INSERT INTO people_cover (absent_id, covering_id, asked_by_id, asked_at, starts_at, until, how)
           SELECT absent_id, {luis}, asked_by_id, asked_at, starts_at, until, '' FROM people_cover""",
    ),
    ("cover_is_by_another", "UPDATE people_cover SET covering_id = absent_id"),
    ("cover_ends_after_start", "UPDATE people_cover SET until = starts_at"),
    ("cover_end_says_how", "UPDATE people_cover SET ended_at = now()"),
    ("person_away_until_is_away", "UPDATE people_person SET away_until = now() WHERE id = {luis}"),
    ("person_role_is_known", "UPDATE people_person SET role = 'king' WHERE id = {luis}"),
    ("person_who_left_is_inactive", "UPDATE people_person SET left_at = now() WHERE id = {luis}"),
    ("person_extension_is_unique", "UPDATE people_person SET extension = '100' WHERE id IN ({luis}, {bob})"),
    ("team_is_not_its_own_parent", "UPDATE people_team SET parent_id = id"),
    (
        "contact_point_once_a_customer",
        """INSERT INTO tickets_contactpoint (customer_id, kind, value, label)
           SELECT customer_id, kind, value, 'again' FROM tickets_contactpoint""",
    ),
    (
        "viewer_once_a_cause",
        """INSERT INTO tickets_viewer (ticket_id, person_id, because, source)
           SELECT ticket_id, person_id, because, source FROM tickets_viewer""",
    ),
    (
        "look_once_an_hour",
        """INSERT INTO tickets_look (ticket_id, person_id, hour)
           VALUES ({moved}, {bob}, now()), ({moved}, {bob}, now())""",
    ),
    (
        "idempotency_key_is_unique",
        """INSERT INTO people_idempotencykey (person_id, key, request_digest, body, created_at)
           VALUES ({bob}, 'k', '', '', now()), ({bob}, 'k', '', '', now())""",
    ),
    (
        "notice_has_one_receiver",
        "UPDATE notices_notice SET address = 'both@example.com' WHERE person_id IS NOT NULL",
    ),
    ("notice_state_matches_times", "UPDATE notices_notice SET state = 'lost'"),
    ("notice_state_matches_times", "UPDATE notices_notice SET state = 'delivered'"),
    ("notice_state_matches_times", "UPDATE notices_notice SET state = 'dead'"),
    ("notice_state_matches_times", "UPDATE notices_notice SET next_attempt_at = NULL"),
    ("notice_state_matches_times", "UPDATE notices_notice SET delivered_at = now()"),
    # Calls: once each, whatever a telephone system sends.
    ("source_has_a_secret", "UPDATE phones_source SET secrets = '{{}}'"),
    (
        "call_once_a_source",
        """INSERT INTO phones_call (source_id, call_id, team_id, told, direction, number, began_at, heard_at, ended_by,
               suspect, linked, wrap_up, popped)
           SELECT source_id, call_id, team_id, told, direction, number, began_at, heard_at, ended_by,
               suspect, 'not', 'none', popped FROM phones_call""",
    ),
    ("call_ended_by_is_known", "UPDATE phones_call SET ended_by = 'odd'"),
    ("call_linked_to_a_ticket", "UPDATE phones_call SET linked = 'not'"),
    ("call_linked_to_a_ticket", "UPDATE phones_call SET ticket_id = NULL"),
    ("call_wrapped_up_by_somebody", "UPDATE phones_call SET wrap_up = 'spam'"),
    (
        "phone_event_once_a_source",
        """INSERT INTO phones_phoneevent (source_id, event_id, call_id, type, occurred_at, data, digest, suspect,
               received_at)
           SELECT source_id, event_id, call_id, type, occurred_at, data, digest, suspect, received_at
           FROM phones_phoneevent""",
    ),
    ("phone_event_type_is_known", "UPDATE phones_phoneevent SET type = 'call.odd'"),
    (
        "call_hold_once_a_spell",
        """INSERT INTO phones_callhold (call_id, number, hold_id)
           SELECT call_id, number, {ended_hold} FROM phones_callhold""",
    ),
    (
        "conclusion_once_a_spell",
        """INSERT INTO phones_conclusion (call_id, cause, number, at, concluded_at)
           SELECT call_id, cause, number, at, concluded_at FROM phones_conclusion""",
    ),
    ("conclusion_cause_is_known", "UPDATE phones_conclusion SET cause = 'odd'"),
    (
        "preference_once_a_kind",
        """INSERT INTO notices_preference (person_id, kind, channel, wanted)
           VALUES ({bob}, 'reopened', 'mail', true), ({bob}, 'reopened', 'mail', false)""",
    ),
    (
        "webhook_has_a_secret",
        """INSERT INTO notices_webhook (url, kinds, secrets, active, created_by_id, created_at)
           VALUES ('https://example.com', '{{}}', '{{}}', true, {bob}, now())""",
    ),
]

# Referenced by the deferrable keys: each only adds columns to a key that is unique already.
WIDER = {
    "person_and_activity": "people_person_pkey",
    "tenure_and_currency": "tenure_seq_is_unique",
    "tenure_and_end": "tenure_seq_is_unique",
    "handoff_and_acceptance": "handoffs_handoff_pkey",
}
