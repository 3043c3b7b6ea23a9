"""No team is led by somebody who has left: proven by a key, checked when the transaction settles."""

from django.db import migrations

KEYS = """
ALTER TABLE people_team ADD CONSTRAINT team_manager_is_active
    FOREIGN KEY (manager_id, manager_active)
    REFERENCES people_person (id, is_active) DEFERRABLE INITIALLY DEFERRED;
"""

BACK = "ALTER TABLE people_team DROP CONSTRAINT team_manager_is_active;"


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(KEYS, BACK)]
