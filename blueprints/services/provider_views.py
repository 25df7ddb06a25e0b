"""Who provides services to children in the commune."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.saving import answered_before, saved
from blueprints.services.forms import ProviderForm
from blueprints.services.views import bp
from models import Provider, ProviderKind, db


@bp.get("/providers")
@access.requires("provider.list")
def providers() -> ResponseReturnValue:
    """The commune's providers, by name."""
    query = access.visible_providers(access.signed_in_user()).order_by(Provider.sort_key, Provider.id)
    return render_template("services/providers.html", providers=db.session.scalars(query).all())


@bp.route("/providers/new", methods=["GET", "POST"])
@access.requires("provider.edit")
def new_provider() -> ResponseReturnValue:
    """Add a provider."""
    user = access.signed_in_user()
    return _save(
        Provider(commune_id=user.commune_id),
        ProviderForm(data={"kind": ProviderKind.OTHER, "is_active": True}),
        _("Thêm nơi cung cấp"),
    )


@bp.route("/providers/<int:provider_id>/edit", methods=["GET", "POST"])
@access.requires("provider.edit")
def edit_provider(provider_id: int) -> ResponseReturnValue:
    """Correct a provider, or say that it works no more."""
    provider = access.get_provider(access.signed_in_user(), provider_id)
    return _save(provider, ProviderForm(obj=provider), _("Sửa nơi cung cấp"))


def _save(provider: Provider, form: Any, title: str) -> ResponseReturnValue:
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(provider)
        db.session.add(provider)
        return saved(url_for(".providers"), _("Đã lưu."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("services/provider.html", form=form, title=title), status
