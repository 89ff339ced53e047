"""Start the parts in order, say when they are ready, keep them alive, stop them together."""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tongxin.cli import gettext
from tongxin.database import EmbeddedServer, Server
from tongxin.refusal import Refusal, noop
from tongxin.runner import front, health
from tongxin.runner.children import Child, rotate
from tongxin.runner.plan import Plan, caddy, nginx, require_granian
from tongxin.runner.preparation import is_unchanged, open_database

PREPARE = "from tongxin.runner import preparation; preparation.main()"
LOOK_EVERY_S = 0.1
SILENCE_S = 15.0
LATE = {"worker", "second worker"}
"""The parts that start when the address answers: nobody waits for them. There are two, so that
an alert does not wait for a release that is being built."""

HOPELESS = 4
"""So many failures in a row before the first success, and starting is given up."""


class NotPrepared(Refusal):
    """Tables or first figures could not be made."""

    says = noop("Tongxin could not prepare its database:\n{words}\nThe whole log: {log}")


class KeepsFailing(Refusal):
    """A part of Tongxin ends as soon as it is started."""

    says = noop("The {name} of Tongxin ends as soon as it starts:\n{words}\nThe whole log: {log}")


class Supervisor:
    """One run of Tongxin from its first process to its last."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.logs = plan.home / "logs"
        self.ready = False
        self.told_at = time.monotonic()
        self.children: list[Child] = []

    def run(self) -> None:
        """Work until interrupted; whatever happens, leave nothing running."""
        with contextlib.ExitStack() as stack:
            folder = Path(tempfile.mkdtemp(prefix="tongxin-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            server = stack.enter_context(open_database(self.plan.home))
            self.logs.mkdir(exist_ok=True)
            if not is_unchanged(self.plan.home, server):
                self._prepare()
            stack.callback(self._stop)
            self.children = self._parts(folder)
            self._watch(server)

    def _prepare(self) -> None:
        """Tables and first figures, in a process of their own."""
        task = self._child("prepare", [sys.executable, "-c", PREPARE])
        task.log.unlink(missing_ok=True)
        task.start()
        try:
            while task.process and (code := task.ended_within(SILENCE_S)) is None:
                text = gettext(
                    "Still preparing (tables, places, figures, release); "
                    "a first start takes a minute or two. Log: {log}"
                )
                _say(text.format(log=task.log))
            if code:
                raise NotPrepared(words=task.last_words(), log=task.log)
        finally:
            task.stop()

    def _parts(self, folder: Path) -> list[Child]:
        """Web server, application and worker, in the order they start."""
        require_granian()
        wire = folder / "app.sock"
        application = [sys.executable, "-m", "tongxin.runner.application", str(wire)]
        return [
            self._web_server(wire),
            self._child("application", application, wire),
            *(
                self._child(name, [sys.executable, "-m", "tongxin", "worker", "--name", name])
                for name in sorted(LATE, reverse=True)
            ),
        ]

    def _web_server(self, wire: Path) -> Child:
        """nginx, or Caddy where certificates are to be managed or there is no nginx."""
        behind_proxy = bool(os.environ.get("TONGXIN_BEHIND_PROXY"))
        program = None if self.plan.encryption.is_managed else nginx()
        if program is None:
            text = front.caddyfile(self.plan, socket=wire, behind_proxy=behind_proxy)
            settings = self.plan.home / "Caddyfile"
            command = [str(caddy()), "run", "--adapter", "caddyfile", "--config", str(settings)]
        else:
            is_root = os.geteuid() == 0
            text = front.own_nginx(
                self.plan, socket=wire, behind_proxy=behind_proxy, is_root=is_root
            )
            folder = self.plan.home / "nginx"
            folder.mkdir(mode=0o700, exist_ok=True)
            settings = folder / "nginx.conf"
            command = [str(program), "-p", f"{folder}/", "-c", str(settings), "-e", "stderr"]
        settings.write_text(text, encoding="utf-8")
        child = self._child("web server", command)
        child.farewell = signal.SIGTERM if program is None else signal.SIGQUIT
        return child

    def _child(self, name: str, command: list[str], leaves: Path | None = None) -> Child:
        log = self.logs / f"{name.replace(' ', '-')}.log"
        return Child(name, command, self.plan.environment(), log, leaves)

    def _watch(self, server: Server) -> None:
        """Tend the parts for ever; say once that the address answers."""
        rounds = 0
        while True:
            for child in self.children:
                if self.ready or child.name not in LATE:
                    self._tend(child)
            if not self.ready and self._answers():
                self.ready = True
                self._announce()
            if rounds % 10 == 0:
                self._tend_database(server)
            if rounds % 600 == 0:
                for log in [*(child.log for child in self.children), self.logs / "access.log"]:
                    rotate(log)
            rounds += 1
            time.sleep(LOOK_EVERY_S)

    def _tend(self, child: Child) -> None:
        code = child.tend()
        if code is None:
            return
        if not self.ready and child.failures >= HOPELESS:
            raise KeepsFailing(name=child.name, words=child.last_words(), log=child.log)
        _say(
            gettext("The {name} ended with code {code}; it starts again. Log: {log}").format(
                name=child.name, code=code, log=child.log
            )
        )

    def _tend_database(self, server: Server) -> None:
        """Bring a killed database back; the parts reconnect, or restart if its port changed."""
        if not isinstance(server, EmbeddedServer) or server.is_alive():
            return
        _say(gettext("The database ended; it starts again."))
        before = server.address
        server.revive()
        if server.address != before:
            for child in self.children:
                child.stop()

    def _answers(self) -> bool:
        """Whether /healthz says, through the web server, that all is well."""
        awaited = health.awaited(self.plan)
        if awaited and time.monotonic() - self.told_at > SILENCE_S:
            self.told_at = time.monotonic()
            text = gettext("Not ready yet: {awaited} Logs: {logs}")
            _say(text.format(awaited=awaited, logs=self.logs))
        return not awaited

    def _announce(self) -> None:
        # Programs wait for this line, so it is the same in every language.
        print(f"Tongxin is ready at {self.plan.url}", flush=True)
        if self.plan.mode == "development":
            text = gettext("Sign in as one of the cast: {url}")
            print(text.format(url=f"{self.plan.url}dev/sign-in/"), flush=True)
        else:
            self._advise()

    def _advise(self) -> None:
        """What an operator should know about a run that is not a developer's."""
        if not os.environ.get("ALLOWED_HOSTS"):
            text = gettext("Answers to these names only (ALLOWED_HOSTS): {names}")
            _say(text.format(names=", ".join(self.plan.names)))
        if not os.environ.get("PUBLIC_URL"):
            text = gettext("PUBLIC_URL is not set: feeds, cards and links will name {url}")
            _say(text.format(url=self.plan.url))

    def _stop(self) -> None:
        """The web server first, so that nobody is cut off; then the application and worker."""
        for child in self.children:
            child.stop()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
