"""Help tells each role its own tasks, and every step of a case why it is."""

import pytest

from app import access, guide, procedure
from models import Role
from tests.make import Make
from tests.page import Client

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_everybody_reads_of_her_own_tasks_alone(client: Client, make: Make, role: str) -> None:
    user = make.user(role)
    page = client.sign_in(user).page("/help/")

    told = [heading.get_text(strip=True) for heading in page.soup.select("main section h3")]
    assert told == [str(task.title) for task in guide.TASKS if access.may(user, task.permission)]


def test_every_step_that_cites_an_article_says_why(client: Client, make: Make) -> None:
    assert guide.REASONS.keys() == procedure.SOURCES.keys()
    case = make.case(make.child())
    page = client.sign_in(make.user("officer")).page(f"/cases/{case.id}")

    assert str(guide.REASONS[procedure.Step.INITIAL]) in page.text


def test_help_is_one_click_away_from_every_page(client: Client, make: Make) -> None:
    page = client.sign_in(make.user("collaborator")).page("/children/")

    assert page.soup.select_one("footer a")["href"] == "/help/"
