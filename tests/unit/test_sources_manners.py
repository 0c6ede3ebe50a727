"""How the fetch behaves toward web servers: pace, Retry-After and robots.txt, kept over runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from newswire.config import Settings, load_settings
from newswire.errors import FetchError, NotYet
from newswire.sources.access import Access
from newswire.sources.fetch import Fetcher
from newswire.sources.fetched import Fetched, Validators
from newswire.sources.http import Asking, get
from newswire.sources.manners import Pace
from newswire.sources.notes import NotesOfThisRun
from newswire.sources.robots import Robots
from tests.webserver import WebServer, replying

NOON = datetime(2024, 5, 17, 12, tzinfo=UTC)
A, B = "https://a.example.org/", "https://b.example.org/"


class Clock:
    """A time that passes only while somebody waits, and when told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waited: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waited.append(round(seconds, 3))
        self.now += seconds

    def time(self) -> datetime:
        return NOON + timedelta(seconds=self.now)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notes() -> NotesOfThisRun:
    return NotesOfThisRun()


@pytest.fixture
def settings() -> Settings:
    return load_settings(fetch_timeout=5, fetch_deadline=5, fetch_host_delay=0)


def pace(clock: Clock, notes: NotesOfThisRun, delay_s: float = 0.0) -> Pace:
    return Pace(notes, delay_s, now=clock.time, clock=lambda: clock.now, sleep=clock.sleep)


def ask(url: str, settings: Settings, asking: Asking) -> Fetched:
    found = get(url, settings, internal=True, known=Validators(), asking=asking)
    assert isinstance(found, Fetched)
    return found


def test_requests_to_one_server_keep_their_distance_and_others_are_not_waited_for(
    clock: Clock, notes: NotesOfThisRun
) -> None:
    one = pace(clock, notes, 2)
    one.before(A)
    one.before(B)
    clock.now += 0.5
    one.before(A + "page")
    one.before(B)
    one.before("https://a.example.org:8443/")
    assert clock.waited == [1.5]
    clock.now += 10
    one.before(A)
    assert clock.waited == [1.5]


def test_a_server_may_ask_for_more_distance_and_never_for_less(
    clock: Clock, notes: NotesOfThisRun
) -> None:
    one = pace(clock, notes, 2)
    one.slow_down(A, 5)
    one.slow_down(B, 1)
    for url in (A, B, A, B):
        one.before(url)
    assert clock.waited == [5]
    one.slow_down(A, 1e9)
    one.before(A)
    assert clock.waited == [5, 60]


def test_a_task_does_not_spend_its_hour_on_waiting(clock: Clock, notes: NotesOfThisRun) -> None:
    one = pace(clock, notes, 0)
    one.slow_down(A, 60)
    for _ in range(31):
        one.before(A)
    assert sum(clock.waited) == 1800
    with pytest.raises(NotYet, match=r"waited long enough for https://a\.example\.org"):
        one.before(A)
    one.before(B)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (format_datetime(NOON + timedelta(minutes=3), usegmt=True), 180),
        ("0", 1),
        (format_datetime(NOON - timedelta(days=3), usegmt=True), 1),
        ("31536000", 86400),
        ("9" * 400, 86400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
    ],
)
def test_a_server_that_says_when_to_come_again_is_left_alone_until_then_by_later_runs_too(
    web: WebServer,
    settings: Settings,
    clock: Clock,
    notes: NotesOfThisRun,
    status: int,
    header: str,
    seconds: int,
) -> None:
    url = web.on("/a", replying(status, b"busy", {"Retry-After": header}))
    with pytest.raises(NotYet, match="wants to be left alone until 2024-05-1"):
        ask(url, settings, Asking(pace(clock, notes)))
    web.serve("/a", b"story")
    for before in (0.0, seconds - 0.5):
        clock.now = before
        with pytest.raises(NotYet):
            ask(url, settings, Asking(pace(clock, notes)))
    assert len(web.requests) == 1, "nothing is asked before the time"
    clock.now = seconds
    assert ask(url, settings, Asking(pace(clock, notes))).data == b"story"


def test_too_many_requests_without_a_time_are_a_pause_of_minutes(
    web: WebServer, settings: Settings, clock: Clock, notes: NotesOfThisRun
) -> None:
    url = web.on("/a", replying(429))
    with pytest.raises(NotYet, match="until 2024-05-17 12:05:00 UTC"):
        ask(url, settings, Asking(pace(clock, notes)))


@pytest.mark.parametrize(("status", "header"), [(503, "soon"), (503, "-5"), (500, "120")])
def test_what_says_no_time_is_a_failure_like_any_other(
    web: WebServer, settings: Settings, status: int, header: str
) -> None:
    url = web.on("/a", replying(status, headers={"Retry-After": header}))
    with pytest.raises(FetchError, match=f"HTTP {status} "):
        get(url, settings, internal=True, known=Validators())


def test_a_note_that_can_not_be_read_is_none(clock: Clock, notes: NotesOfThisRun) -> None:
    notes.write("wait https://a.example.org", b"{")
    pace(clock, notes).before(A)


def rules(web: WebServer, text: str, status: int = 200) -> None:
    web.on("/robots.txt", replying(status, text.encode()))


def polite(settings: Settings, clock: Clock, notes: NotesOfThisRun) -> Asking:
    one = pace(clock, notes)
    robots = Robots(settings, one, notes, internal=True, now=clock.time)
    return Asking(one, allowed=robots.check)


def asked(web: WebServer) -> list[str]:
    return [path for path, _ in web.requests]


RULES = """
User-agent: *
Disallow: /

User-agent: NEWSWIRE
Disallow: /private
Disallow: /*.pdf$
Allow: /private/open
Crawl-delay: 7
"""


def test_robots_txt_is_kept_to_for_our_own_name_with_wildcards_and_longest_match(
    web: WebServer, settings: Settings, clock: Clock, notes: NotesOfThisRun
) -> None:
    rules(web, RULES)
    asking = polite(settings, clock, notes)
    assert ask(web.serve("/story", b"s"), settings, asking).data == b"s"
    assert ask(web.serve("/private/open/1", b"o"), settings, asking).data == b"o"
    for path in ("/private/1", "/annual.pdf"):
        with pytest.raises(
            FetchError, match=r"robots\.txt of http://127.* does not allow Newswire"
        ):
            ask(web.serve(path, b"no"), settings, asking)
    assert asked(web) == ["/robots.txt", "/story", "/private/open/1"]
    # The first page is asked for without a pause after robots.txt itself, which set the pace.
    assert clock.waited == [7, 7]


def test_robots_txt_is_asked_for_once_a_day_over_all_runs(
    web: WebServer, settings: Settings, clock: Clock, notes: NotesOfThisRun
) -> None:
    rules(web, "User-agent: *\nDisallow: /no")
    url = web.serve("/yes", b"y")
    for hour in (0, 1, 23, 25):
        clock.now = hour * 3600
        ask(url, settings, polite(settings, clock, notes))
    assert asked(web).count("/robots.txt") == 2


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_server_without_robots_txt_allows_all(
    web: WebServer, settings: Settings, clock: Clock, notes: NotesOfThisRun, status: int
) -> None:
    rules(web, "Disallow: /", status)
    assert ask(web.serve("/a", b"x"), settings, polite(settings, clock, notes)).data == b"x"


def test_a_server_that_fails_to_give_its_rules_is_left_alone_for_an_hour(
    web: WebServer, settings: Settings, clock: Clock, notes: NotesOfThisRun
) -> None:
    rules(web, "", 500)
    url = web.serve("/a", b"x")
    for minute in (0, 59):
        clock.now = minute * 60
        with pytest.raises(NotYet, match="until 2024-05-17 13:00:00 UTC"):
            ask(url, settings, polite(settings, clock, notes))
    assert asked(web) == ["/robots.txt"]
    rules(web, "")
    clock.now = 3600
    assert ask(url, settings, polite(settings, clock, notes)).data == b"x"


def test_a_robots_txt_without_end_is_read_as_far_as_the_standard_says(
    web: WebServer, settings: Settings, clock: Clock, notes: NotesOfThisRun
) -> None:
    rules(web, "User-agent: *\nDisallow: /no\n" + "# comment\n" * 100_000)
    asking = polite(settings, clock, notes)
    assert ask(web.serve("/a", b"x"), settings, asking).data == b"x"
    with pytest.raises(FetchError, match="does not allow"):
        ask(web.serve("/no", b"x"), settings, asking)


def test_a_redirect_is_held_to_the_rules_as_well(
    web: WebServer, settings: Settings, clock: Clock, notes: NotesOfThisRun
) -> None:
    rules(web, "User-agent: *\nDisallow: /no")
    web.serve("/no", b"x")
    url = web.on("/a", replying(302, headers={"Location": "/no"}))
    with pytest.raises(FetchError, match="does not allow"):
        ask(url, settings, polite(settings, clock, notes))
    assert asked(web) == ["/robots.txt", "/a"]


def test_a_source_says_whether_robots_txt_is_asked_for(web: WebServer, settings: Settings) -> None:
    rules(web, "User-agent: *\nDisallow: /")
    url = web.serve("/a", b"x")
    assert isinstance(Fetcher(settings, internal=True).fetch(url), Fetched)
    with pytest.raises(FetchError, match="does not allow"):
        Fetcher(settings, internal=True, access=Access(robots=True)).fetch(url)


def test_a_server_that_does_not_answer_three_times_is_left_for_the_next_run(
    web: WebServer, settings: Settings
) -> None:
    quick = settings.model_copy(update={"fetch_timeout": 0.05})
    url = web.on("/silent", lambda request: web.done.wait(10) and None)
    fetcher = Fetcher(quick, internal=True)
    for _ in range(3):
        with pytest.raises(FetchError, match=r"no answer within 0\.05 s"):
            fetcher.fetch(url)
    with pytest.raises(NotYet, match="did not answer 3 times in a row"):
        fetcher.fetch(f"{web.url}/another")
    with pytest.raises(FetchError):
        Fetcher(quick, internal=True).fetch(url)


def test_an_error_of_one_document_does_not_count_as_silence(
    web: WebServer, settings: Settings
) -> None:
    fetcher = Fetcher(settings, internal=True)
    for _ in range(4):
        with pytest.raises(FetchError, match="HTTP 404"):
            fetcher.fetch(f"{web.url}/nothing")
