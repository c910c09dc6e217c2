"""One thread for torch: on a busy machine its second thread only waits for the first."""

import torch

torch.set_num_threads(1)
