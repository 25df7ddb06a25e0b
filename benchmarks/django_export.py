"""The same register by django-import-export, for benchmarks/exports.py. Runs in a Python that has it.

    python benchmarks/django_export.py DATABASE BORN_AFTER

Prints seconds and rows; children born after that day (YYYY-MM-DD). Everything it needs is fetched beforehand (select_related, prefetch_related), as one would.
"""

import sys
import time

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only for measuring",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}},
    INSTALLED_APPS=["import_export"],
    USE_TZ=True,
)
django.setup()

from django.db import models  # noqa: E402
from import_export import fields, resources  # noqa: E402


class Village(models.Model):
    name = models.TextField()

    class Meta:
        app_label, db_table, managed = "register", "villages", False


class Household(models.Model):
    head_name = models.TextField(null=True)
    phone = models.TextField(null=True)
    address = models.TextField(null=True)

    class Meta:
        app_label, db_table, managed = "register", "households", False


class Child(models.Model):
    code = models.TextField()
    full_name = models.TextField(null=True)
    born_on = models.DateField(null=True)
    sex = models.TextField()
    personal_id = models.TextField(null=True)
    village = models.ForeignKey(Village, models.DO_NOTHING)
    household = models.ForeignKey(Household, models.DO_NOTHING, null=True)
    address = models.TextField(null=True)
    residence = models.TextField()
    birth_registration = models.TextField()
    insurance_number = models.TextField(null=True)
    schooling = models.TextField()
    school_name = models.TextField(null=True)
    population_check = models.TextField()
    left_on = models.DateField(null=True)
    removed_at = models.DateTimeField(null=True)
    sort_key = models.TextField()

    class Meta:
        app_label, db_table, managed = "register", "children", False


class Relative(models.Model):
    child = models.ForeignKey(Child, models.DO_NOTHING, related_name="relatives")
    kind = models.TextField()
    full_name = models.TextField(null=True)
    state = models.TextField()

    class Meta:
        app_label, db_table, managed = "register", "relatives", False


class Circumstance(models.Model):
    child = models.ForeignKey(Child, models.DO_NOTHING, related_name="circumstances")
    kind_code = models.TextField()

    class Meta:
        app_label, db_table, managed = "register", "circumstances", False


class Disability(models.Model):
    child = models.ForeignKey(Child, models.DO_NOTHING, related_name="disabilities")
    severity = models.TextField()
    certificate_number = models.TextField(null=True)

    class Meta:
        app_label, db_table, managed = "register", "disabilities", False


def _relative(child: Child, kind: str, name: str) -> str | None:
    return next((getattr(one, name) for one in child.relatives.all() if one.kind == kind), None)


class Register(resources.ModelResource):
    """The columns of the register."""

    village = fields.Field("village__name", "Thôn")
    head = fields.Field("household__head_name", "Chủ hộ")
    phone = fields.Field("household__phone", "Điện thoại")
    father = fields.Field(column_name="Họ tên cha")
    mother = fields.Field(column_name="Họ tên mẹ")
    carer = fields.Field(column_name="Người chăm sóc")
    father_state = fields.Field(column_name="Tình trạng của cha")
    mother_state = fields.Field(column_name="Tình trạng của mẹ")
    groups = fields.Field(column_name="Hoàn cảnh")
    severity = fields.Field(column_name="Mức độ")
    certificate = fields.Field(column_name="Số giấy")

    class Meta:
        model = Child
        fields = (
            "village",
            "head",
            "phone",
            "father",
            "mother",
            "carer",
            "father_state",
            "mother_state",
            "groups",
            "severity",
            "certificate",
            "code",
            "full_name",
            "born_on",
            "sex",
            "personal_id",
            "address",
            "residence",
            "birth_registration",
            "insurance_number",
            "schooling",
            "school_name",
            "population_check",
        )

    def dehydrate_father(self, child: Child) -> str | None:
        return _relative(child, "father", "full_name")

    def dehydrate_mother(self, child: Child) -> str | None:
        return _relative(child, "mother", "full_name")

    def dehydrate_carer(self, child: Child) -> str | None:
        return _relative(child, "caregiver", "full_name")

    def dehydrate_father_state(self, child: Child) -> str | None:
        return _relative(child, "father", "state")

    def dehydrate_mother_state(self, child: Child) -> str | None:
        return _relative(child, "mother", "state")

    def dehydrate_groups(self, child: Child) -> str:
        return "; ".join(one.kind_code for one in child.circumstances.all())

    def dehydrate_severity(self, child: Child) -> str:
        return "; ".join(one.severity for one in child.disabilities.all())

    def dehydrate_certificate(self, child: Child) -> str:
        return "; ".join(one.certificate_number or "" for one in child.disabilities.all())


def main() -> None:
    """One export to xlsx."""
    started = time.perf_counter()
    under_age = models.Q(born_on=None) | models.Q(born_on__gt=sys.argv[2])
    children = Child.objects.filter(under_age, left_on=None, removed_at=None).order_by("sort_key", "id")
    children = children.select_related("village", "household")
    children = children.prefetch_related("relatives", "circumstances", "disabilities")
    found = Register().export(queryset=children)
    content = found.export("xlsx")
    print(time.perf_counter() - started, len(found) if content else 0)


main()
