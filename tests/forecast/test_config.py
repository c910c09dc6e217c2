import pytest
from pydantic import ValidationError

from forecast.config import ConfigFromSettings, ForecastConfig


def test_equal_configurations_have_one_spelling_and_any_change_another() -> None:
    assert ForecastConfig(seed=1).digest == ForecastConfig.model_validate_json('{"seed": 1}').digest
    assert ForecastConfig(seed=1).digest != ForecastConfig(seed=2).digest


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"quantiles": (0.1, 0.9)}, "0.5 in the middle"),
        ({"quantiles": (0.9, 0.5, 0.1)}, "must rise"),
        ({"steps": 50, "check_every": 20}, "multiple of check_every"),
        ({"horizon": 0}, "greater than or equal to 1"),
        ({"wings": 2}, "wings"),
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        ForecastConfig.model_validate(wrong)


def test_settings_change_the_configuration_and_what_is_said_outright_goes_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCORECAST_FORECAST_STEPS", "100")
    monkeypatch.setenv("SCORECAST_FORECAST_SEED", "5")
    monkeypatch.setenv("SCORECAST_FORECAST_QUANTILES", "[0.1, 0.5, 0.9]")

    config = ConfigFromSettings.model_validate({"seed": 7}).plain()

    assert config == ForecastConfig(steps=100, seed=7, quantiles=(0.1, 0.5, 0.9))
    assert type(config) is ForecastConfig


def test_without_settings_it_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ForecastConfig.model_fields:
        monkeypatch.delenv(f"SCORECAST_FORECAST_{name.upper()}", raising=False)

    assert ConfigFromSettings().plain() == ForecastConfig()
