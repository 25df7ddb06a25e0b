"""Error pages: what happened, what to do. They need no user and no database, and never a traceback."""

from contextlib import suppress
from types import TracebackType
from typing import Any

from flask import Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from app import drafts, health
from models import db


def init_app(app: Flask) -> None:
    """Answer every failure with a page of our own."""
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, lambda error: conflict_page())
    app.register_error_handler(DatabaseError, _failed)
    app.register_error_handler(OSError, _failed)
    app.register_error_handler(Exception, _unexpected)


def _page(code: int, title: str, advice: str) -> ResponseReturnValue:
    with suppress(SQLAlchemyError):
        db.session.rollback()
    g.language = "vi"
    if "_login_user" not in g:  # asking for the person again could wait, or fail, again
        g._login_user = AnonymousUserMixin()
    return render_template("errors/error.html", title=title, advice=advice, code=code, kept=_kept()), code


def _kept() -> list[tuple[str, str]]:
    """What was typed, to be shown again; nothing of a body too large or cut short."""
    try:
        return [(name, value) for name, value in request.form.items(multi=True) if _worth_keeping(name, value)]
    except HTTPException:
        return []


def _worth_keeping(name: str, value: str) -> bool:
    return bool(name) and name not in drafts.NOT_TYPED and "password" not in name and len(value.strip()) > 3


def _foreign_host(error: SecurityError) -> ResponseReturnValue:
    """Asked for under a name that is not ours: a page of ours has no address there, so one sentence must do."""
    current_app.logger.warning("asked for under a foreign host name")
    return _("Máy chủ này không phục vụ tên miền đó."), 400, {"Content-Type": "text/plain; charset=utf-8"}


def _expired(error: CSRFError) -> ResponseReturnValue:
    if request.endpoint == "account.leave":  # whoever must be away at once is not asked to send it again
        return redirect(url_for("account.calendar"), code=303)
    g.token_refused = True
    if not request.form:  # no page of ours sends nothing: cut on its way, or made unreadable
        return _page(
            400,
            _("Biểu không đến trọn vẹn"),
            _("Chưa lưu gì. Bấm nút quay lại của trình duyệt: những gì đã gõ còn ở đó. Gửi lại một lần nữa."),
        )
    return _page(
        400,
        _("Trang này đã mở quá lâu"),
        _("Những gì đã gõ còn ở dưới đây. Quay lại trang trước, tải lại trang rồi gửi lại."),
    )


def conflict_page() -> ResponseReturnValue:
    """Somebody else saved in between, or the same form came twice with other content."""
    return _page(
        409,
        _("Có người vừa lưu thay đổi khác"),
        _("Chưa lưu gì. Những gì đã gõ còn ở dưới đây. Mở lại hồ sơ để xem bản mới nhất rồi sửa lại."),
    )


def too_late(location: str, message: Any) -> ResponseReturnValue:
    """It cannot be done any more, by what somebody else did: told beside what was typed; with nothing typed, where it leads."""
    if request.method == "POST" and _kept():
        return _page(
            409, str(message), _("Chưa lưu gì. Những gì đã gõ còn ở dưới đây. Mở lại hồ sơ để xem bản mới nhất.")
        )
    flash(message, "warning")
    return redirect(location, code=303)


def _failed(error: DatabaseError | OSError) -> ResponseReturnValue:
    """The disk or the database cannot do it: said in words, without the error's own text."""
    ailment = health.of(error)
    if ailment is None:
        return _unexpected(error)
    current_app.logger.error("%s at %s", type(getattr(error, "orig", error)).__name__, request.endpoint)
    if ailment is health.DAMAGED:
        health.note_damage()
    return told(ailment)


def told(ailment: health.Ailment) -> ResponseReturnValue:
    """503, why, and what was typed."""
    g.language = "vi"  # the reader's own would be asked of the database that does not answer
    return _page(503, str(ailment.title), str(ailment.advice))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    code = error.code or 500
    titles = {
        400: (_("Yêu cầu không đọc được"), _("Quay lại trang trước và thử lại.")),
        403: (_("Tài khoản này không làm được việc này"), _("Nếu cần, nhờ công chức phụ trách trẻ em của xã.")),
        404: (_("Không tìm thấy trang"), _("Kiểm tra lại địa chỉ, hoặc về trang việc của tôi.")),
        405: (_("Không mở được trang theo cách này"), _("Về trang việc của tôi và đi lại từ đầu.")),
        409: (_("Có người vừa lưu thay đổi khác"), _("Mở lại hồ sơ để xem bản mới nhất.")),
        413: (_("Tệp gửi lên quá lớn"), _("Chọn tệp nhỏ hơn rồi gửi lại.")),
        429: (_("Thử quá nhiều lần"), _("Chờ 15 phút rồi thử lại.")),
        503: (_("Hệ thống đang bận"), _("Chờ một phút rồi thử lại.")),
    }
    title, advice = titles.get(code, (_("Có lỗi xảy ra"), _("Chưa lưu gì. Thử lại; nếu vẫn lỗi, báo người quản trị.")))
    return _page(code, title, advice)


def _unexpected(error: Exception) -> ResponseReturnValue:
    if current_app.testing and current_app.config["PROPAGATE_EXCEPTIONS"] is not False:
        raise error
    current_app.logger.error(
        "unexpected %s at %s", type(error).__name__, request.endpoint, exc_info=_without_values(error)
    )
    return _page(
        500,
        _("Có lỗi xảy ra"),
        _("Chưa lưu gì. Những gì đã gõ còn ở dưới đây. Thử lại; nếu vẫn lỗi, báo người quản trị."),
    )


def _without_values(error: Exception) -> tuple[type[RuntimeError], RuntimeError, TracebackType | None]:
    """The traceback with an empty message: messages of database errors quote the values of rows."""
    bare = RuntimeError(type(error).__name__)
    return RuntimeError, bare, error.__traceback__
