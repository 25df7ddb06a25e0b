"""Retention: rules by class, the dry run, holds, and erasing at a second person's yes. Luật 91/2025/QH15 Đ14."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app import access, audit, clock, erasing, retention
from app.saving import answered_before, saved, saved_setting
from blueprints.privacy.forms import HoldForm, RuleForm
from blueprints.privacy.views import bp, form_page
from models import Erasure, ErasureState, LegalHold, RecordClass, db

_CLASSES = ", ".join(f'"{one.value}"' for one in RecordClass)


@bp.get("/retention")
@access.requires("retention.decide")
def retention_index() -> ResponseReturnValue:
    """How long each class is kept, how many records are due, and what waits for a second person."""
    user = access.signed_in_user()
    found = {one: retention.due(user, one) for one in RecordClass}
    return render_template(
        "privacy/retention.html",
        rules=retention.rules(user),
        counts={one: (len(lines), sum(line.stop is None for line in lines)) for one, lines in found.items()},
        erasures=retention.erasures(user),
    )


@bp.get(f"/retention/<any({_CLASSES}):record_class>")
@access.requires("retention.propose")
def dry_run(record_class: str) -> ResponseReturnValue:
    """The records of a class whose time has run out, and what stops each; nothing is changed."""
    user = access.signed_in_user()
    chosen = RecordClass(record_class)
    lines = retention.due(user, chosen)
    keys = [line.key for line in lines] if chosen is RecordClass.CHILD else []
    audit.record_read("children_listed", user, filters={"list": "retention"}, count=len(lines), children=keys)
    return render_template("privacy/dry_run.html", record_class=chosen, lines=lines, most=retention.MOST)


@bp.route(f"/retention/<any({_CLASSES}):record_class>/rule", methods=["GET", "POST"])
@access.requires("setting.edit")
def edit_rule(record_class: str) -> ResponseReturnValue:
    """Put the commune's own number of years in place."""
    user = access.signed_in_user()
    record = retention.own_rule(user, RecordClass(record_class))
    form = RuleForm(obj=record)
    back = url_for(".retention_index") if access.may(user, "retention.decide") else url_for("admin.index")
    answer = saved_setting(record, form, "retention_rules", back)
    return answer if answer is not None else form_page(form, _("Thời hạn lưu"), back)


@bp.post(f"/retention/<any({_CLASSES}):record_class>/propose")
@access.requires("retention.propose")
def propose(record_class: str) -> ResponseReturnValue:
    """Propose what is due and nothing stops; a second person decides."""
    again = answered_before()
    if again is not None:
        return again
    erasure = retention.propose(access.signed_in_user(), RecordClass(record_class))
    if erasure is None:
        return saved(url_for(".retention_index"), _("Không có hồ sơ nào xóa được."))
    return saved(url_for(".erasure", erasure_id=erasure.id), _("Đã đề nghị. Người thứ hai đồng ý thì mới xóa."))


@bp.post("/requests/<int:request_id>/propose-erasing")
@access.requires("retention.propose")
def propose_child(request_id: int) -> ResponseReturnValue:
    """Propose to erase the child of a request; what stops it is said in a sentence."""
    user = access.signed_in_user()
    request = access.get_subject_request(user, request_id)
    child = access.get_child(user, request.child_id or 0)
    again = answered_before()
    if again is not None:
        return again
    made = retention.propose_child(user, request, child)
    if isinstance(made, str):
        flash(made, "warning")
        return saved(url_for(".show", request_id=request.id))
    return saved(url_for(".erasure", erasure_id=made.id), _("Đã đề nghị. Người thứ hai đồng ý thì mới xóa."))


def _get_erasure(erasure_id: int) -> Erasure:
    mine = Erasure.commune_id == access.signed_in_user().commune_id
    return db.session.scalars(select(Erasure).where(Erasure.id == erasure_id, mine)).one_or_none() or abort(404)


@bp.get("/erasures/<int:erasure_id>")
@access.requires("retention.decide")
def erasure(erasure_id: int) -> ResponseReturnValue:
    """A proposal: what would go, what stops some of it, and who may say yes; or what went."""
    user = access.signed_in_user()
    record = _get_erasure(erasure_id)
    lines = retention.listed(user, record)
    keys = [line.key for line in lines] if record.record_class is RecordClass.CHILD else []
    audit.record_read("children_listed", user, filters={"list": "erasure"}, count=len(lines), children=keys)
    return render_template(
        "privacy/erasure.html", erasure=record, lines=lines, is_mine=record.proposed_by_id == user.id
    )


@bp.post("/erasures/<int:erasure_id>/agree")
@access.requires("retention.decide")
def agree(erasure_id: int) -> ResponseReturnValue:
    """The second person's yes: erase, then leave nothing readable in the file."""
    return _decide(erasure_id, agrees=True)


@bp.post("/erasures/<int:erasure_id>/refuse")
@access.requires("retention.decide")
def refuse(erasure_id: int) -> ResponseReturnValue:
    """No; whoever proposed may take it back the same way."""
    return _decide(erasure_id, agrees=False)


def _decide(erasure_id: int, *, agrees: bool) -> ResponseReturnValue:
    user, record = access.signed_in_user(), _get_erasure(erasure_id)
    page = url_for(".erasure", erasure_id=record.id)
    again = answered_before()
    if again is not None:
        return again
    if record.state is not ErasureState.PROPOSED or (agrees and record.proposed_by_id == user.id):
        flash(_("Người đề nghị không tự đồng ý; mỗi đề nghị quyết định một lần."), "warning")
        return redirect(page, code=303)
    retention.decide(user, record, agrees=agrees)
    answer = saved(page, _("Đã xóa.") if agrees else _("Đã ghi: không xóa."))
    if agrees and not erasing.wipe():
        flash(_("Có người đang dùng cơ sở dữ liệu: chạy “flask wipe” lúc vắng để tệp không còn dấu vết."), "warning")
    return answer


# ── Holds ──────────────────────────────────────────────────────────────────


@bp.route("/of-child/<int:child_id>/hold", methods=["GET", "POST"])
@access.requires("retention.propose")
def hold(child_id: int) -> ResponseReturnValue:
    """Keep a child's records whatever the rules say."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    form, back = HoldForm(), url_for(".of_child", child_id=child.id)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        record = LegalHold(commune_id=child.commune_id, child_id=child.id, set_by_id=user.id)
        form.apply_to(record)
        db.session.add(record)
        audit.record("legal_hold_changed", user, child, what="set")
        return saved(back, _("Đã lưu."))
    return form_page(form, _("Giữ hồ sơ, không xóa"), back, child)


@bp.post("/of-child/<int:child_id>/lift-holds")
@access.requires("retention.propose")
def lift_holds(child_id: int) -> ResponseReturnValue:
    """The records need no longer be kept."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    again = answered_before()
    if again is not None:
        return again
    for record in retention.holds(user, child.id):
        record.lifted_on = clock.today()
    audit.record("legal_hold_changed", user, child, what="lifted")
    return saved(url_for(".of_child", child_id=child.id), _("Đã thôi giữ."))
