"""A real Slurm on this machine: one node, two made-up GPUs, no database; root on Debian."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

LINK = Path("/etc/slurm/slurm.conf")  # the nested srun of a job step looks nowhere else
GPUS = 2
CONF = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthInfo=socket={root}/munge.socket
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={root}/state
SlurmdSpoolDir={root}/spool
SlurmctldPidFile={root}/slurmctld.pid
SlurmdPidFile={root}/slurmd.pid
SlurmctldLogFile={root}/slurmctld.log
SlurmdLogFile={root}/slurmd.log
MailProg=/bin/true
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
ReturnToService=2
KillWait=15
OverTimeLimit=0
MinJobAge=3600
SchedulerParameters=batch_sched_delay=1,bf_interval=5,sched_interval=5
SlurmdParameters=config_overrides
GresTypes=gpu
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=60000 Gres=gpu:{gpus}
PartitionName=main Nodes={host} Default=YES DefMemPerCPU=1000 MaxTime=INFINITE State=UP
"""


class Cluster(NamedTuple):
    """A running Slurm and the processes to end with it."""

    root: Path
    pids: list[Path]

    def jobs(self) -> list[dict[str, str]]:
        """Every job there was, by the fields of `scontrol show job`."""
        text = subprocess.run(["scontrol", "-o", "show", "job"], capture_output=True, text=True, check=True).stdout
        lines = [line for line in text.splitlines() if line.startswith("JobId=")]
        return [dict(part.partition("=")[::2] for part in line.split(" ") if "=" in part) for line in lines]


def start(root: Path) -> Cluster:
    """Starts munged, slurmctld and slurmd under `root` and waits for an idle node."""
    if LINK.is_symlink() and (not LINK.exists() or "ClusterName=test\n" in LINK.read_text()):
        stop(under(LINK.readlink().parent))  # what a killed run of these tests left
    assert not LINK.exists(), f"{LINK}: found a Slurm of this machine's own; the tests leave it alone"
    for name in ("state", "spool"):
        (root / name).mkdir()
    root.chmod(0o700)
    host = socket.gethostname().split(".")[0]
    facts = {"host": host, "root": root, "ports": free_ports(2), "cpus": max(4, os.cpu_count() or 1), "gpus": GPUS}
    (root / "slurm.conf").write_text(CONF.format(**facts))
    (root / "gres.conf").write_text("Name=gpu File=/dev/null\nName=gpu File=/dev/zero\n")  # Count=2 alone is refused
    LINK.parent.mkdir(exist_ok=True)
    LINK.symlink_to(root / "slurm.conf")
    cluster = under(root)
    try:
        start_munge(root)
        for daemon in ("slurmctld", "slurmd"):
            subprocess.run([daemon, "-c", "-f", str(root / "slurm.conf")], check=True)
        wait_for_the_node()
    except BaseException:
        stop(cluster)
        raise
    return cluster


def under(root: Path) -> Cluster:
    return Cluster(root, [root / f"{name}.pid" for name in ("slurmd", "slurmctld", "munged")])


def start_munge(root: Path) -> None:
    key = root / "munge.key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o400)
    files = {"key-file": key, "socket": root / "munge.socket", "pid-file": root / "munged.pid"}
    files |= {"log-file": root / "munged.log", "seed-file": root / "munged.seed"}
    subprocess.run(["munged", "--force", *(f"--{name}={path}" for name, path in files.items())], check=True)


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_for_the_node() -> None:
    for _ in range(60):
        state = subprocess.run(["sinfo", "-h", "-o", "%T"], capture_output=True, text=True, check=False).stdout.strip()
        if state == "idle":
            return
        time.sleep(0.5)
    raise RuntimeError(f"the node is {state or 'not there'} after 30 s")


def stop(cluster: Cluster) -> None:
    """Ends every process by its pid and takes the link away."""
    subprocess.run(["scancel", "--user", "root"], check=False, capture_output=True)
    for path in cluster.pids:
        if runs(path):
            os.kill(int(path.read_text()), signal.SIGTERM)
    for path in cluster.pids:
        for _ in range(40):
            if not runs(path):
                break
            time.sleep(0.25)
    LINK.unlink(missing_ok=True)
    shutil.rmtree(cluster.root / "spool", ignore_errors=True)


def runs(path: Path) -> bool:
    """Whether the process of this pid file is there, and is still what the file is named after."""
    try:
        return Path("/proc", path.read_text().strip(), "comm").read_text().strip() == path.stem
    except OSError:
        return False
