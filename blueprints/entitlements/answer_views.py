"""The rights of one child, and what a person answers where the data cannot decide or she disagrees with them."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, clock, history, visible_history
from app.entitlements import answers, law, lists
from app.entitlements.ages import Change
from app.entitlements.answers import Answered
from app.entitlements.people import Person, find_person
from app.entitlements.rules import Entitlement
from app.saving import answered_before, saved
from blueprints.entitlements.forms import AnswerChangeForm, AnswerForm
from blueprints.entitlements.views import bp
from models import Change as StoredChange, Child, EntitlementAnswer, Right, User, db


@dataclass(frozen=True)
class Known:
    """A child, and all that the rules say of it today; of one who lives elsewhere they say nothing."""

    child: Child
    person: Person | None
    rights: list[Entitlement]
    changes: list[Change]

    @property
    def other_answers(self) -> list[tuple[Right, Answered]]:
        """Answers about rights of which the rules say nothing any longer."""
        told = {line.right for line in self.rights}
        answered = self.person.answers if self.person is not None else {}
        return [(right, answer) for right, answer in answered.items() if right not in told]

    @property
    def to_answer(self) -> list[Right]:
        """The rights not answered yet: first those that wait for an answer, then the other lines, then any other."""
        if self.person is None:
            return []
        found = [line.right for line in self.rights if line.waits]
        found += [line.right for line in self.rights if line.right in answers.RESTS_ON]
        found += [right for right in Right if right in law.IN_MONEY]
        return [right for right in dict.fromkeys(found) if right not in self.person.answers]


def _known(user: User, child: Child) -> Known:
    """Read a child; its page of rights is one more page of its record, so reading it is audited as such."""
    audit.record_read("child_read", user, child)
    person = find_person(user, child, clock.today())
    rights, changes = lists.of_person(user, person, clock.today()) if person is not None else ([], [])
    return Known(child, person, rights, changes)


@bp.get("/children/<int:child_id>")
@access.requires("entitlement.list")
def of_child(child_id: int) -> ResponseReturnValue:
    """What one child is entitled to, what was answered about it, and the changes of age ahead."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    return render_template("entitlements/child.html", known=_known(user, child), entries=_history(user, child))


@bp.route("/children/<int:child_id>/answer", methods=["GET", "POST"])
@access.requires("entitlement.answer")
def answer(child_id: int) -> ResponseReturnValue:
    """Answer about a right that was not answered yet. The right is chosen on the form: an address would tell of it."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    known = _known(user, child)
    form = AnswerForm(data={"answered_on": clock.today()})
    # What was answered meanwhile is still on the list of a form that is sent, so that the same one sent twice is one.
    form.offer_rights(list(answers.RESTS_ON) if form.is_submitted() else known.to_answer)
    return _save(user, known, EntitlementAnswer(commune_id=child.commune_id, child_id=child.id), form)


@bp.route("/answers/<int:answer_id>", methods=["GET", "POST"])
@access.requires("entitlement.answer")
def change_answer(answer_id: int) -> ResponseReturnValue:
    """Change an answer, or confirm it after the facts it rested on have changed."""
    user = access.signed_in_user()
    record = access.get_entitlement_answer(user, answer_id)
    known = _known(user, access.get_child(user, record.child_id))
    form = AnswerChangeForm(obj=record)
    told = known.person.answers.get(record.right) if known.person is not None else None
    if not form.is_submitted() and told is not None and told.changed:
        form["answered_on"].data = clock.today()
    return _save(user, known, record, form)


def _save(user: User, known: Known, record: EntitlementAnswer, form: Any) -> ResponseReturnValue:
    """Show and save an answer, with what the child's record says today beside it."""
    if known.person is None:
        abort(404)
    back = url_for(".of_child", child_id=known.child.id)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        if "right" in form and form["right"].data in known.person.answers:
            form.add_error("right", _("Đã có câu trả lời: sửa câu đó ở trang quyền lợi của trẻ"))
        else:
            form.apply_to(record)
            answers.sign(record, user, known.person.facts, clock.today())
            db.session.add(record)
            return saved(back, _("Đã ghi câu trả lời."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("entitlements/answer.html", form=form, known=known, record=record, back=back), status


def _history(user: User, child: Child) -> dict[int, list[history.Entry]]:
    """{answer: its changes in words}."""
    of_answers = visible_history.visible_child_changes(user, child.id).where(
        StoredChange.record_table == EntitlementAnswer.__tablename__
    )
    by_answer: dict[int, list[StoredChange]] = {}
    for change in db.session.scalars(of_answers):
        by_answer.setdefault(change.record_id, []).append(change)
    return history.told_apart(by_answer, user)
