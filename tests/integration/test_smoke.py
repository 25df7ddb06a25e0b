"""The pages open for those who may open them."""

from tests.make import Make
from tests.page import Client


def test_the_work_page_opens_for_an_officer(client: Client, make: Make) -> None:
    officer = make.user("officer")
    child = make.child()
    make.circumstance(child)

    page = client.sign_in(officer).page("/")

    assert page.status == 200


def test_a_stranger_is_led_to_the_sign_in_page(client: Client, make: Make) -> None:
    make.user("officer")

    response = client.get("/")

    assert response.status_code == 303
    assert response.location == "/sign-in"
