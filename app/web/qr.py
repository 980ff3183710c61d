"""QR squares on pages."""

import segno


def qr(text: str) -> str:
    """The square for a text, as the address of a picture that needs no request."""
    uri: str = segno.make(text, error="m").svg_data_uri(scale=4, border=2)
    return uri
