#!/usr/bin/env python
"""Django's command line."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seguimiento.settings")
    os.umask(0o077)  # what is written in var/ is read by nobody else on the machine
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.SECRET_KEY  # noqa: B018  (reading one reads them all)
    except ImproperlyConfigured as error:
        sys.exit(f"No arranca: {error}")
    execute_from_command_line(sys.argv)
