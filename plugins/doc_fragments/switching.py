# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation of the switch: the hold that it places or passes, and where its work is done."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation shared by extends_documentation_fragment."""

    DOCUMENTATION = r"""
options:
  hold:
    description:
      - With OFF alone, place a hold of this name over the accounts of the task, so that no ON goes to them until somebody lifts it.
      - It is written in the background as soon as the first OFF is under way, and never keeps an OFF back. When no ON that asked before can be under way
        any more, OFF is sent once more to every account, and the proof is taken after that.
      - Where it cannot be written the task fails at the end, and RV(msg) begins with C(NO HOLD stands).
      - Where it was not placed in time for the second OFF, the task fails and reports no account as off. Run it again. The task may wait for the folder,
        or for an ON of another run, for up to 12 seconds beyond O(deadline).
      - A value that is null, or not a valid name, keeps no OFF back. The task fails in the end with C(NO HOLD stands).
        In a task that switches anything on, null counts as not given.
      - Where the folder does not answer in time, RV(msg) says that it is C(NOT KNOWN) whether the hold stands. See M(bookieops.betmatic.bookie_hold_info).
      - A hold of the same name, accounts and service that stands already, and has no end, is found, and no other one is placed. One that remembers what
        ran is never taken for it.
    type: str
  override_hold:
    description:
      - The id of one hold that the ONs of this task pass.
      - One that remembers what ran (O(bookieops.betmatic.bookie_hold#module:remember)) is passed only while this run of Ansible works under it. Each ON
        looks. Check mode does not.
    type: str
notes:
  - On the control node itself the work is done in Ansible's own process. Not so with C(become), C(async), C(environment), another interpreter, another
    connection, on macOS, with C(ANSIBLE_KEEP_REMOTE_FILES), and with the variable C(bookie_in_process) or C(BETMATIC_IN_PROCESS) set to V(false). At C(-vvv)
    a line says why.
  - The task keyword C(timeout) ends the task and returns every account, where the work is done in Ansible's own process. Elsewhere it reports a failure
    while the module goes on sending, as a short C(async) does. Use O(deadline).
  - When C(ansible-playbook) is killed, no further ON is sent, and an OFF goes on to its end. On Linux alone.
"""
