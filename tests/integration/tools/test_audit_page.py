# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The audit trail's page: written by the playbook, looked at in Chromium."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import stat
import threading

import pytest
from playwright.sync_api import sync_playwright

from ansible_collections.bookieops.betmatic.tests.integration.support.playbook import PATIENCE, command

PLAYBOOK = "bookieops.betmatic.audit_page"
# A sandbox needs rights that a container lacks; the others keep the browser itself from the network.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 812}
EVIL = "<script>document.title = 'taken over'</script><img src=http://127.0.0.1:1/x onerror=alert(1)>"
ROWS = "#journal tbody tr"


def entry(time, account="123", **fields):
    """A line of a trail: an OFF that changed something, unless fields say otherwise."""
    known = {
        "time": time, "event": "result", "task_id": time, "user": "anna", "api_url": "https://betmatic.app/api", "token_account": "user_id:3f2a9c0d1e4b",
        "playbook": "/srv/race_day.yml", "play": "Race day", "task": "Off", "host": "localhost", "account_id": account,
        "display_name": f"Account {account}", "state": "off", "outcome": "ok", "changed": True, "failed": False, "previous_status": "RUNNING",
        "bot_status": "STOPPED", "http_status": 200, "message": "Bot turned OFF successfully", "reason": "CHG-1042", "check_mode": False,
    }
    return json.dumps({**known, **fields})


REJECTED = {"outcome": "rejected", "changed": False, "failed": True, "previous_status": None, "bot_status": None, "http_status": 406, "message": "No"}
LONG = "W" * 200
LINES = (
    entry("2026-11-19T08:00:00.000Z", "123"),
    entry("2026-11-19T08:00:00.000Z", "124", **REJECTED),
    entry("2026-11-20T09:00:00.000Z", "124", task="Once more"),
    entry("2026-11-20T10:00:00.000Z", "125", display_name=EVIL, message=EVIL, reason=EVIL + " {{ 7 * 7 }}", task=EVIL, user=EVIL),
    entry("2026-11-20T11:00:00.000Z", "126", outcome="would_send", bot_status=None, http_status=None, message=None, check_mode=True),
    entry("2026-11-21T08:00:00.000Z", None, display_name=None, state=None, outcome=None, failed=True, message=None, msg="account_id is empty"),
    entry("2026-11-21T09:00:00.000Z", "127", display_name=LONG, message=LONG, reason=LONG, host=LONG, outcome="unknown", failed=True),
    '{"time": "2026-11-21T09:',
    entry("2026-11-21T09:30:00.000Z", None, event="intent", display_name=None, outcome=None, changed=None, failed=None, task=EVIL, reason=LONG,
          asked={"on": ["123", "130"]}, state="on"),
)


def render(folder, simulator, text, *arguments, code=0):
    """Run the playbook on a trail of this text; returns what was shown."""
    if text is not None:
        folder.joinpath("trail.jsonl").write_text(text, encoding="utf-8")
    return command(folder, simulator, "playbook", PLAYBOOK, "-e", f"bookie_audit_file={folder / 'trail.jsonl'}", *arguments, code=code)


# --- the playbook ---


def test_the_page_is_written_once_and_only_again_for_new_entries(simulator, tmp_path):
    text = "\n".join(LINES) + "\n"
    page = tmp_path / "trail.html"
    assert "changed=1 " in render(tmp_path, simulator, text)
    first = page.read_bytes()
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "changed=0 " in render(tmp_path, simulator, text)
    assert page.read_bytes() == first
    assert "changed=1 " in render(tmp_path, simulator, text + entry("2026-11-22T09:00:00.000Z") + "\n")
    assert simulator.log() == []


def test_the_page_goes_where_it_is_told_and_the_trail_stays(simulator, tmp_path):
    text = entry("2026-11-22T09:00:00.000Z")
    render(tmp_path, simulator, text, "-e", f"bookie_audit_page_file={tmp_path / 'other.html'}")
    assert "Account 123" in tmp_path.joinpath("other.html").read_text(encoding="utf-8")
    assert tmp_path.joinpath("trail.jsonl").read_text(encoding="utf-8") == text
    shown = render(tmp_path, simulator, None, "-e", f"bookie_audit_page_file={tmp_path}/./trail.jsonl", code=2)
    assert "bookie_audit_page_file is the trail itself" in " ".join(shown.split())
    assert tmp_path.joinpath("trail.jsonl").read_text(encoding="utf-8") == text


def test_without_a_trail_it_says_so_and_writes_no_page(simulator, tmp_path):
    shown = " ".join(render(tmp_path, simulator, None, code=2).split())
    assert f"there is no audit trail at {tmp_path}/trail.jsonl" in shown and "enable the callback" in shown
    assert not tmp_path.joinpath("trail.html").exists()


def test_by_default_it_reads_what_the_callback_writes(simulator, tmp_path):
    for name, environment in {"home/.ansible/bookie_audit": {"BOOKIE_AUDIT_PATH": ""}, "kept/here": {"BOOKIE_AUDIT_PATH": "kept/here.jsonl"}}.items():
        tmp_path.joinpath(name).parent.mkdir(parents=True)
        tmp_path.joinpath(name + ".jsonl").write_text(entry("2026-11-22T09:00:00.000Z"), encoding="ascii")
        command(tmp_path, simulator, "playbook", PLAYBOOK, more=environment)
        assert "Account 123" in tmp_path.joinpath(name + ".html").read_text(encoding="utf-8")


def test_bytes_that_are_no_text_do_not_stop_it(simulator, tmp_path):
    tmp_path.joinpath("trail.jsonl").write_bytes(b"\xff\xfe\x00{\n" + entry("2026-11-22T09:00:00.000Z").encode() + b"\n")
    render(tmp_path, simulator, None)
    page = tmp_path.joinpath("trail.html").read_text(encoding="utf-8")
    assert "Account 123" in page and "1 line of the trail cannot be read" in page


# --- the page ---


@pytest.fixture(scope="module", name="site")
def _site(simulator_of, tmp_path_factory):
    """The pages, served by a server that keeps what it is asked for."""
    folder, asked = tmp_path_factory.mktemp("site"), []
    many = "\n".join(entry(f"2026-11-{10 + number // 500:02d}T08:00:00.{number % 500:03d}Z", str(1000 + number % 200)) for number in range(5000))
    for name, text in {"page": "\n".join(LINES), "empty": "", "many": many}.items():
        folder.joinpath(name).mkdir()
        render(folder / name, simulator_of(), text, "-e", f"bookie_audit_page_file={folder / name}.html")

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_arguments):
            asked.append(self.path)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture(scope="module", name="chromium")
def _chromium():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, "no Chromium: run tests/utils/chromium.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), env={**os.environ, "LANG": "C.UTF-8"})
        yield browser
        browser.close()


@pytest.fixture(name="look")
def _look(chromium, site):
    """Open a page; at the end nothing but pages was asked for, and the browser had nothing to say."""
    url, asked = site
    contexts, said, requested = [], [], []

    def look(name="page", viewport=None, **options):
        context = chromium.new_context(viewport=viewport or DESKTOP, **options)
        contexts.append(context)
        context.set_default_timeout(1000 * PATIENCE)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: requested.append(request.url))
        page.goto(f"{url}/{name}.html")
        return page

    asked.clear()
    yield look
    for context in contexts:
        context.close()
    assert said == []
    assert len(requested) == len(contexts) and all(one.startswith(url) and one.endswith(".html") for one in requested)
    assert len(asked) == len(contexts)


def shown(page, selector):
    """The visible elements' text; that of the page's source, as what is far from the window is not laid out."""
    return [" ".join(text.split()) for text in page.locator(selector).locator("visible=true").all_text_contents()]


def test_everything_from_the_trail_is_text(look):
    page = look()
    assert page.title() == "Audit trail of the bots"
    assert page.locator("img").count() == 0 and page.locator("script").count() == 1
    row = page.locator(ROWS, has_text="125")
    assert EVIL in row.locator("th").inner_text() and EVIL in row.locator(".answer").inner_text()
    task = page.locator("article", has_text="{{ 7 * 7 }}")
    assert task.locator("h4 bdi").inner_text() == EVIL and task.locator(".place b").inner_text() == EVIL
    assert page.locator("select[name=account] option", has_text="125").inner_text() == "125 " + EVIL


def test_a_policy_of_its_own_forbids_everything_else(chromium, site):
    page = chromium.new_page()
    page.goto(site[0] + "/page.html")
    violated = page.evaluate("""() => new Promise((done) => {
        const violated = [];
        document.addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective) == 3 && done(violated.sort()));
        document.body.append(Object.assign(document.createElement("script"), {textContent: "document.title = 'taken over'"}));
        document.body.append(Object.assign(document.createElement("img"), {src: "/x.png"}));
        document.body.setAttribute("style", "color: red");
    })""")
    assert violated == ["img-src", "script-src-elem", "style-src-attr"]
    assert page.title() == "Audit trail of the bots"
    page.close()


def test_the_filter_by_account_and_day(look):
    page = look()
    assert len(shown(page, ROWS)) == 7 and page.locator("#shown").inner_text() == "7 of 7 entries"
    page.select_option("[name=account]", label="124 Account 124")
    assert [text.split()[0] for text in shown(page, ROWS)] == ["124", "124"]
    assert page.locator("#shown").inner_text() == "2 of 7 entries"
    assert shown(page, "h3") == ["Friday 20 November 2026", "Thursday 19 November 2026"]
    assert len(shown(page, "#failed li")) == 1 and len(shown(page, "details")) == 1
    page.select_option("[name=day]", "2026-11-20")
    assert len(shown(page, ROWS)) == 1 and shown(page, "article h4") == ["09:00:00 Once more"]
    assert shown(page, "#failed h2") == []
    page.click("button[type=reset]")
    page.get_by_text("7 of 7 entries").wait_for()
    assert len(shown(page, ROWS)) == 7


def test_the_filter_by_result(look):
    page = look()
    for kind, accounts in {"is-changed": ["127", "no", "125", "124", "123"], "is-failed": ["127", "no", "124"], "is-check": ["126"]}.items():
        page.select_option("[name=kind]", kind)
        assert [text.split()[0] for text in shown(page, ROWS)] == accounts
    page.select_option("[name=kind]", "")
    page.select_option("[name=account]", label="no account named")
    assert len(shown(page, ROWS)) == 1 and "account_id is empty" in shown(page, ROWS)[0]


def test_what_failed_comes_first_and_says_what_was_proven_since(look):
    failed = shown(look(), "#failed li")
    assert ["127" in failed[0], "no account named" in failed[1], "124" in failed[2]] == [True] * 3 and len(failed) == 3
    assert "unknown, may have changed" in failed[0] and "Nothing was proven since." in failed[0]
    assert "406" in failed[2] and "Proven off at 20 Nov 2026 09:00:00." in failed[2]


def test_check_mode_stands_apart(look):
    page = look()
    checked = page.locator("article.check")
    assert checked.count() == 1 and "check mode: nothing was sent" in checked.inner_text() and "would be sent" in checked.inner_text()
    assert "126" in checked.inner_text()
    assert page.locator(".figures div", has_text="In check mode").locator("dd").inner_text() == "1"
    assert page.locator(".figures div", has_text="Changed").locator("dd").inner_text() == "5"
    assert page.locator("details", has_text="126").locator("svg .sign.check").count() == 1
    assert page.locator("details", has_text="126").locator("svg .sign.off").count() == 0


def test_a_task_without_result_is_not_known_and_its_accounts_with_it(look):
    page = look()
    (told,) = shown(page, "#not-known li")
    assert told.startswith("21 Nov 2026 09:30:00 ON for 123, 130 in the task " + EVIL)
    assert "123: Nothing was proven since." in told and "130: Nothing was proven since." in told
    assert page.locator(".figures div", has_text="Tasks without result").locator("dd").inner_text() == "1"
    doubted = [text.split()[0] for text in shown(page, "details summary") if "Not known since 21 Nov 2026 09:30:00" in text]
    assert doubted == ["123"]


def test_a_line_that_cannot_be_read_is_said(look):
    assert look().locator("[role=alert]").inner_text() == "1 line of the trail cannot be read and is not shown: trail.jsonl line 8. Check the file itself."


def test_without_javascript_everything_is_readable(look):
    page = look(java_script_enabled=False)
    assert len(shown(page, ROWS)) == 7 and not page.locator("form").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["page", "empty"])
def test_a_phone_need_not_scroll_sideways(name, scheme, look):
    page = look(name, viewport=PHONE, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    if name == "page":
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        outside = "[...document.querySelectorAll('main *:not(line)')].filter(one => one.getBoundingClientRect().right > 375.5).map(one => one.outerHTML)"
        assert page.evaluate(outside) == []
        assert len(shown(page, ROWS)) == 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(scheme, look):
    """A contrast of 4.5 to 1, as WCAG wants it for text."""
    page = look(color_scheme=scheme)
    colours = page.evaluate("""() => {
        const style = getComputedStyle(document.documentElement);
        return Object.fromEntries(["back", "card", "bad-back", "text", "soft", "link", "good", "bad", "open", "check", "off"].map(
            (name) => [name, style.getPropertyValue("--" + name).trim()]));
    }""")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ("rgb(244, 245, 247)" if scheme == "light" else "rgb(20, 23, 27)")
    for behind in ("back", "card"):
        weak = [name for name in ("text", "soft", "link", "good", "bad", "open", "check", "off") if contrast(colours[name], colours[behind]) < 4.5]
        assert weak == []
    assert contrast(colours["text"], colours["bad-back"]) >= 4.5


def contrast(one, other):
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    shares = [int(digits[place:place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_print_shows_all_even_what_is_filtered_out(look):
    page = look(color_scheme="dark")
    page.select_option("[name=account]", label="124 Account 124")
    page.emulate_media(media="print")
    assert len(shown(page, ROWS)) == 7 and len(shown(page, "details li")) == 6 and not page.locator("form").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 33, 39)"


def test_an_empty_trail_is_said(look):
    page = look("empty")
    assert page.locator("main").inner_text() == "There are no entries in the trail."


def test_thousands_of_entries(look):
    page = look("many")
    assert page.locator(ROWS).count() == 5000
    page.select_option("[name=account]", "a1007")
    assert page.locator("#shown").inner_text() == "25 of 5000 entries"
    page.select_option("[name=day]", "2026-11-12")
    assert len(shown(page, ROWS)) == int(page.locator("#shown").inner_text().split()[0]) == 3


def test_a_link_leads_to_the_task(look):
    page = look()
    page.click("#failed li:nth-child(3) a")
    assert page.evaluate("document.querySelector(':target h4').innerText") == "08:00:00 Off"
