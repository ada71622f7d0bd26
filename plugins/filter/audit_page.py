# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The audit trail as a page."""

from __future__ import annotations

DOCUMENTATION = r"""
name: audit_page
short_description: Render an audit trail into one HTML page
version_added: 1.0.0
author:
  - BookieOps contributors (@bookieops)
description:
  - Reads the file that the callback P(bookieops.betmatic.bookie_audit#callback) writes, and those that rotation left beside it, such as C(trail.1) and
    C(trail-20261121.gz). Returns a page that needs nothing beside itself.
  - The figures count all entries of the period. The newest entries are listed, 5000 at most, and the page says what was left out.
  - Tasks that began and left no result are shown as not known.
  - The same trail gives the same page.
  - Lines that cannot be read are counted, and the page says where they are.
options:
  _input:
    description: The path of the trail, on the control node.
    type: path
    required: true
  since:
    description: Only entries from this time on. A day such as V(2026-11-21) (it begins at midnight UTC), or a time as in RFC 3339 with its offset.
    type: str
  until:
    description: Only entries before this time, or up to the end of this day.
    type: str
"""

EXAMPLES = r"""
- name: Write the page; the playbook bookieops.betmatic.audit_page does the same
  ansible.builtin.copy:
    content: >-
      {{ '~/.ansible/bookie_audit.jsonl'
      | bookieops.betmatic.audit_page(since='2026-11-01') }}
    dest: ./audit.html
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The page.
  type: str
"""

from ansible.errors import AnsibleFilterError


def audit_page(path, since=None, until=None):
    """Return the page; raises AnsibleFilterError where there is no trail, or a bound is not a time."""
    # Core loads every filter of the collection in each task's process: only one that is used may cost anything.
    from ..module_utils._errors import InputError
    from ..plugin_utils._audit import digest, files, moments, page

    if not isinstance(path, str) or not path.strip():
        raise AnsibleFilterError(f"audit_page: the path of the trail is {path!a}: name a file.")
    try:
        first = moments.read_bound(str(since), "bookie_audit_from", last=False) if since else None
        last = moments.read_bound(str(until), "bookie_audit_until", last=True) if until else None
        if first and last and first >= last:
            raise InputError(f"bookie_audit_from ({since}) is not before bookie_audit_until ({until})")
        told = digest.digest(files.read(files.find(path)), digest.Period(first, last))
    except InputError as error:
        raise AnsibleFilterError(f"audit_page: {error}.") from None
    return page.render(told, bool(first or last))


class FilterModule:
    """Names the filter for Ansible."""

    def filters(self):
        return {"audit_page": audit_page}
