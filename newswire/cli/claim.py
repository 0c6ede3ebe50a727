"""``newswire claim`` and ``newswire judge``: who backs a claim, who denies it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from newswire.cli.budget import Limit, Minutes, Rate, behind_live_news
from newswire.cli.console import (
    err,
    indented,
    out,
    plain,
    print_json,
    print_table,
    printable,
)
from newswire.config import load_settings

if TYPE_CHECKING:
    from newswire.claims.ask import CitedStory, Report, Said

_DAY = ["%Y-%m-%d"]
_COLOURS = {"agree": "green", "disagree": "red", "discuss": "yellow", "unrelated": "dim"}
_COUNTED = ("agree", "disagree", "discuss")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(claim)
    app.command()(judge)


def claim(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="The claim, one sentence of English.")
    ] = None,
    story: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The headline of this story: its id or its beginning."),
    ] = None,
    days: Annotated[
        int, typer.Option(min=0, max=366, help="With --story: so many days before and after it.")
    ] = 7,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=_DAY, metavar="YYYY-MM-DD", help="First created on this day (UTC) or later."
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=_DAY, metavar="YYYY-MM-DD", help="First created on this day (UTC) or earlier."
        ),
    ] = None,
    size: Annotated[
        int, typer.Option(min=1, max=200, help="Most stories by words, and by meaning.")
    ] = 20,
    unrelated: Annotated[
        bool, typer.Option("--all", help="Also what was looked at and says nothing of it.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON value a story, on a line.")
    ] = False,
) -> None:
    """Show which outlets back a claim, deny it or report it, and in which words.

    A text that is handed in, or the headline of a story, against the bodies of the other stories
    in the index. Copies of a story are one voice. That nobody speaks of it is an answer: exit 0.
    """
    if (text is None) == (story is None):
        raise typer.BadParameter("either a TEXT or --story")
    from newswire.claims.ask import ask, ask_of_story
    from newswire.enrichment.claims import ClaimJudge, read_claim
    from newswire.search.client import open_client

    if text is not None:
        # What is no claim is said before the models are loaded.
        text = read_claim(text)
    settings = load_settings()
    with open_client(settings) as client, err.status("judging"):
        judge = ClaimJudge.from_settings(settings)
        first, last = _day(since), _day(until)
        report = (
            ask(client, judge, text, since=first, until=last, size=size)
            if text is not None
            else ask_of_story(
                client, judge, story or "", since=first, until=last, days=days, size=size
            )
        )
    if as_json:
        for line in report.lines(unrelated=unrelated):
            print_json(printable(line))
    else:
        _print(report, unrelated=unrelated)
    if report.not_judged:
        err.print(
            f"Found and not judged, being in another language: {', '.join(report.not_judged)}."
        )


def judge(
    rate: Rate = None,
    limit: Limit = None,
    minutes: Minutes = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the totals as JSON.")] = False,
) -> None:
    """Judge every story's claim against the others, for dashboards, behind live news.

    The headlines of the stories that are new or have changed, against the bodies of those near
    them, and the other way round; kept in Elasticsearch behind the alias `claims`. It can be
    interrupted and begun again; the DAG `claims` does it each hour.
    """
    from newswire.claims.judging import judge_new

    settings = load_settings()
    with behind_live_news(
        settings, "judging", rate=rate or settings.claims_rate, limit=limit, minutes=minutes
    ) as (turn, done):
        totals = judge_new(settings, turn, limit=limit, progress=lambda now: done(now.judged))
    if as_json:
        print_json(printable(totals))
    err.print(str(totals))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _print(report: Report, *, unrelated: bool) -> None:
    """The claim, a row for each outlet, then each story with its evidence."""
    out.print(Text(plain(report.claim), style="bold"))
    if report.story:
        indented(out, Text(_facts(report.story), style="dim"))
        _print_copies(report.copies)
    shown = [said for said in report.said if unrelated or said.label != "unrelated"]
    if any(said.label != "unrelated" for said in shown):
        typer.echo("")
        print_table(("outlet", *_COUNTED, "copies"), _rows(shown))
    for said in shown:
        typer.echo("")
        _print_said(said)
    if not shown:
        err.print("No other story speaks of it.")


def _rows(shown: Sequence[Said]) -> Iterator[tuple[str, ...]]:
    """The outlets and how many of their stories say what: who says most comes first."""
    counts: dict[str, Counter[str]] = {}
    for said in shown:
        if said.label != "unrelated":
            counts.setdefault(said.story.outlet, Counter())[said.label] += 1
            for copy in said.copies:
                counts.setdefault(copy.outlet, Counter())["copies"] += 1
    for name, count in sorted(counts.items(), key=lambda own: (-own[1].total(), own[0])):
        yield (name, *(str(count[column] or "") for column in (*_COUNTED, "copies")))


def _print_said(said: Said) -> None:
    line = Text(said.label, style=f"bold {_COLOURS[said.label]}")
    if said.probabilities:
        chances = said.probabilities.model_dump()
        line.append(f" {chances[said.label]:.2f}")
        side = max(("disagree", "agree"), key=chances.__getitem__)
        if said.label == "discuss" and chances[side] > chances[said.label]:
            line.append(f", not sure: {side} {chances[side]:.2f}")
    out.print(line.append(f"  {plain(said.story.headline or '(no headline)')}"))
    indented(out, Text(_facts(said.story), style="dim"))
    for evidence in said.evidence:
        indented(out, Text(f"“{plain(evidence.text)}”", style="italic"))
    _print_copies(said.copies)
    indented(out, Text(plain(said.story.id), style="cyan"), fold=False)


def _print_copies(copies: Sequence[CitedStory]) -> None:
    for copy in copies:
        indented(out, Text(f"copy  {_facts(copy)}  {plain(copy.id)}", style="dim"), fold=False)


def _facts(story: CitedStory) -> str:
    from newswire.cli.story import moment

    return f"{plain(story.outlet)}  {moment(story.version_created, undated=story.undated)}"
