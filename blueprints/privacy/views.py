"""Requests about a child's personal data: who asked what, by when it is answered, what came of it. Luật 91/2025 Đ4, Đ24."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, clock, consents, extract, record_readers, retention, subject_requests, whole_numbers
from app.errors import too_late
from app.saving import answered_before, saved, saved_setting
from app.subject_requests import Which
from blueprints.privacy.forms import AnswerForm, CloseForm, ExtendForm, RequestForm, RequestLimitForm
from models import Child, RequestKind, RequestLimit, SubjectRequest, db

bp = Blueprint("privacy", __name__, url_prefix="/privacy")


@bp.get("/requests")
@access.requires("request.list")
def requests() -> ResponseReturnValue:
    """The register of requests, overdue ones on top."""
    which = Which.of_code(request.args.get("which")) or Which.OPEN
    user = access.signed_in_user()
    found = subject_requests.lines(user, which)
    keys = [line.request.child_id for line in found]
    audit.record_read("children_listed", user, filters={"list": "requests"}, count=len(found), children=keys)
    return render_template("privacy/requests.html", lines=found, which=which, choices=list(Which))


@bp.get("/of-child/<int:child_id>")
@access.requires("request.list")
def of_child(child_id: int) -> ResponseReturnValue:
    """What was asked about one child, and the ways to answer."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    audit.record_read("child_read", user, child)
    found = subject_requests.of_child(user, child)
    holds = retention.holds(user, child.id)
    return render_template("privacy/of_child.html", child=child, requests=found, holds=holds)


@bp.route("/of-child/<int:child_id>/requests/new", methods=["GET", "POST"])
@access.requires("request.edit")
def new_request(child_id: int) -> ResponseReturnValue:
    """Take down a request; `consent` chooses the one that is taken back."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    consent_id = request.args.get("consent", type=whole_numbers.key)
    begun: dict[str, Any] = {"received_on": clock.today()}
    if consent_id and access.get_consent(user, consent_id).child_id == child.id:
        begun |= {"kind": RequestKind.WITHDRAW, "consent_id": consent_id}
    record = SubjectRequest(commune_id=child.commune_id, child_id=child.id, recorded_by_id=user.id)
    return _save_request(record, child, RequestForm(data=begun), url_for(".of_child", child_id=child.id))


@bp.get("/requests/<int:request_id>")
@access.requires("request.list")
def show(request_id: int) -> ResponseReturnValue:
    """One request: what is due, what was answered, what taking a consent back brings with it."""
    user = access.signed_in_user()
    record = access.get_subject_request(user, request_id)
    audit.record_read("subject_request_read", user, record)
    child = access.find_child(user, record.child_id) if record.child_id else None
    effects = consents.consequences(user, record.consent) if record.consent and child else []
    line = subject_requests.line_of(user, record)
    return render_template("privacy/request.html", asked=record, line=line, child=child, effects=effects)


@bp.get("/requests/<int:request_id>/extract")
@access.requires("request.edit")
def extract_for(request_id: int) -> ResponseReturnValue:
    """All that is held about the child of a request, to be printed for whoever asked. Its making is an audit event."""
    user = access.signed_in_user()
    record = access.get_subject_request(user, request_id)
    child = access.get_child(user, record.child_id or 0)
    made = extract.of_child(user, child, record.asker)
    audit.record_read("extract_made", user, child, asker=record.asker.value)
    facts = {"back": _page(record), "asker": record.asker, "printed_at": clock.now(), "most": record_readers.MOST}
    readers = extract.reader_lines(made.readers)
    return render_template("privacy/extract.html", extract=made, readers=readers, **facts)


@bp.route("/requests/<int:request_id>/edit", methods=["GET", "POST"])
@access.requires("request.edit")
def edit_request(request_id: int) -> ResponseReturnValue:
    """Correct what was taken down."""
    user = access.signed_in_user()
    record = access.get_subject_request(user, request_id)
    child = access.find_child(user, record.child_id) if record.child_id else None
    return _save_request(record, child, RequestForm(obj=record), _page(record))


def _save_request(record: SubjectRequest, child: Child | None, form: Any, back: str) -> ResponseReturnValue:
    form.fill(access.signed_in_user(), child)
    if form.validate_on_submit() and form.check(child):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(record)
        db.session.add(record)
        db.session.flush()
        _take_back(record)
        audit.record("subject_request_changed", access.signed_in_user(), record, what="request")
        return saved(_page(record), _("Đã lưu."))
    return form_page(form, _("Ghi yêu cầu về dữ liệu cá nhân"), back, child)


def _take_back(record: SubjectRequest) -> None:
    """A consent ends on the day its withdrawal came, however long the rest takes (Luật 91/2025/QH15 Đ10)."""
    if record.kind is not RequestKind.WITHDRAW or record.consent_id is None:
        return
    consent = access.get_consent(access.signed_in_user(), record.consent_id)
    if consent.withdrawn_on is None:
        consent.withdrawn_on = max(record.received_on, consent.asked_on)


@bp.route("/requests/<int:request_id>/answer", methods=["GET", "POST"])
@access.requires("request.edit")
def answer(request_id: int) -> ResponseReturnValue:
    """Tell the asker that the request came, and how it is handled."""
    record = access.get_subject_request(access.signed_in_user(), request_id)
    form = _today(AnswerForm(obj=record), "answered_on")
    return _step(record, form, _("Phản hồi người yêu cầu"), "answer")


@bp.route("/requests/<int:request_id>/extend", methods=["GET", "POST"])
@access.requires("request.edit")
def extend(request_id: int) -> ResponseReturnValue:
    """Take more time, once, for a reason the asker is told."""
    record = access.get_subject_request(access.signed_in_user(), request_id)
    if record.extended_on is not None or record.closed_on is not None:
        return too_late(_page(record), _("Mỗi yêu cầu chỉ gia hạn một lần, khi chưa xong."))
    form = _today(ExtendForm(obj=record), "extended_on")
    return _step(record, form, _("Gia hạn một lần"), "extension")


@bp.route("/requests/<int:request_id>/close", methods=["GET", "POST"])
@access.requires("request.edit")
def close(request_id: int) -> ResponseReturnValue:
    """Write down what came of the request."""
    record = access.get_subject_request(access.signed_in_user(), request_id)
    form = _today(CloseForm(obj=record), "closed_on")
    return _step(record, form, _("Kết thúc yêu cầu"), "outcome")


def _today(form: Any, name: str) -> Any:
    """The form with today in an empty day, as it is first drawn."""
    if not form.is_submitted() and form[name].data is None:
        form[name].data = clock.today()
    return form


def _step(record: SubjectRequest, form: Any, title: str, what: str) -> ResponseReturnValue:
    if form.validate_on_submit() and form.check(record):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(record)
        audit.record("subject_request_changed", access.signed_in_user(), record, what=what)
        return saved(_page(record), _("Đã lưu."))
    return form_page(form, title, _page(record), record.child)


def _page(record: SubjectRequest) -> str:
    return url_for(".show", request_id=record.id)


def form_page(form: Any, title: str, back: str, child: Child | None = None) -> ResponseReturnValue:
    """The page of one form of this group."""
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("privacy/edit.html", form=form, title=title, back=back, child=child), status


# ── Limits ─────────────────────────────────────────────────────────────────


@bp.get("/limits")
@access.requires("setting.edit")
def limits() -> ResponseReturnValue:
    """Within what time requests are answered and carried out, by kind and day."""
    found = db.session.scalars(subject_requests.known_limits(access.signed_in_user())).all()
    return render_template("privacy/limits.html", limits=found)


@bp.route("/limits/new", methods=["GET", "POST"])
@access.requires("setting.edit")
def new_limit() -> ResponseReturnValue:
    """Put a limit of the commune in the decree's place."""
    return _save_limit(RequestLimit(commune_id=access.signed_in_user().commune_id))


@bp.route("/limits/<int:request_limit_id>", methods=["GET", "POST"])
@access.requires("setting.edit")
def edit_limit(request_limit_id: int) -> ResponseReturnValue:
    """Correct a limit of the commune's own."""
    return _save_limit(subject_requests.get_limit(access.signed_in_user(), request_limit_id))


def _save_limit(record: RequestLimit) -> ResponseReturnValue:
    form = RequestLimitForm(obj=record)
    answer = saved_setting(record, form, "request_limits", url_for(".limits"))
    return (
        answer if answer is not None else form_page(form, _("Thời hạn trả lời yêu cầu về dữ liệu"), url_for(".limits"))
    )


from blueprints.privacy import breach_views, retention_views, sharing_views  # noqa: E402, F401 - hang their pages here
