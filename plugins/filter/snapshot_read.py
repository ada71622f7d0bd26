# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The snapshot that a file holds."""

from __future__ import annotations

DOCUMENTATION = r"""
name: snapshot_read
short_description: The snapshot of a maintenance, from its file's text
version_added: 1.0.0
description:
  - Fails when the text is not a valid snapshot, or is one for other accounts, of another service or of a run that is under way, or an old one.
  - The snapshot is then this run's.
author:
  - BookieOps contributors (@bookieops)
positional: _input, path, choice, now, max_hours, api_url, listed
options:
  _input:
    description: The text.
    type: str
    required: true
  path:
    description: The file's path, for the message.
    type: str
    required: true
  choice:
    description:
      - The accounts of this run, C(account_ids), or C(all_accounts).
      - If not set, the snapshot may be for any accounts.
    type: dict
  now:
    description: The time, such as V(2026-11-21T03:00:00Z). If not set, the snapshot may be of any age.
    type: str
  max_hours:
    description: How many hours before O(now) it may have been taken.
    type: float
    default: 24
  api_url:
    description: The service of this run. If not set, the snapshot may be of any service.
    type: str
  listed:
    description: The ids of the token's accounts, among which those that ran must be. If not set, any may have run.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Show what ran before a maintenance that was interrupted
  ansible.builtin.debug:
    msg: "{{ (lookup('ansible.builtin.file', file) | bookieops.betmatic.snapshot_read(file)).ran }}"
  vars:
    file: "{{ '~/.local/state/bookieops/maintenance.json' | expanduser }}"
  when: file is file
"""

RETURN = r"""
_value:
  description: The snapshot.
  type: dict
  sample:
    {all_accounts: false, account_ids: ["123", "124"], ran: ["123"], taken: "2026-11-21T03:00:00Z", api_url: "https://betmatic.app/api", process: "ops 4711 98"}
"""

from dataclasses import replace

from ansible.errors import AnsibleFilterError


def snapshot_read(text, path, choice=None, now=None, max_hours=24, api_url=None, listed=None):
    """Return the snapshot as a dict."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..module_utils._errors import InputError
    from ..plugin_utils._runbooks import maintenance, processes

    process = processes.of_this_run()
    try:
        snapshot = maintenance.read(text, path)
        maintenance.require_ended(snapshot, process, processes.still_runs(snapshot.process), path)
        if choice:
            maintenance.require_same(snapshot, maintenance.Choice(tuple(choice["account_ids"]), choice["all_accounts"]), path)
        if now:
            maintenance.require_recent(snapshot, now, float(max_hours), path)
        if api_url:
            maintenance.require_service(snapshot, api_url, path)
        if listed is not None:
            maintenance.require_listed(snapshot, listed, path)
    except InputError as error:
        raise AnsibleFilterError(str(error)) from error
    return replace(snapshot, process=process).as_dict()


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"snapshot_read": snapshot_read}
