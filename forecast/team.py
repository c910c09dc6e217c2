"""The workers that ``torchrun`` starts, on one machine or several. Needs only torch.

All draw the same batches and compute a part of the rows each; gradients meet on one exact grid, so any number of
workers gives the same bits. Processors talk over gloo; GPUs over NCCL where each worker of a machine has its own.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NoReturn

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.distributed_c10d import PrefixStore, Store
from torch.distributed.rendezvous import rendezvous

from forecast.arithmetic.workers import ALONE, Workers

_PATIENCE = timedelta(days=1)  # the first worker may have to wait for another run


class WorkerLost(Exception):
    """Another worker ended, so this one cannot go on."""


class Team:
    """One worker's view of all. Raises WorkerLost from every exchange that another one left."""

    def __init__(self, rank: int, size: int, on_gpu: bool) -> None:
        self.rank, self.size, self.on_gpu = rank, size, on_gpu
        self._batch = self._mine = 0

    def share(self, batch: int) -> slice:
        """An even part of the rows. Raises ValueError when there are fewer rows than workers."""
        if batch < self.size:
            raise ValueError(f"{self.size} workers cannot share batches of {batch} rows")
        start, stop = batch * self.rank // self.size, batch * (self.rank + 1) // self.size
        self._batch, self._mine = batch, stop - start
        return slice(start, stop)

    def rows(self, mine: int) -> int:
        """Each row of the batch may have become several (one a time step), for all workers alike."""
        return mine // self._mine * self._batch

    def maximum(self, largest: Tensor) -> Tensor:
        """Of magnitudes, compared as integers: the order is the same, and NaN comes out on top."""
        return self._together(largest.view(torch.int64), dist.ReduceOp.MAX).view(torch.float64)

    def total(self, values: Tensor) -> Tensor:
        """Exact in any order, because all parts lie on one grid; ``-0.0`` becomes ``0.0``."""
        return self._together(values, dist.ReduceOp.SUM).add_(0.0)

    def _together(self, values: Tensor, how: dist.ReduceOp.RedOpType) -> Tensor:
        exchanged = values.clone() if self.on_gpu else values.to("cpu", copy=True)
        _or_lost(lambda: dist.all_reduce(exchanged, how))
        return exchanged.to(values.device)

    def send(self, message: bytes) -> None:
        """From the first worker to all others, who must :meth:`receive`."""
        body = torch.frombuffer(bytearray(message), dtype=torch.uint8) if message else torch.empty(0, dtype=torch.uint8)
        _or_lost(lambda: dist.broadcast(torch.tensor([len(message)]), 0))
        if message:
            _or_lost(lambda: dist.broadcast(body, 0))

    def receive(self) -> bytes:
        """What the first worker sent."""
        length = torch.zeros(1, dtype=torch.int64)
        _or_lost(lambda: dist.broadcast(length, 0))
        body = torch.empty(int(length), dtype=torch.uint8)
        if len(body):
            _or_lost(lambda: dist.broadcast(body, 0))
        return body.numpy().tobytes()


def _or_lost(exchange: Callable[[], object]) -> None:
    try:
        exchange()
    except RuntimeError as problem:
        raise WorkerLost(str(problem)) from problem


def local_rank() -> int:
    """This worker's number on its machine; 0 outside of ``torchrun``."""
    return int(os.environ.get("LOCAL_RANK", "0"))


def leave(code: int) -> NoReturn:
    """End this process with an exit code.

    Under ``torchrun`` at once, when all is written: a thread of the exchange may still let go of a tensor, and would
    abort an interpreter that is being taken down (github.com/pytorch/pytorch/pull/179291).
    """
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        sys.exit(code)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _of_this_start(store: Store) -> Store:
    """Workers that were started again may meet in the store of the first start, where the addresses of the dead are."""
    return PrefixStore(f"start{os.environ.get('TORCHELASTIC_RESTART_COUNT', '0')}", store)


@contextmanager
def team(device: str) -> Iterator[Workers]:
    """All workers of this launch while inside; one alone outside of ``torchrun``. ``device`` is this worker's."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield ALONE
        return
    on_gpu = device.startswith("cuda") and int(os.environ["LOCAL_WORLD_SIZE"]) <= torch.cuda.device_count()
    if on_gpu:
        torch.cuda.set_device(device)
    backend = "cpu:gloo,cuda:nccl" if on_gpu else "gloo"
    store, rank, size = next(rendezvous("env://", timeout=_PATIENCE))
    dist.init_process_group(backend, store=_of_this_start(store), rank=rank, world_size=size, timeout=_PATIENCE)
    try:
        yield Team(dist.get_rank(), dist.get_world_size(), on_gpu)
    finally:
        dist.destroy_process_group()
