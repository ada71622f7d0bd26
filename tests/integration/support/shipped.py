# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Core's own modules, which Ansible ships to this machine, as processes forked from one that has imported what they import.

What stands in for the interpreter hands its streams, folder and environment to a server and ends as the fork does. The module gets its options and gives
its answer as ever; its code comes from the installed files, which are what core packs, and is not compiled anew each time.
"""

from __future__ import annotations

import pathlib
import sys

_INTERPRETER = """#!{python} -IS
import _socket
import marshal
import os
import sys
umask = os.umask(0)
request = marshal.dumps({{"arguments": [], "folder": os.getcwd(), "environment": dict(os.environ), "umask": umask}})
line = _socket.socket(_socket.AF_UNIX)
line.connect({path!r})
streams = b"".join(number.to_bytes(4, sys.byteorder) for number in range(3))
line.sendmsg([len(request).to_bytes(4, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
line.sendall(request)
for stream in range(3):
    os.close(stream)
told = b""
while told.count(b"\\n") < 2:
    told += line.recv(100) or b"0\\n-9\\n"
code = int(told.split()[1])
if code < 0:
    os.kill(os.getpid(), -code)
os._exit(code)
"""
# What the modules of core that the roles use import from core.
_IMPORTED = """
ansible.module_utils.basic ansible.module_utils.common.file ansible.module_utils.common.locale ansible.module_utils.facts.system.chroot
ansible.module_utils.facts.system.service_mgr ansible.module_utils.parsing.convert_bool ansible.module_utils.service ansible.module_utils.six
ansible.module_utils.urls ansible.module_utils._internal._ansiballz._loader base64 grp platform pwd runpy ssl urllib.request zipfile zipimport
""".split()


def interpreter():
    """The path of a file that stands in for Python, and hands on the program that it is to read from its standard input."""
    from ansible_collections.bookieops.betmatic.tests.integration.support import forked

    path = forked.server("modules", __file__)
    file = pathlib.Path(path).with_name("python")
    if not file.exists():
        file.write_text(_INTERPRETER.format(python=sys.executable, path=path), encoding="utf-8")
        file.chmod(0o700)
    return str(file)


def use(interpreter):
    """Have this process, which is ansible-playbook, start core's own modules on this machine with the interpreter; all others start as ever."""
    from ansible.plugins.connection import local

    start = local.Connection.exec_command

    def exec_command(self, cmd, in_data=None, sudoable=True):
        if in_data and b"'ansible.modules." in in_data:
            cmd = cmd.replace(sys.executable + " ", interpreter + " ")
        return start(self, cmd, in_data=in_data, sudoable=sudoable)

    local.Connection.exec_command = exec_command


def _prepare():
    import contextlib
    import importlib

    # What is shipped has nothing of the controller's.
    sys.modules["ansible._internal"] = None
    for name in _IMPORTED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _become(request, streams):
    """Be the interpreter that reads its program from the standard input."""
    import types

    import forked

    forked.take_over(request, streams)
    sys.path[0] = ""
    sys.argv = [""]
    with open(0, "rb", closefd=False) as program:
        text = program.read()
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    exec(compile(text, "<stdin>", "exec", 0, True), main.__dict__)  # noqa: S102


if __name__ == "__main__":
    import forked

    _prepare()
    _work = forked.serve(sys.argv[1])
    if _work:
        _become(*_work)
