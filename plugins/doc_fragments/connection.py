# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The connection options, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """Options that every module of the collection has."""

    DOCUMENTATION = r"""
options:
  api_token:
    description:
      - The API token. White space around it is removed.
      - If not set, the environment variable E(BETMATIC_API_TOKEN) of the process that runs the module is used.
      - Do not put the token into C(environment:) of a task or play. It is shown there in process lists and at high verbosity.
    type: str
  api_url:
    description:
      - Base URL of the API.
      - Must be C(https). C(http) is accepted for C(127.0.0.1), C(::1) and C(localhost), and is then sent past every proxy.
      - If not set, the environment variable E(BETMATIC_API_URL) is used.
    type: str
    default: https://betmatic.app/api
  timeout:
    description:
      - Seconds for one attempt, from connect to the last byte of the answer.
      - If not set, the environment variable E(BETMATIC_TIMEOUT) is used.
    type: float
    default: 10.0
  retries:
    description:
      - How many further attempts of a request may follow the first one, from 0 to 20.
    type: int
    default: 2
  validate_certs:
    description:
      - Whether the certificate of the service must be valid.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder of CA certificates to trust in place of the usual ones.
      - If not set, E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) are used where they are set.
    type: path
requirements:
  - requests >= 2.32.4
"""

    # What plugins add: they have no argument spec that could read the environment.
    PLUGIN = r"""
options:
  api_token:
    env:
      - name: BETMATIC_API_TOKEN
  api_url:
    env:
      - name: BETMATIC_API_URL
  timeout:
    env:
      - name: BETMATIC_TIMEOUT
"""
