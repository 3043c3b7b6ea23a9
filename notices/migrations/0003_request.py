"""A notice knows the request that caused it, so that the lines which log its delivery can be found by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_deliveries"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="request_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
