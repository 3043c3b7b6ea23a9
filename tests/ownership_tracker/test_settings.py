"""What an installation must say, and that the page on running it says what the settings read."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INSTALLATION = {
    "DATABASE_URL": "postgres://localhost/tracker",
    "SECRET_KEY": "0123456789" * 5,
    "ALLOWED_HOSTS": "example.org",
    "EMAIL_URL": "smtp+tls://tracker:secret@mail.example.org:587",
    "MAIL_FROM": "tracker@example.org",
}


def read_settings(environment: dict[str, str], expression: str = "") -> subprocess.CompletedProcess[str]:
    script = f"from ownership_tracker import settings; print({expression})"
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "MAIL_FROM"])
def test_an_installation_is_refused_what_is_missing(missing: str) -> None:
    environment = {name: value for name, value in INSTALLATION.items() if name != missing}

    refused = read_settings(environment)

    assert refused.returncode != 0
    assert f"Set the {missing} environment variable" in refused.stderr


def test_an_installation_is_refused_a_short_secret_key() -> None:
    refused = read_settings(INSTALLATION | {"SECRET_KEY": "short"})

    assert "SECRET_KEY is too short" in refused.stderr


def test_an_installation_starts_no_servers_and_asks_for_https() -> None:
    read = read_settings(
        INSTALLATION | {"REDIS_URL": "redis://localhost/2"},
        "settings.LOCAL_STORES, settings.SECURE_SSL_REDIRECT, settings.CELERY_BROKER_URL",
    )

    assert read.stdout.strip() == "[] True redis://localhost/2"


def test_an_installation_sends_its_letters_where_it_was_told() -> None:
    read = read_settings(
        INSTALLATION, "settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS"
    )

    assert read.stdout.strip() == "django.core.mail.backends.smtp.EmailBackend mail.example.org 587 True"


OIDC = {"OIDC_ISSUER": "https://login.example.org/", "OIDC_CLIENT_ID": "tracker", "OIDC_CLIENT_SECRET": "a secret"}


def test_single_sign_on_needs_all_that_belongs_to_it() -> None:
    expression = "settings.OIDC_ISSUER, settings.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'][0]['client_id']"
    assert read_settings(INSTALLATION | OIDC, expression).stdout.strip() == "https://login.example.org tracker"
    missing = {name: value for name, value in OIDC.items() if name != "OIDC_CLIENT_SECRET"}
    assert "Set the OIDC_CLIENT_SECRET environment variable" in read_settings(INSTALLATION | missing).stderr
    in_clear = OIDC | {"OIDC_ISSUER": "http://login.example.org"}
    assert "OIDC_ISSUER begins with https://" in read_settings(INSTALLATION | in_clear).stderr


def test_who_must_have_a_second_step_is_one_of_three() -> None:
    assert "nobody, managers or everybody" in read_settings(INSTALLATION | {"REQUIRE_TOTP": "yes"}).stderr


def test_cookies_of_an_installation_go_over_tls_only() -> None:
    read = read_settings(INSTALLATION, "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE")
    assert read.stdout.strip() == "True True"


def test_every_variable_is_in_the_table_and_no_other() -> None:
    source = (ROOT / "ownership_tracker/settings.py").read_text()
    page = (ROOT / "README.md").read_text()

    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', source))
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))

    assert "DATABASE_URL" in read
    assert listed == read
