"""What those who confirm the minutes sign, and how the printed minutes show it."""

import hashlib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import date, time

from app.domain.minutes import Signing
from app.models import MinutesSignature
from app.models.base import canonical_json
from app.services.minutes_course import spoken
from certificates import Minutes, Signature


def fingerprint_of(document: Minutes) -> str:
    """SHA-256 of every text and number of minutes, whatever they are printed with."""
    return hashlib.sha256(canonical_json(_plain(document)).encode()).hexdigest()


def confirmed_by(document: Minutes, signatures: Iterable[MinutesSignature]) -> Minutes:
    """The minutes with the confirmations of those who have signed."""
    signed = {one.signing: one for one in signatures}
    return replace(
        document,
        chair_signature=_confirmed(document.chair_signature, signed.get(Signing.CHAIR)),
        secretary_signature=_confirmed(document.secretary_signature, signed.get(Signing.SECRETARY)),
    )


def _confirmed(block: Signature, signature: MinutesSignature | None) -> Signature:
    if signature is None:
        return block
    lines = (f"Đã xác nhận điện tử {spoken(signature.signed_at)}", f"Mã văn bản: {signature.text_sha256}")
    return replace(block, name=signature.name, confirmed=lines)


def _plain(value: object) -> object:
    """A document as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, (date, time)) else value
