"""``congvu routing``: which rule a matter would fall under, and why; nothing is filed or moved."""

from __future__ import annotations

from datetime import datetime, time

import click

from bot.cli.office import now
from bot.cli.words import say
from bot.committee import committee_folder, load_committee, load_units
from bot.config import load_settings
from domain.cases import Draft, area_found, category_of
from domain.routing import Matter

OPTIONS = say("cli_usage_options")


class _Hour(click.ParamType[time]):
    """An hour of the day, 22:30."""

    name = "HH:MM"

    def convert(self, value: str | time, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """The hour."""
        try:
            return value if isinstance(value, time) else time.fromisoformat(value)
        except ValueError:
            self.fail(say("cli_hour_wrong", value=str(value)), param, ctx)


@click.command("routing", help=say("cli_routing_help"), options_metavar=OPTIONS)
@click.argument("text", metavar=say("cli_routing_text"))
@click.option("--category", default="", metavar=say("cli_code"), help=say("cli_routing_category"))
@click.option("--area", default="", metavar=say("cli_code"), help=say("cli_routing_area"))
@click.option("--at", type=_Hour(), help=say("cli_routing_at"))
def routing(text: str, category: str, area: str, at: time | None) -> None:
    """Prints the rule that fires and what kept those before it off."""
    settings = load_settings()
    folder = committee_folder(settings.committee)
    committee = load_committee(folder, settings.zone)
    units = {unit.code: unit.name for unit in load_units(folder)}
    if category and category not in {kind.code for kind in committee.categories}:
        raise click.UsageError(say("routing_categories", value=category))
    if area and committee.areas.get(area) is None:
        raise click.UsageError(say("routing_areas", value=area))
    draft = Draft("", category=category, words=(("", text),))
    kind = category_of(committee.categories, draft)
    sure = area_found(committee.areas, draft).sure
    area = area or (sure.code if sure else "")
    local: datetime = now().astimezone(settings.zone)
    matter = Matter(kind.code, kind.unit, text, at or local.time(), committee.areas.chain(area))
    found = committee.routing.route(matter)
    click.echo(
        say("cli_routing_read", kind=kind.name, area=committee.areas.name(area), at=f"{matter.at:%H:%M}")
    )
    for rule, failed in found.passed:
        click.echo(say("cli_routing_passed", number=rule.number, failed=failed, why=rule.why))
    if found.rule is None:
        click.echo(say("cli_routing_duty", unit=units[found.unit]))
        return
    click.echo(say("cli_routing_fires", number=found.rule.number, unit=units[found.unit], why=found.rule.why))
