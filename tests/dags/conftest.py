"""What Airflow makes of the DAG files, asked once for all tests of a run."""

from __future__ import annotations

import pytest

from newswire.config import ROOT
from tests.dags.parsing import Parsed, Parser

_PARSED = pytest.StashKey[Parsed]()


@pytest.fixture(scope="session")
def parser(tmp_path_factory: pytest.TempPathFactory) -> Parser:
    """Airflow's parser, with a home of the run's own."""
    return Parser(tmp_path_factory.mktemp("airflow"))


@pytest.fixture(scope="session")
def project(parser: Parser, pytestconfig: pytest.Config) -> Parsed:
    """The project's own DAG files and declared sources."""
    parsed = parser.parse(ROOT / "sources.yaml")
    pytestconfig.stash[_PARSED] = parsed
    return parsed


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """How long Airflow took for each DAG file: a figure to watch, not to fail a busy machine by."""
    if parsed := config.stash.get(_PARSED, None):
        terminalreporter.section("DAG files, as Airflow parsed them")
        for name, seconds in sorted(parsed.seconds.items()):
            terminalreporter.write_line(f"dags/{name}: {seconds * 1000:.0f} ms")
