"""Tables of the enterprises room, one module a noun."""

from lianqi.enterprises.models.contact import Contact, Membership
from lianqi.enterprises.models.enterprise import Enterprise, FormerCode
from lianqi.enterprises.models.import_batch import ImportBatch

__all__ = ["Contact", "Enterprise", "FormerCode", "ImportBatch", "Membership"]
