"""``congvu reading``: what typed words are taken for, and how often that is right."""

from __future__ import annotations

from collections import Counter

import click

from bot.cli.words import say
from bot.committee import committee_folder, load_committee, load_samples
from bot.config import load_settings
from domain.committee import Committee
from domain.reading import (
    BEFORE,
    IN_PASSING,
    IN_REVIEW,
    area_read,
    category_read,
    denouncing_asked,
    read_as,
    scores,
)
from domain.tracks import DENUNCIATION, READ_AS

FILES = ("messages.toml", "messages_unseen.toml")


@click.command(help=say("cli_reading_help"), options_metavar=say("cli_usage_options"))
@click.argument("words", nargs=-1, metavar=say("cli_words"))
@click.option("--wrong", is_flag=True, help=say("cli_reading_wrong"))
def reading(words: tuple[str, ...], wrong: bool) -> None:
    """What words are taken for; without any, the table of all known messages."""
    settings = load_settings()
    committee = load_committee(committee_folder(settings.committee), settings.zone)
    if words:
        text = " ".join(words)
        category, area = category_read(committee, text), area_read(committee, text)
        name = next(each.name for each in committee.categories if each.code == category)
        track = say(f"reading_{read_as(committee, text)}")
        click.echo(say("cli_reading_one", track=track, category=name, area=committee.areas.name(area)))
        return
    for file in FILES:
        _table(committee, file, wrong)


def _table(committee: Committee, file: str, wrong: bool) -> None:
    samples = [sample for sample in load_samples(file) if sample.track in READ_AS]
    read = [(sample.track, read_as(committee, sample.text)) for sample in samples]
    click.echo(say("cli_reading_title", file=file, count=len(samples)))
    click.echo(say("cli_reading_head"))
    for score in scores(read):
        track = say(f"reading_{score.track}")
        click.echo(
            f"{track:<24}{score.right + score.missed:>6}{score.right:>6}{score.wrong:>6}{score.missed:>6}"
            f"{score.precision:>8.2f}{score.recall:>8.2f}"
        )
    sorted_ = [sample for sample in samples if sample.category]
    hit = sum(category_read(committee, sample.text) == sample.category for sample in sorted_)
    placed = sum(area_read(committee, sample.text) == sample.area for sample in samples)
    click.echo(say("cli_reading_more", hit=hit, sorted=len(sorted_), placed=placed, all=len(samples)))
    asked = Counter((s.track == DENUNCIATION, denouncing_asked(committee, s.text)) for s in samples)
    for is_one, text in ((True, "cli_reading_denounced"), (False, "cli_reading_others")):
        counts = {when: asked[is_one, when] for when in (BEFORE, IN_REVIEW, IN_PASSING)}
        click.echo(say(text, **counts, all=sum(counts.values())))
    for sample, (meant, taken) in zip(samples, read, strict=True):
        if wrong and meant != taken:
            known = {"meant": say(f"reading_{meant}"), "taken": say(f"reading_{taken}"), "text": sample.text}
            click.echo(say("cli_reading_misread", **known))
