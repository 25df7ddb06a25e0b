"""The same list in Django, for benchmarks/lists.py: a ListView and the admin, signed in. Runs in a Python that has Django.

    python benchmarks/django_list.py DATABASE REQUESTS BORN_AFTER

Prints {name: requests per second} for every line read, so that rounds can take turns; first the names it lists.
"""

import json
import sys
import time
from pathlib import Path

import django
from django.apps import AppConfig
from django.conf import settings

DATABASE, REQUESTS, BORN_AFTER = sys.argv[1], int(sys.argv[2]), sys.argv[3]
ADDRESSES = {"ListView": "/children/", "admin": "/admin/register/child/"}
SQLITE = "django.db.backends.sqlite3"
TEMPLATE = """<!doctype html><html lang="vi"><title>Trẻ em</title><body><p>{{ paginator.count }} trẻ em</p><table>
{% for child in page_obj %}<tr><th><a href="/children/{{ child.id }}">{{ child.full_name }}</a></th><td>{{ child.sex }}</td>
<td>{{ child.born_on|date:"d/m/Y" }}</td><td>{{ child.village.name }}</td>
<td>{% for relative in child.relatives.all %}{{ relative.full_name }}, {% endfor %}</td>
<td>{% for one in child.circumstances.all %}<span>{{ one.kind_code }}</span>{% endfor %}</td></tr>{% endfor %}
</table><a href="?page=2">Sau</a></body></html>"""

PARTS = ("admin", "auth", "contenttypes", "sessions", "messages")
PROCESSORS = ("django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages")
OPTIONS = {
    "context_processors": ["django.template.context_processors.request", *PROCESSORS],
    "loaders": [
        ("django.template.loaders.locmem.Loader", {"list.html": TEMPLATE}),
        ("django.template.loaders.app_directories.Loader"),
    ],
}


class Register(AppConfig):
    name, label, path = "__main__", "register", str(Path(__file__).parent)


settings.configure(
    SECRET_KEY="only for measuring",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": SQLITE, "NAME": DATABASE}},
    INSTALLED_APPS=[*(f"django.contrib.{name}" for name in PARTS), "__main__.Register"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": OPTIONS}],
    USE_TZ=True,
)
django.setup()

from django.contrib import admin  # noqa: E402
from django.contrib.auth.mixins import LoginRequiredMixin  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import models  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.generic import ListView  # noqa: E402


class Village(models.Model):
    name = models.CharField()

    class Meta:
        app_label, managed, db_table = "register", False, "villages"


class Child(models.Model):
    full_name, sex, born_on = models.CharField(), models.CharField(), models.DateField()
    sort_key, commune_id = models.CharField(), models.IntegerField()
    removed_at, left_on = models.DateTimeField(), models.DateField()
    village = models.ForeignKey(Village, models.PROTECT)

    class Meta:
        app_label, managed, db_table = "register", False, "children"


class Relative(models.Model):
    child = models.ForeignKey(Child, models.PROTECT, related_name="relatives")
    full_name = models.CharField()

    class Meta:
        app_label, managed, db_table = "register", False, "relatives"


class Circumstance(models.Model):
    child = models.ForeignKey(Child, models.PROTECT, related_name="circumstances")
    kind_code = models.CharField()

    class Meta:
        app_label, managed, db_table = "register", False, "circumstances"


def listed() -> "models.QuerySet[Child]":
    of_age = models.Q(born_on=None) | models.Q(born_on__gt=BORN_AFTER)
    children = (
        Child.objects.filter(of_age, commune_id=1, removed_at=None, left_on=None)
        .select_related("village")
        .order_by("sort_key", "id")
    )
    return children.prefetch_related("relatives", "circumstances")


class Children(LoginRequiredMixin, ListView):
    template_name, paginate_by = "list.html", 50

    def get_queryset(self) -> "models.QuerySet[Child]":
        return listed()


@admin.register(Child)
class ChildAdmin(admin.ModelAdmin):
    list_display = ("full_name", "sex", "born_on", "village", "parents", "kinds")
    list_per_page = 50

    def get_queryset(self, request: object) -> "models.QuerySet[Child]":
        return listed()

    def parents(self, child: Child) -> str:
        return ", ".join(relative.full_name or "" for relative in child.relatives.all())

    def kinds(self, child: Child) -> str:
        return ", ".join(one.kind_code for one in child.circumstances.all())


urlpatterns = [path("children/", Children.as_view()), path("admin/", admin.site.urls)]


def main() -> None:
    call_command("migrate", verbosity=0)
    client = Client()
    client.force_login(User.objects.create_superuser("canbo"))
    if {Client().get(address).status_code for address in ADDRESSES.values()} != {302}:
        raise RuntimeError("open to strangers")
    print(json.dumps([child.full_name for child in listed()[:50]]), flush=True)
    for _line in sys.stdin:
        found = {}
        for name, address in ADDRESSES.items():
            started = time.process_time()
            for _request in range(REQUESTS):
                if client.get(address).status_code != 200:
                    raise RuntimeError(address)
            found[name] = REQUESTS / (time.process_time() - started)
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
