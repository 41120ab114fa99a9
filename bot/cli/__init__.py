"""The command line: ``congvu``."""

from __future__ import annotations


def main() -> None:
    """Runs the command line, in Vietnamese."""
    from bot.cli.words import speak_vietnamese

    speak_vietnamese()  # Its words must be there before click is first imported.

    from bot.cli.root import congvu

    congvu(prog_name="congvu")
