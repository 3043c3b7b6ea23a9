"""An accepted tenure is proven by its handoff: same ticket, and accepted by the very person who owns it."""

from django.db import migrations

KEYS = """
ALTER TABLE tickets_tenure ADD CONSTRAINT tenure_accepted_is_proven
    FOREIGN KEY (handoff_id, ticket_id, owner_id)
    REFERENCES handoffs_handoff (id, ticket_id, accepted_by_id) DEFERRABLE INITIALLY DEFERRED;

-- One handoff, one tenure.
CREATE UNIQUE INDEX tenure_one_a_handoff ON tickets_tenure (handoff_id) WHERE handoff_id IS NOT NULL;

-- A ticket is not resolved or closed under somebody who is being asked to take it. Both sides lock the
-- ticket's row first, so what this sees is what is.
CREATE FUNCTION handoffs_guard_ending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM handoffs_handoff WHERE ticket_id = NEW.id
               AND state IN ('requested', 'offered', 'claimed')) THEN
        RAISE EXCEPTION 'an offer is in progress'
            USING ERRCODE = '23514', CONSTRAINT = 'ticket_ends_without_offers';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ticket_ends_without_offers BEFORE UPDATE OF status ON tickets_ticket
    FOR EACH ROW WHEN (NEW.status IN ('resolved', 'closed')) EXECUTE FUNCTION handoffs_guard_ending();
"""

BACK = """
DROP TRIGGER ticket_ends_without_offers ON tickets_ticket;
DROP FUNCTION handoffs_guard_ending;
DROP INDEX tenure_one_a_handoff;
ALTER TABLE tickets_tenure DROP CONSTRAINT tenure_accepted_is_proven;
"""


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0001_initial"), ("tickets", "0002_proofs")]
    operations = [migrations.RunSQL(KEYS, BACK)]
