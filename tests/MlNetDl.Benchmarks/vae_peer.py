"""The peer of `vae`: a training step of a VAE 784-400-400-20 in PyTorch. Usage: python3 vae_peer.py SECONDS vae:train:BATCH"""
import os
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(int(os.environ.get("NT", "1")))
torch.manual_seed(1)


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 400), nn.ReLU())
        self.mean, self.log_variance = nn.Linear(400, 20), nn.Linear(400, 20)
        self.decoder = nn.Sequential(
            nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 400), nn.ReLU(), nn.Linear(400, 784))

    def forward(self, x):
        h = self.body(x)
        mean, log_variance = self.mean(h), self.log_variance(h)
        return self.decoder(mean + (0.5 * log_variance).exp() * torch.randn_like(mean)), mean, log_variance


seconds, batch = float(sys.argv[1]), int(sys.argv[2].split(":")[2])
model = Vae()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
rows = (torch.rand(batch, 784) < 0.2).float()


def step():
    optimizer.zero_grad()
    made, mean, log_variance = model(rows)
    reconstruction = functional.binary_cross_entropy_with_logits(made, rows, reduction="sum") / batch
    divergence = 0.5 * (mean.pow(2) + log_variance.exp() - log_variance - 1).sum() / batch
    loss = reconstruction + divergence
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(10):
    step()

times, start = [], time.perf_counter()
while time.perf_counter() - start < seconds:
    before = time.perf_counter()
    step()
    times.append((time.perf_counter() - before) * 1000)

print("med_ms", statistics.median(times))
