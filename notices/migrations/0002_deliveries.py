"""What becomes of a notice, webhooks, and what people want to be told.

Each notice gets its place in the order of queueing; whatever was queued so far is to be delivered.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE notices_notice_number;", "DROP SEQUENCE IF EXISTS notices_notice_number;"),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("channel", models.CharField(choices=[("mail", "mail")], max_length=10)),
                ("wanted", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.URLField(max_length=500)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), blank=True, default=list, size=None
                    ),
                ),
                (
                    "secrets",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), size=None),
                ),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("resting_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_has_one_receiver",
        ),
        migrations.RemoveIndex(
            model_name="notice",
            name="notice_undelivered",
        ),
        migrations.AddField(
            model_name="notice",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="notice",
            name="last_error",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="notice",
            name="next_attempt_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, null=True
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="number",
            field=models.BigIntegerField(
                db_default=models.Func(models.Value("notices_notice_number"), function="nextval")
            ),
        ),
        migrations.RunSQL(
            "ALTER SEQUENCE notices_notice_number OWNED BY notices_notice.number;", migrations.RunSQL.noop
        ),
        migrations.AddField(
            model_name="notice",
            name="state",
            field=models.CharField(
                choices=[("queued", "Queued"), ("delivered", "Delivered"), ("dead", "Dead"), ("skipped", "Skipped")],
                db_default="queued",
                default="queued",
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="preference",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="webhook",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="webhook",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="notices.webhook",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("state", "queued")), fields=["next_attempt_at"], name="notice_due"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("state", "queued")), fields=["about", "number"], name="notice_in_order"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("state", "dead")), fields=["number"], name="notice_dead"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("webhook__isnull", False)), fields=["webhook", "number"], name="notice_by_webhook"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["number"], name="notice_by_number"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("person__isnull", False)), fields=["person", "number"], name="notice_by_person"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("address", ""), _negated=True), fields=["address"], name="notice_by_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person", None), ("webhook", None)),
                    models.Q(("address", ""), ("person", None)),
                    models.Q(("address", ""), ("webhook", None)),
                    _connector="OR",
                ),
                name="notice_has_one_receiver",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at", None), ("next_attempt_at__isnull", False), ("state", "queued")),
                    models.Q(("delivered_at__isnull", False), ("next_attempt_at", None), ("state", "delivered")),
                    models.Q(("delivered_at", None), ("next_attempt_at", None), ("state__in", ["dead", "skipped"])),
                    _connector="OR",
                ),
                name="notice_state_matches_times",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.UniqueConstraint(fields=("person", "kind", "channel"), name="preference_once_a_kind"),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(("secrets__len__gt", 0)), name="webhook_has_a_secret"
            ),
        ),
    ]
