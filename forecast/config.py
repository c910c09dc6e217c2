"""Everything a run can be told, in one frozen object."""

import json
from dataclasses import fields
from hashlib import sha256
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from forecast.recipe import Family, NumericsName, Recipe


class ForecastConfig(BaseModel):
    """One configuration. Together with the inputs, the code and the kind of device it determines a run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    numerics: NumericsName = Field(
        default="order_free",
        description="order_free: the same bytes on every machine; standard: torch's own layers in float64, repeatable "
        "on one class of machine",
    )
    family: Family = Field(
        default="mlp", description="perceptron, temporal convolution, gated recurrent unit or Transformer"
    )
    seed: int = Field(default=20260101, ge=0, lt=2**63)
    horizon: int = Field(default=8, ge=1, le=20, description="quarters ahead")
    context: int = Field(default=40, ge=4, le=40, description="quarters the network sees")
    width: int = Field(default=128, ge=4, le=1024, description="hidden units of a block")
    blocks: int = Field(default=4, ge=1, le=8)
    start: str = Field(default="", description="SHA-256 of the pretrained weights to begin from; empty: drawn ones")
    members: int = Field(default=4, ge=1, le=16, description="networks that differ by seed and are averaged")
    steps: int = Field(default=60, ge=1, le=100_000, description="most optimiser steps of a member")
    check_every: int = Field(default=20, ge=1, description="steps between looks at the validation origins")
    batch: int = Field(default=128, ge=1)
    learning_rate: float = Field(default=0.0001, gt=0)
    validation_origins: int = Field(default=8, ge=1, description="newest origins kept out to judge and to calibrate")
    quantiles: tuple[float, ...] = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
    samples: int = Field(default=400, ge=20, le=10_000, description="joint sample paths")

    @model_validator(mode="after")
    def _symmetric_quantiles(self) -> Self:
        levels = self.quantiles
        if list(levels) != sorted(set(levels)) or len(levels) % 2 == 0 or levels[len(levels) // 2] != 0.5:
            raise ValueError("quantiles must rise and have 0.5 in the middle")
        return self

    @model_validator(mode="after")
    def _last_step_is_looked_at(self) -> Self:
        if self.steps % self.check_every:
            raise ValueError(f"steps ({self.steps}) must be a multiple of check_every ({self.check_every})")
        return self

    @property
    def recipe(self) -> Recipe:
        """The part that training needs."""
        return Recipe(**{field.name: getattr(self, field.name) for field in fields(Recipe)})

    @property
    def canonical(self) -> str:
        """The one JSON spelling of this configuration."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical spelling."""
        return sha256(self.canonical.encode()).hexdigest()


class ConfigFromSettings(BaseSettings, ForecastConfig):
    """The configuration with what the settings say: ``SCORECAST_FORECAST_STEPS`` and so on for every field."""

    model_config = SettingsConfigDict(
        env_prefix="SCORECAST_FORECAST_", env_file="scorecast.env", extra="ignore", frozen=True
    )

    def plain(self) -> ForecastConfig:
        """The same without a memory of where it came from."""
        return ForecastConfig.model_validate(self.model_dump())
