#!/usr/bin/env python
"""The command line of the project: `python manage.py help` lists what it can do."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ownership_tracker.settings")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if "DATABASE_URL" not in os.environ:
            error.add_note("Its own PostgreSQL runs while `make run` or `manage.py services` does. Does it?")
        raise
