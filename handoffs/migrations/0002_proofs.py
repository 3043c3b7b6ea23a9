"""An accepted tenure is proven by its handoff: same ticket, and accepted by the very person who owns it."""

from django.db import migrations

KEYS = """
ALTER TABLE tickets_tenure ADD CONSTRAINT tenure_accepted_is_proven
    FOREIGN KEY (handoff_id, ticket_id, owner_id)
    REFERENCES handoffs_handoff (id, ticket_id, accepted_by_id) DEFERRABLE INITIALLY DEFERRED;

-- One handoff, one tenure.
CREATE UNIQUE INDEX tenure_one_a_handoff ON tickets_tenure (handoff_id) WHERE handoff_id IS NOT NULL;
"""

BACK = """
DROP INDEX tenure_one_a_handoff;
ALTER TABLE tickets_tenure DROP CONSTRAINT tenure_accepted_is_proven;
"""


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0001_initial"), ("tickets", "0002_proofs")]
    operations = [migrations.RunSQL(KEYS, BACK)]
