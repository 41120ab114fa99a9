"""``congvu answers``: is the file of answers whole, what does a question find, how often is it right."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from bot.cli.office import Day, today
from bot.cli.words import say
from bot.committee import committee_folder, load_committee
from bot.config import load_settings
from domain.committee import Committee
from domain.measured import KINDS, counted, measured
from domain.questions import Understood, understand

OPTIONS = say("cli_usage_options")
ON = click.option("--on", "day", type=Day(), metavar=say("cli_day"), help=say("cli_answers_day"))


@click.group(
    help=say("cli_answers_help"), options_metavar=OPTIONS, subcommand_metavar=say("cli_usage_command")
)
def answers() -> None:
    """The answers to what citizens often ask."""


@answers.command("check", help=say("cli_answers_check_help"), options_metavar=OPTIONS)
@ON
def check(day: date | None) -> None:
    """Validates the file, as every start does, and names what nobody has checked."""
    committee, day = _committee(day)
    known = committee.answers
    now = known.in_force(day)
    click.echo(say("cli_answers_good", count=len(now), ways=sum(len(each.asked) for each in now)))
    unchecked = [each.id for each in now if each.source and not each.checked_by]
    over = sorted({each.id for each in known.entries} - {each.id for each in now})
    if unchecked:
        click.echo(say("cli_answers_unchecked", ids=unchecked))
    if over:
        click.echo(say("cli_answers_over", ids=over))


@answers.command("try", help=say("cli_answers_try_help"), options_metavar=OPTIONS)
@click.argument("question", nargs=-1, required=True, metavar=say("cli_words"))
@ON
def try_one(question: tuple[str, ...], day: date | None) -> None:
    """Shows what a question would be taken for, and how alike the nearest answers are."""
    committee, day = _committee(day)
    text = " ".join(question)
    click.echo(say("cli_answers_kind", kind=_understood(committee, text, day).kind))
    for each in committee.answers.find(text, day)[:3]:
        click.echo(say("cli_answers_found", share=each.share, id=each.answer.id, title=each.answer.title))


@answers.command("measure", help=say("cli_answers_measure_help"), options_metavar=OPTIONS)
@click.argument(
    "path",
    required=False,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="[" + say("cli_file_metavar") + "]",
)
@ON
def measure(path: Path | None, day: date | None) -> None:
    """Prints the table of hits over typed questions and matters, then every one that went wrong."""
    committee, day = _committee(day)
    folder = committee_folder(load_settings().committee)
    files: list[Traversable] = [path] if path else [folder / "questions.csv", folder / "questions_unseen.csv"]
    for file in files:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
        if not rows or not {"said", "meant"} <= set(rows[0]):
            raise click.ClickException(say("cli_answers_measure_unreadable", path=str(file)))
        results = [
            measured(row["said"], row["meant"], _understood(committee, row["said"], day)) for row in rows
        ]
        click.echo(file.name)
        click.echo(say("cli_answers_measure_head"))
        for kind in KINDS:
            click.echo(say("cli_answers_measure_row", kind=kind, **counted(results, kind)))
        for each in results:
            if each.outcome == "wrong":
                click.echo(say("cli_answers_miss", said=each.said, meant=each.meant, got=each.got))


def _committee(day: date | None) -> tuple[Committee, date]:
    settings = load_settings()
    return load_committee(committee_folder(settings.committee), settings.zone), day or today(settings)


def _understood(committee: Committee, text: str, day: date) -> Understood:
    return understand(text, day, committee.answers, committee.asking, committee.field_words)
