"""The proofs: what the models cannot say, in SQL.

The keys are deferrable because an ownership move writes three rows (the tenure that ends, the one that
begins, the ticket) which agree only once all three are written; `ownership.settle` checks them at the
end of the verb instead of at COMMIT, where nobody could answer the user any more.
"""

from django.db import migrations

KEYS = """
-- The ticket's owner is the owner of its current tenure, since when it says: no ticket without a tenure, none with another's.
ALTER TABLE tickets_ticket ADD CONSTRAINT ticket_owner_is_the_tenures
    FOREIGN KEY (id, tenure_seq, owner_id, owner_since, is_current)
    REFERENCES tickets_tenure (ticket_id, seq, owner_id, started_at, is_current) DEFERRABLE INITIALLY DEFERRED;

-- Each tenure starts at the very instant at which the one before it ended: no gap, no overlap.
ALTER TABLE tickets_tenure ADD CONSTRAINT tenure_follows_the_one_before
    FOREIGN KEY (ticket_id, prev_seq, started_at)
    REFERENCES tickets_tenure (ticket_id, seq, ended_at) DEFERRABLE INITIALLY DEFERRED;

-- Nobody who has left owns a live ticket (`live` is NULL, and the key silent, for all others).
ALTER TABLE tickets_ticket ADD CONSTRAINT ticket_owner_is_active
    FOREIGN KEY (owner_id, live)
    REFERENCES people_person (id, is_active) DEFERRABLE INITIALLY DEFERRED;

-- What an ownership verb ends with: both steps in one call.
CREATE FUNCTION tickets_settle() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
END $$;

-- Deleting the last tenure of a ticket is refused by the first key, an ended one by the trigger below.
CREATE FUNCTION tickets_keep_tenure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a tenure is never deleted' USING ERRCODE = '23514', CONSTRAINT = 'tenure_is_kept';
    END IF;
    -- Before the row is written its generated columns are empty: what they are generated from is compared.
    IF OLD.ended_at IS NOT NULL OR (to_jsonb(NEW) - '{ended_at,is_current,prev_seq}'::text[])
            IS DISTINCT FROM (to_jsonb(OLD) - '{ended_at,is_current,prev_seq}'::text[]) THEN
        RAISE EXCEPTION 'a tenure can only be ended, once'
            USING ERRCODE = '23514', CONSTRAINT = 'tenure_ended_is_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tenure_is_kept BEFORE UPDATE OR DELETE ON tickets_tenure
    FOR EACH ROW EXECUTE FUNCTION tickets_keep_tenure();

CREATE FUNCTION tickets_keep_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entry is never changed and never deleted'
        USING ERRCODE = '23514', CONSTRAINT = 'entry_is_kept';
END $$;
CREATE TRIGGER entry_is_kept BEFORE UPDATE OR DELETE ON tickets_entry
    FOR EACH ROW EXECUTE FUNCTION tickets_keep_entry();

CREATE FUNCTION tickets_keep_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.content IS NOT NULL AND NEW.content IS NULL AND NEW.erased_at IS NOT NULL
            AND (to_jsonb(NEW) - '{content,erased_at}'::text[])
              = (to_jsonb(OLD) - '{content,erased_at}'::text[]) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a text can only be erased'
        USING ERRCODE = '23514', CONSTRAINT = 'text_is_only_erased';
END $$;
CREATE TRIGGER text_is_only_erased BEFORE UPDATE OR DELETE ON tickets_text
    FOR EACH ROW EXECUTE FUNCTION tickets_keep_text();

CREATE INDEX text_by_words ON tickets_text
    USING gin (jsonb_to_tsvector('english', content, '["string"]'));

-- References are said on the telephone: six digits from the first ticket on.
ALTER TABLE tickets_ticket ALTER COLUMN id RESTART WITH 100001;
"""

BACK = """
DROP INDEX text_by_words;
DROP TRIGGER text_is_only_erased ON tickets_text;
DROP FUNCTION tickets_keep_text;
DROP TRIGGER entry_is_kept ON tickets_entry;
DROP FUNCTION tickets_keep_entry;
DROP TRIGGER tenure_is_kept ON tickets_tenure;
DROP FUNCTION tickets_keep_tenure;
DROP FUNCTION tickets_settle;
ALTER TABLE tickets_ticket DROP CONSTRAINT ticket_owner_is_active;
ALTER TABLE tickets_tenure DROP CONSTRAINT tenure_follows_the_one_before;
ALTER TABLE tickets_ticket DROP CONSTRAINT ticket_owner_is_the_tenures;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial"), ("people", "0002_proofs")]
    operations = [migrations.RunSQL(KEYS, BACK)]
