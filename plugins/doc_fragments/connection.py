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
      - If neither this nor O(api_token_file) is set, E(BETMATIC_API_TOKEN) or E(BETMATIC_API_TOKEN_FILE) in the environment of the process that runs
        the module is used. With C(become), or on another host, that is not the environment that C(ansible-playbook) was given.
      - Do not put the token into C(environment:) of a task or play. It is shown there in process lists and at high verbosity.
    type: str
  api_token_file:
    description:
      - A file with the API token, used in place of O(api_token). Give its full path, on the host where the module runs. C(~) is the home folder.
      - It is read at each use, so that a renewed token counts from the next task on.
      - It holds the token alone, or settings with one line C(BETMATIC_API_TOKEN=...). It must be a regular file, and not encrypted.
      - Whoever can read it can control every bot of the token. Give it the mode V(0600). The mode is not checked, as containers mount secrets otherwise.
      - If neither this nor O(api_token) is set, E(BETMATIC_API_TOKEN) or E(BETMATIC_API_TOKEN_FILE) is used. To have both as options, or both in the
        environment alone, is an error. An option beats the environment.
    type: path
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
  holds_path:
    description:
      - The folder of the holds, which keep bots off. A folder that is missing holds nothing, one that cannot be read holds every account.
      - Where an ON finds no folder at a path that is named here or in the environment, the task warns. It makes the folder, with a
        file C(.made_by_an_on) in it, and each ON warns while that file is there and no hold was ever placed there. Placing a hold removes it.
      - Several controllers share one by naming the same folder on shared storage.
      - If not set, the environment variable E(BETMATIC_HOLDS) is used.
      - On the control node both are those of the user of C(ansible-playbook), also with C(become). Over another connection they are those of the module's user.
    type: path
    default: ~/.local/state/bookieops/holds
requirements:
  - requests >= 2.32.4
"""

    # What plugins add: they have no argument spec that could read the environment.
    PLUGIN = r"""
options:
  api_token:
    env:
      - name: BETMATIC_API_TOKEN
  api_token_file:
    env:
      - name: BETMATIC_API_TOKEN_FILE
  api_url:
    env:
      - name: BETMATIC_API_URL
  timeout:
    env:
      - name: BETMATIC_TIMEOUT
  holds_path:
    env:
      - name: BETMATIC_HOLDS
"""
