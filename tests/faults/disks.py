"""A small disk that can be filled to the last byte, with or without the right to mount one."""

import os
import resource
import shutil
import subprocess
from contextlib import contextmanager, suppress

from tests.faults.houses import descendants

MIB = 1024 * 1024
PIECE = b"\1" * 4096


class SmallDisk:
    """A file system of its own in memory."""

    def __init__(self, path):
        self.path, self.ballast = path, path / "ballast"

    def fill(self, house, leave=0):
        """Fill it up to so many bytes."""
        with suppress(OSError), self.ballast.open("ab") as ballast:
            while self.free() > leave:
                ballast.write(PIECE)
                ballast.flush()

    def free(self):
        """Return the bytes that are left."""
        room = os.statvfs(self.path)
        return room.f_frsize * room.f_bavail

    def clear(self, house):
        """Make room again."""
        self.ballast.unlink()


class SmallFiles:
    """Where nothing may be mounted: no file of the house may grow any more."""

    def __init__(self, path):
        self.path = path

    def fill(self, house, leave=0):
        """Forbid every process of the house to write beyond where it may be now."""
        self._limit(house, MIB // 4)

    def clear(self, house):
        """Allow it again."""
        self._limit(house, resource.RLIM_INFINITY)

    def _limit(self, house, most):
        for pid in descendants(house.process.pid):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))


@contextmanager
def small_disk(path, mib):
    """Give a folder that holds so little."""
    path.mkdir(parents=True)
    mount, umount = shutil.which("mount"), shutil.which("umount")
    words = [mount, "-t", "tmpfs", "-o", f"size={mib}m", "none", str(path)] if mount else ["false"]
    mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0  # noqa: S603
    try:
        yield SmallDisk(path) if mounted else SmallFiles(path)
    finally:
        if mounted:
            subprocess.run([umount, "-l", str(path)], check=True)  # noqa: S603
