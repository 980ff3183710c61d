"""Verifying a bundle. `verify.py` imports nothing of the application: a copy of it lies in each bundle."""

from pathlib import Path

SOURCE = Path(__file__).with_name("verify.py")
