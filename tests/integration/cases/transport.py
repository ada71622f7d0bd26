# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What happens below the API: proxies, certificates, redirects, floods, and answers that never end."""

from __future__ import annotations

from functools import partial

from ansible_collections.bookieops.betmatic.tests.integration.support.case import Case
from ansible_collections.bookieops.betmatic.tests.simulator.harness import answer, change, close, cut, drip, endless_continue, flood, hang, redirect

case = partial(Case, "transport")
ON = "{account_id: '123', state: 'on'}"
OFF_QUICK = "{account_id: '123', state: 'off', timeout: 0.6, retries: 0}"
OFF = "{account_id: '123', state: 'off'}"
OFF_ONCE = "{account_id: '123', state: 'off', retries: 0}"
RUNNING = {"123": "RUNNING"}
TLS = {"tls": True}
UNKNOWN = {"123": "unknown changed"}
NOT_SENT = {"123": "not_sent"}
# A proxy that was asked could answer in the service's place.
PROXY = dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"), "{proxy}")


CASES = (
    # --- nothing replaces our header, nothing takes the token elsewhere
    case("netrc_does_not_replace_the_header", ON, "ON 123", {"123": "ok changed"}, files={".netrc": "machine 127.0.0.1 login somebody password else\n"},
         environment={"NETRC": "{folder}/home/.netrc"}),
    case("http_on_this_machine_goes_past_every_proxy", ON, "ON 123", {"123": "ok changed"}, environment=PROXY, proxied=()),
    case("https_goes_through_a_tunnel", "{account_id: '123', state: 'on', ca_path: '{{ ca }}'}", "ON 123", {"123": "ok changed"}, simulator=TLS,
         environment={"https_proxy": "{proxy}"}, proxied=("CONNECT",)),
    case("tunnel_that_is_refused_is_not_sent", "{account_id: '123', state: 'on', ca_path: '{{ ca }}', retries: 0}", "", NOT_SENT, simulator=TLS,
         environment={"https_proxy": "{proxy}"}, proxied=("CONNECT",), msg=("Not on: 123", "proxy")),
    case("no_proxy_is_honoured", "{account_id: '123', state: 'on', ca_path: '{{ ca }}'}", "ON 123", {"123": "ok changed"}, simulator=TLS,
         environment={"https_proxy": "{proxy}", "no_proxy": "127.0.0.1"}, proxied=()),

    # --- certificates
    case("ca_path_trusts_the_service", "{account_id: '123', state: 'on', ca_path: '{{ ca }}'}", "ON 123", {"123": "ok changed"}, simulator=TLS),
    case("unknown_ca_is_not_sent", "{account_id: '123', state: 'on', retries: 0}", "", NOT_SENT, simulator=TLS, msg=("certificate",)),
    case("wrong_ca_is_not_sent", "{account_id: '123', state: 'off', ca_path: '{{ wrong_ca }}', retries: 0}", "", NOT_SENT, simulator=TLS, fleet=RUNNING,
         msg=("NOT proven off: 123", "certificate", "check api_url, network, proxy and certificates")),
    case("requests_ca_bundle_is_honoured", ON, "ON 123", {"123": "ok changed"}, simulator=TLS, environment={"REQUESTS_CA_BUNDLE": "{ca}"}),
    case("ca_path_wins_over_requests_ca_bundle", "{account_id: '123', state: 'on', ca_path: '{{ ca }}'}", "ON 123", {"123": "ok changed"}, simulator=TLS,
         environment={"REQUESTS_CA_BUNDLE": "{wrong_ca}"}),
    case("validate_certs_false_takes_any_certificate", "{account_id: '123', state: 'on', validate_certs: false}", "ON 123", {"123": "ok changed"},
         simulator=TLS),
    case("validate_certs_false_wins_over_requests_ca_bundle", "{account_id: '123', state: 'on', validate_certs: false}", "ON 123", {"123": "ok changed"},
         simulator=TLS,
         environment={"REQUESTS_CA_BUNDLE": "{wrong_ca}"}),
    case("validate_certs_true_is_not_weakened_by_the_environment", "{account_id: '123', state: 'on', validate_certs: true, retries: 0}", "", NOT_SENT,
         simulator=TLS,
         environment={"PYTHONHTTPSVERIFY": "0", "CURL_CA_BUNDLE": ""}),
    case("cut_under_tls_after_applying_is_changed", "{account_id: '123', state: 'off', ca_path: '{{ ca }}'}", "OFF 123 x2", {"123": "ok changed"},
         (cut(account="123", apply="before"),), RUNNING, simulator=TLS, previous={"123": None}),
    case("http_spoken_to_a_tls_server_is_no_proof", "{account_id: '123', state: 'off', api_url: 'http://127.0.0.1:{{ service_port }}/api', retries: 0}", "",
         UNKNOWN,
         simulator=TLS, fleet=RUNNING),

    # --- nobody there
    case("connection_refused_is_not_sent", "{account_id: ['123', '124'], state: 'on', api_url: 'http://127.0.0.1:1/api', retries: 0}", "",
         {"123": "not_sent", "124": "not_sent"}, msg=("Not on: 123, 124", "refused")),
    case("connection_refused_for_off_is_not_proven", "{account_id: '123', state: 'off', api_url: 'http://127.0.0.1:1/api', retries: 1}", "", NOT_SENT,
         fleet=RUNNING, msg=("NOT proven off: 123",)),
    case("unknown_host_is_not_sent", "{account_id: '123', state: 'off', api_url: 'https://no-such-host.invalid/api', retries: 0}", "", NOT_SENT, fleet=RUNNING),
    case("nobody_there_for_all_accounts_off", "{all_accounts: true, state: 'off', api_url: 'http://127.0.0.1:1/api', retries: 1}", "", {}, changed=False,
         failed=True,
         msg=("NOT proven off: all accounts", "refused")),
    case("nobody_there_for_all_accounts_on", "{all_accounts: true, state: 'on', api_url: 'http://127.0.0.1:1/api', retries: 0}", "", {}, changed=False,
         failed=True,
         msg=("Not on: all accounts", "refused")),
    case("check_mode_with_nobody_there_would_send", "{account_id: '123', state: 'off', api_url: 'http://127.0.0.1:1/api', retries: 0}", "",
         {"123": "would_send changed"}, check=True),

    # --- redirects, all 3xx
    case("redirect_of_off_is_never_followed", OFF, "OFF 123, list", {"123": "rejected"}, (redirect("/api/bookieaccount/", 302, account="123"),), RUNNING,
         msg=("123 (302",), fields={"123": {"http_status": 302}}),
    case("redirect_of_on_is_never_followed", ON, "ON 123, list", {"123": "rejected"}, (redirect("/api/bookieaccount/control/124/", 307, account="123"),),
         bots={"124": "STOPPED"}),
    case("redirect_of_the_list_is_never_followed", OFF_ONCE, "OFF 123, list", UNKNOWN,
         (change({"-bot_status": None}, account="123"), redirect("/api/bookieaccount/", 302, on="list", times=None)), RUNNING),

    # --- answers that never end
    case("hang_of_off_ends", OFF_QUICK, "OFF 123, list", UNKNOWN, (hang(account="123"),), RUNNING, msg=("0.6 s",)),
    case("drip_of_off_ends", OFF_QUICK, "OFF 123, list", UNKNOWN, (drip(0.1, account="123", apply="never"),), RUNNING, msg=("0.6 s",)),
    case("endless_100_continue_of_off_ends", OFF_QUICK, "OFF 123, list", UNKNOWN, (endless_continue(0.1, account="123"),), RUNNING, msg=("0.6 s",)),
    case("hang_of_the_list_ends", "{account_id: '123', state: 'on', timeout: 0.5, retries: 0}", "ON 123, list", UNKNOWN,
         (cut(account="123"), hang(on="list", times=None))),
    case("drip_of_the_list_ends", "{account_id: '123', state: 'on', timeout: 0.5, retries: 0}", "ON 123, list", UNKNOWN,
         (cut(account="123"), drip(0.1, on="list", times=None))),
    case("drip_for_all_accounts_off_ends", "{all_accounts: true, state: 'off', timeout: 0.8, retries: 0}", "all_off, list, OFF 123, OFF 124, OFF 125",
         {"123": "ok changed", "124": "ok changed", "125": "ok changed"}, (drip(0.1, on="control_all", apply="never"),),
         dict.fromkeys(("123", "124", "125"), "RUNNING")),
    case("everything_drips_until_the_deadline", "{account_id: '123', state: 'off', deadline: 2, timeout: 5, retries: 20}", None, UNKNOWN,
         (drip(0.1, on="any", times=None, apply="never"),), RUNNING),

    # --- floods; the bound is for the module's own process
    case("gzip_bomb_stays_packed", OFF_ONCE, "OFF 123, list", UNKNOWN, (flood(3000, "gzip", account="123"),), RUNNING, most_megabytes=150),
    case("endless_body_is_cut_off", OFF_ONCE, "OFF 123, list", UNKNOWN, (flood(account="123"),), RUNNING, most_megabytes=150),
    case("endless_list_is_cut_off", OFF_ONCE, "OFF 123, list", UNKNOWN, (cut(account="123"), flood(on="list", times=None)), RUNNING, most_megabytes=150),
    case("endless_bulk_answer_is_cut_off", "{all_accounts: true, state: 'on', retries: 0}", "all_on, list",
         dict.fromkeys(("123", "124", "125"), "unknown changed"),
         (flood(on="control_all"),), most_megabytes=150),
    case("endless_error_is_cut_off", OFF_ONCE, "OFF 123, list", UNKNOWN,
         (answer(500, text="x" * 5_000_000, account="123"),), RUNNING, most_megabytes=150),

    # --- connections
    case("connection_that_is_closed_after_each_answer", "{account_id: ['123', '124', '125'], state: 'off', concurrency: 1}", None,
         {"123": "ok changed", "124": "ok changed", "125": "ok changed"}, (close(on="control_one", times=None),),
         dict.fromkeys(("123", "124", "125"), "RUNNING")),
    case("connection_that_is_closed_after_an_answer_to_on", "{account_id: ['123', '124'], state: 'on', concurrency: 1}", None,
         {"123": "ok changed", "124": "ok changed"},
         (close(on="control_one", times=None),)),
    case("base_url_with_another_path_is_kept", "{account_id: '123', state: 'on', api_url: '{{ url }}'}", "ON 123", {"123": "ok changed"},
         (change(account="123"),),
         also=lambda result, shown, log: _exact_path(log)),
)


def _exact_path(log):
    assert [entry["path"] for entry in log] == ["/api/bookieaccount/control/123/"]
