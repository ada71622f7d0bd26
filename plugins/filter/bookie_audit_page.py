# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The audit trail as a page."""

from __future__ import annotations

DOCUMENTATION = r"""
name: bookie_audit_page
short_description: Render an audit trail into one HTML page
version_added: 1.0.0
author:
  - BookieOps contributors (@bookieops)
description:
  - Takes the text that the callback P(bookieops.betmatic.bookie_audit#callback) has written, and returns a page that needs nothing beside itself.
  - The same trail gives the same page.
  - Lines that cannot be read are counted, and the page says which they are.
options:
  _input:
    description: The text of the trail, one JSON object a line.
    type: str
    required: true
  style:
    description: The style sheet that is put into the page.
    type: str
    required: true
  script:
    description: The script that is put into the page.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Write the page by hand; the playbook bookieops.betmatic.audit_page does the same
  ansible.builtin.copy:
    content: >-
      {{ lookup('ansible.builtin.file', '~/.ansible/bookie_audit.jsonl')
      | bookieops.betmatic.bookie_audit_page(style='table {border-spacing: 1em}', script='') }}
    dest: ./audit.html
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The page.
  type: str
"""

from ansible.errors import AnsibleFilterError

from ..plugin_utils._audit import page, trail


def bookie_audit_page(text, style, script):
    """Return the page; raises AnsibleFilterError when one of the three is no text."""
    for name, value in (("The trail", text), ("style", style), ("script", script)):
        if not isinstance(value, str):
            raise AnsibleFilterError(f"bookie_audit_page: {name} is {type(value).__name__}, not text")
    return page.render(trail.read(text), style, script)


class FilterModule:
    """The filters of this file."""

    def filters(self):
        """Return the filter by name."""
        return {"bookie_audit_page": bookie_audit_page}
