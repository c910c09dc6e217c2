"""A training that was done before, put together again from its final weights instead of trained."""

from dataclasses import dataclass

import numpy as np

from forecast.networks.use import named_weights, predict
from forecast.recipe import Recipe
from forecast.training.chain import Link
from forecast.training.fit import Fitted, Floats, Mask, Named, Split, apart, build_network, mean_of, set_weights_of
from forecast.training.leg import Progress


class Mismatched(Exception):
    """What was kept does not fit the panel it is said to come from."""


@dataclass(frozen=True)
class Recalled:
    """What a training left; calling it takes the place of :func:`forecast.training.fit.fit`.

    Forecasts are computed anew by the final ``weights``. Only what the networks said of past origins on their way
    (``validated``: window, horizon, quantile) is taken as it was kept, because the weights of that time are gone.
    """

    steps: int
    losses: tuple[tuple[int, float], ...]
    validated: Floats
    weights: tuple[tuple[str, Floats], ...]
    chain: tuple[Link, ...]

    def __call__(
        self, values: Floats, present: Mask, recipe: Recipe, device: str, progress: Progress, start: Named = ()
    ) -> Fitted:
        """The same as the training left it. Raises Mismatched when windows or networks are of another shape."""
        split = Split.of(values, present, recipe)
        expected = (*split.validation.base.shape, len(recipe.quantiles))
        if self.validated.shape != expected:
            raise Mismatched(f"predictions of shape {self.validated.shape} where {expected} belongs")
        networks = [build_network(recipe, member, device, start=start) for member in range(recipe.members)]
        initial = tuple(
            (f"member{member}.{name}", kept)
            for member, network in enumerate(networks)
            for name, kept in named_weights(network)
        )
        started = [predict(network, split.newest.features) for network in networks] if start else []
        try:
            for member, network in enumerate(networks):
                set_weights_of(network, self.weights, member)
        except ValueError as problem:
            raise Mismatched(str(problem)) from problem
        lasts = [predict(network, split.newest.features) for network in networks]
        predicted = mean_of(lasts)
        progress(1.0)
        return Fitted(
            steps=self.steps,
            losses=self.losses,
            validation=split.validation,
            validated=np.array(self.validated),
            newest=split.newest,
            predicted=predicted,
            started=mean_of(started) if started else predicted,
            apart=apart(lasts),
            initial_weights=initial,
            weights=self.weights,
            chain=self.chain,
        )
