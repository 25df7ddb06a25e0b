"""The same list read in by django-import-export, for benchmarks/import_beside.py. Runs in a Python that has it.

    python benchmarks/django_import.py CHILDREN_CSV LIST_XLSX [bulk]

A table of the children that are there already, then what its admin does with a list: a dry run, then the import, rows found again
by name and birth (indexed), unchanged ones skipped. Nothing else: no checks, no likely matches, no history, no audit trail.
`bulk`: as fast as it goes, without telling what changes. Prints seconds and the rows by what became of them.
"""

import csv
import json
import sys
import time
from datetime import date
from pathlib import Path

import django
from django.apps import AppConfig
from django.conf import settings


class Application(AppConfig):
    name, label, path = "__main__", "register", str(Path(__file__).parent)


settings.configure(
    SECRET_KEY="only for measuring",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{sys.argv[1]}.sqlite3"}},
    INSTALLED_APPS=["import_export", "__main__.Application"],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
)
django.setup()

import tablib  # noqa: E402
from django.db import connection, models  # noqa: E402
from import_export import fields, resources, widgets  # noqa: E402

BULK = "bulk" in sys.argv[3:]


class Village(models.Model):
    name = models.TextField(unique=True)

    class Meta:
        app_label = "register"


class Child(models.Model):
    full_name = models.TextField()
    born_on = models.DateField(null=True)
    sex = models.TextField()
    village = models.ForeignKey(Village, models.PROTECT)
    mother = models.TextField(blank=True, null=True)
    school = models.TextField(blank=True, null=True)

    class Meta:
        app_label = "register"
        indexes = (models.Index(fields=("full_name", "born_on"), name="ix_name_birth"),)


class Register(resources.ModelResource):
    """The columns of the list."""

    village = fields.Field("village", "village", widgets.ForeignKeyWidget(Village, "name"))

    class Meta:
        model = Child
        fields = ("full_name", "born_on", "sex", "village", "mother", "school")
        import_id_fields = ("full_name", "born_on")
        skip_unchanged = True
        use_transactions = True
        use_bulk = BULK
        skip_diff = BULK


def fill(file: Path) -> None:
    """Who is there already."""
    with connection.schema_editor() as editor:
        editor.create_model(Village)
        editor.create_model(Child)
    villages: dict[str, Village] = {}
    children = []
    with file.open(encoding="utf-8", newline="") as opened:
        for name, born, sex, village, school in csv.reader(opened):
            if village not in villages:
                villages[village] = Village.objects.create(name=village)
            born_on = date.fromisoformat(born) if born else None
            children.append(
                Child(full_name=name, born_on=born_on, sex=sex, village=villages[village], school=school or None)
            )
    Child.objects.bulk_create(children, batch_size=1000)


def main() -> None:
    """A dry run and the import, timed together."""
    fill(Path(sys.argv[1]))
    content = Path(sys.argv[2]).read_bytes()
    started = time.perf_counter()
    for dry_run in (True, False):
        found = Register().import_data(
            tablib.Dataset().load(content, format="xlsx"), dry_run=dry_run, raise_errors=True
        )
    print(
        json.dumps(
            {"seconds": time.perf_counter() - started, "totals": found.totals, "children": Child.objects.count()}
        )
    )


main()
