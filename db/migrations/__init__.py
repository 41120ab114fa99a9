"""The migrations, run by :mod:`db.migrate`."""
