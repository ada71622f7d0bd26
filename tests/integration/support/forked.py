# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ansible's commands as processes forked from one that has imported what they import.

The child gets the environment, the folder, the streams and the session of its own that `python -m ansible` would get, and then runs ansible's own main().
Three servers fork them. `plain` has imported what ansible imports from others, and nothing of ansible that reads the environment. `usual` has imported ansible
with the settings that nearly every test has, `settings` with some of a user's besides; their child reads the settings anew, and only commands with just these
settings and no ansible.cfg go there. What files alone decide is kept by all: the definitions of ansible's settings, parsed; by those two also those of its
plugins, this collection, compiled, and the modules, packed. What they fork has core's own modules forked, too (shipped.py).

A server is no module of the collection, which ansible must be free to find: it imports its neighbours by their bare names.
"""

from __future__ import annotations

import atexit
import contextlib
import marshal
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

# What ansible-playbook imports and does not own. What is not there is left to ansible itself.
_OTHERS = """
argparse ast cmd configparser csv ctypes dataclasses decimal distutils email.message fcntl getpass glob hashlib http.client importlib.metadata
importlib.resources inspect ipaddress json locale logging multiprocessing.connection multiprocessing.popen_fork multiprocessing.queues
multiprocessing.shared_memory optparse pickle platform pty pwd random runpy secrets shlex shutil signal ssl subprocess tarfile tempfile termios textwrap
traceback tty unittest.mock urllib.request uuid xml.etree.ElementTree zipfile zipimport zoneinfo
cryptography.exceptions cryptography.hazmat.backends cryptography.hazmat.bindings._rust cryptography.hazmat.primitives.ciphers.algorithms
cryptography.hazmat.primitives.asymmetric.ec cryptography.hazmat.primitives.asymmetric.ed25519 cryptography.hazmat.primitives.asymmetric.rsa
cryptography.hazmat.primitives.kdf.pbkdf2 cryptography.hazmat.primitives.hmac cryptography.hazmat.primitives.padding
cryptography.hazmat.primitives.serialization
jinja2 jinja2.ext jinja2.nativetypes jinja2.sandbox markupsafe packaging.version packaging.specifiers requests resolvelib yaml
""".split()
# What ansible does not keep from its import: the child reads it anew.
_READ_ANEW = ("ANSIBLE_CALLBACKS_ENABLED", "ANSIBLE_HOME", "ANSIBLE_INJECT_INVOCATION", "ANSIBLE_LOCAL_TEMP", "ANSIBLE_REMOTE_TMP")
_COLLECTIONS = str(pathlib.Path(__file__).resolve().parents[6])
# What the tests set, as ansible-playbook has it at its import.
USUAL = {
    "ANSIBLE_COLLECTIONS_PATH": _COLLECTIONS,
    "ANSIBLE_LOCALHOST_WARNING": "false",
    "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    "ANSIBLE_NOCOLOR": "1",
    "ANSIBLE_PIPELINING": "true",
}
# What a user may have set, and changes how Ansible runs any role.
SETTINGS = {"ANSIBLE_STRATEGY": "free", "ANSIBLE_ANY_ERRORS_FATAL": "true", "ANSIBLE_JINJA2_NATIVE": "true"}
# What ansible is imported with, by server.
_IMPORTED_WITH = {"usual": USUAL, "settings": {**USUAL, **SETTINGS}}
# The plugins that nearly every playbook loads.
_PLUGINS = {
    "action_loader": "add_host assert copy debug fail file gather_facts group_by include_vars normal set_fact template",
    "become_loader": "sudo",
    "cache_loader": "memory",
    "callback_loader": "default junit minimal oneline tree",
    "connection_loader": "local",
    "inventory_loader": "host_list script auto yaml ini toml advanced_host_list constructed",
    "lookup_loader": "env file vars",
    "shell_loader": "sh",
    "strategy_loader": "linear",
    "vars_loader": "host_group_vars",
}
_JINJA = "filter.core filter.encryption filter.mathstuff filter.urls filter.urlsplit test.core test.files test.mathstuff test.uri".split()
_NEVER_BEFORE = ("ansible.constants", "ansible.context", "ansible.cli", "ansible.utils.display")


def can_run(environment):
    """Whether nothing in the environment decides how Python itself starts."""
    return environment.get("LANG") == "C.UTF-8" and not [name for name in environment if name.startswith(("PYTHON", "LC_", "LD_"))]


def _kind(arguments, folder, environment):
    """Which server is to fork the command."""
    settings = {name: value for name, value in environment.items() if name.startswith("ANSIBLE_") and name not in _READ_ANEW}
    files = (pathlib.Path(folder) / "ansible.cfg", pathlib.Path(environment.get("HOME", "/")) / ".ansible.cfg", pathlib.Path("/etc/ansible/ansible.cfg"))
    if arguments[0] in ("playbook", "inventory") and not any(file.exists() for file in files):
        return next((kind for kind, imported_with in _IMPORTED_WITH.items() if settings == imported_with), "plain")
    return "plain"


def start(arguments, folder, environment, stdout):
    """Start `python -m ansible` with these arguments; what it shows goes to a file."""
    with open(os.devnull, "rb") as nothing:
        return _Command(arguments, folder, environment, nothing, stdout)


def run(arguments, folder, environment, timeout):
    """Run `python -m ansible` with these arguments to its end; returns its exit code and all that it shows."""
    with tempfile.TemporaryFile() as shown:
        code = start(arguments, folder, environment, shown).wait(timeout)
        shown.seek(0)
        return code, shown.read().decode("utf-8")


class _Command:
    """One command under way: a connection over which the server says its process and then its end."""

    def __init__(self, arguments, folder, environment, stdin, stdout):
        kind = _kind(arguments, folder, environment)
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(server(kind))
        wanted = {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment), "umask": _umask()}
        if kind in _IMPORTED_WITH:
            from ansible_collections.bookieops.betmatic.tests.integration.support import shipped

            wanted["interpreter"] = shipped.interpreter()
        request = marshal.dumps(wanted)
        streams = [stream.fileno() for stream in (stdin, stdout, stdout)]
        socket.send_fds(self._line, [len(request).to_bytes(4, "big")], streams)
        self._line.sendall(request)
        self._answers = self._line.makefile("r", encoding="ascii")
        self.pid = int(self._answers.readline())
        self._code = None

    def wait(self, timeout=None):
        """Wait for its end; returns its code as subprocess does, negative for a signal. What outlasts the timeout is killed with its group."""
        if self._code is None:
            self._line.settimeout(timeout)
            try:
                self._code = int(self._answers.readline())
            except TimeoutError:
                os.killpg(self.pid, signal.SIGKILL)
                self._code = -signal.SIGKILL
                raise subprocess.TimeoutExpired("ansible", timeout) from None
            finally:
                self._answers.close()
                self._line.close()
        return self._code


def _umask():
    [line] = [line for line in pathlib.Path("/proc/self/status").read_text(encoding="ascii").splitlines() if line.startswith("Umask:")]
    return int(line.split()[1], 8)


_STARTED = {}
_STARTING = threading.Lock()


def server(kind, program=__file__):
    """The path of the socket of this process's server of a kind, which is started when it is first needed."""
    with _STARTING:
        if (os.getpid(), kind) not in _STARTED:
            folder = tempfile.mkdtemp(prefix="forked-")
            path = os.path.join(folder, "socket")
            # As every command of a test: without anything of the caller's.
            environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
            if kind in _IMPORTED_WITH:
                environment.update(_IMPORTED_WITH[kind], HOME=folder, ANSIBLE_HOME=folder, ANSIBLE_LOCAL_TEMP=os.path.join(folder, "local"))
            process = subprocess.Popen(
                [sys.executable, str(pathlib.Path(program).resolve()), path, kind], env=environment, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )
            assert process.stdout.readline() == b"ready\n", "the server of forked commands did not start"
            _STARTED[os.getpid(), kind] = path
            atexit.register(_stop, process, folder)
        return _STARTED[os.getpid(), kind]


def _stop(process, folder):
    process.stdin.close()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)


# --- the server: a process with one thread ---


def serve(path):
    """Fork for each request until the standard input ends. Returns in each child, with what it is to do."""
    import gc
    import selectors

    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    ended, wakeup = socket.socketpair()
    for end in (ended, wakeup):
        end.setblocking(False)
    signal.set_wakeup_fd(wakeup.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    waiting = {}
    selector = selectors.DefaultSelector()
    for source in (listener, ended, sys.stdin):
        selector.register(source, selectors.EVENT_READ)
    gc.freeze()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        ready = [key.fileobj for key, _events in selector.select()]
        if sys.stdin in ready:
            return None
        if ended in ready:
            with contextlib.suppress(BlockingIOError):
                ended.recv(4096)
            _tell(waiting)
        if listener in ready:
            line = listener.accept()[0]
            request, streams = _received(line)
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for inherited in (selector, listener, ended, wakeup, line, *waiting.values()):
                    inherited.close()
                return request, streams
            for stream in streams:
                os.close(stream)
            line.sendall(b"%d\n" % pid)
            waiting[pid] = line


def _received(line):
    size, streams, _flags, _address = socket.recv_fds(line, 4, 3)
    rest, request = int.from_bytes(size, "big"), b""
    while len(request) < rest:
        request += line.recv(rest - len(request))
    return marshal.loads(request), streams


def _tell(waiting):
    """Tell each end that was not told to who waits for it."""
    while waiting:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        with waiting.pop(pid) as line, contextlib.suppress(OSError):
            line.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def take_over(request, streams):
    """Have the streams, the folder and the environment of a process of its own."""
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout, sys.stderr = (open(number, mode, encoding="utf-8", closefd=False) for number, mode in enumerate("rww"))
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    sys.stderr.reconfigure(errors="backslashreplace")
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    os.umask(request["umask"])
    time.tzset()


def _become(request, streams):
    """Be what `python -m ansible` would be."""
    packed = os.path.join(os.path.dirname(sys.argv[1]), "packed")
    os.makedirs(packed, exist_ok=True)
    take_over(request, streams)
    # As with -m: the folder comes first, in place of this file's.
    sys.path[0] = os.getcwd()
    sys.argv = ["ansible", *request["arguments"]]
    if "interpreter" in request:
        _read_settings_anew()
        sys.modules["shipped"].use(request["interpreter"])
        os.symlink(packed, os.path.join(sys.modules["ansible.constants"].DEFAULT_LOCAL_TMP, "ansiballz_cache"))
    import runpy

    runpy.run_module("ansible", run_name="__main__", alter_sys=True)


def _prepare():
    """Import what ansible imports from others, and parse the definitions of its settings."""
    import importlib

    for name in _OTHERS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from ansible.config.manager import ConfigManager

    assert not [name for name in _NEVER_BEFORE if name in sys.modules], "something of ansible that reads the environment was imported"
    read = ConfigManager._read_config_yaml_file
    path = str(pathlib.Path(sys.modules["ansible.config.manager"].__file__).parent / "base.yml")
    # A process that reads them changes what it was given: one copy for a server that imports ansible itself, one for its children.
    definitions = [read(None, path), read(None, path)]
    ConfigManager._read_config_yaml_file = lambda self, file: definitions.pop() if os.fspath(file) == path and definitions else read(self, file)


def _prepare_ansible():
    """Import ansible-playbook and its usual plugins, and compile this collection."""
    import importlib

    for name in ("ansible.cli.playbook", "ansible.cli.inventory", "shipped"):
        importlib.import_module(name)
    from ansible.plugins import loader
    from ansible.utils.collection_loader import _collection_finder

    loader.init_plugin_loader()
    loader._configure_collection_loader = lambda folders=None: None
    for plugins, names in _PLUGINS.items():
        for name in names.split():
            getattr(loader, plugins).get(name, class_only=True)
    for name in _JINJA:
        importlib.import_module(f"ansible.plugins.{name}")
    # Of these alone ansible keeps instances, and would take the class for one. Without paths it looks for them anew, or group_vars would not be read.
    loader.vars_loader._plugin_instance_cache.clear()
    loader.vars_loader._paths = None
    collection = pathlib.Path(__file__).resolve().parents[3]
    compiled = {}
    for file in sorted([*collection.glob("plugins/**/*.py")]):
        source = file.read_bytes()
        compiled[str(file), source] = compile(source, str(file), "exec", 0, True)

    def known(source, filename, **how):
        text = source if isinstance(source, bytes) else source.encode()
        return compiled.get((filename, text)) or compile(source, filename, **how)

    # Ansible compiles each file of a collection in each process, and keeps nothing.
    _collection_finder.compile = known


def _read_settings_anew():
    """Have ansible's settings, and what shows its messages, as if they were imported only now."""
    import importlib

    constants, display = sys.modules["ansible.constants"], sys.modules["ansible.utils.display"]
    before = constants.config
    importlib.reload(constants)
    constants.config._plugins.update(before._plugins)
    for module in [module for name, module in sys.modules.items() if name.startswith("ansible.")]:
        if getattr(module, "config", None) is before:
            module.config = constants.config
    display.Display().__init__()


if __name__ == "__main__":
    _prepare()
    if sys.argv[2] in _IMPORTED_WITH:
        _prepare_ansible()
    _work = serve(sys.argv[1])
    if _work:
        _become(*_work)
