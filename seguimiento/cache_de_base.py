"""The cache in a table of the database, where it counts tries and keeps nothing of value.

A table that is locked for a moment is no reason to say that there were too many tries.
"""

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, router, transaction


class CacheDeBase(DatabaseCache):
    """Django's answers the same to «it is there already» and to «it could not be written»."""

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return super().add(key, value, timeout, version) or not self.has_key(key, version)

    def delete(self, key, version=None):
        try:
            with transaction.atomic(using=router.db_for_write(self.cache_model_class)):
                return super().delete(key, version)
        except DatabaseError:
            return False
