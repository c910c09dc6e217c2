"""Settings from environment variables (prefix ``SCORECAST_``) and one settings file."""

import locale
import os
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kpi.errors import refuse
from kpi.periods import FiscalCalendar
from kpi.text import Language

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


def language_of_the_system() -> Language:
    """Chinese where the system's locale is, English anywhere else."""
    tag = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "zh" if tag.lower().startswith("zh") else "en"


class NotifySettings(BaseModel):
    """Where a run's end is told. No channel without ``smtp_host`` or ``webhook``; secrets are never settings.

    The password of the mail account is in the environment variable ``SCORECAST_SMTP_PASSWORD``, the secret that signs
    what the webhook gets in ``SCORECAST_WEBHOOK_SECRET``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    smtp_host: str = Field(default="", description="mail server; empty: no mail")
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "ssl", "none"] = "starttls"
    smtp_user: str = Field(default="", description="account on the mail server; empty: none needed")
    sender: str = ""
    recipients: str = Field(default="", description="addresses, separated by commas")
    webhook: str = Field(default="", description="https address that takes a JSON document; empty: none")
    site: str = Field(default="", max_length=500, description="address of the dashboard, for links")
    timeout: float = Field(default=15.0, gt=0, le=300, description="seconds to wait for a server at each step")

    @property
    def addresses(self) -> tuple[str, ...]:
        """Who gets mail."""
        return tuple(address for part in self.recipients.split(",") if (address := part.strip()))

    @model_validator(mode="after")
    def _mail_can_go_out(self) -> Self:
        if self.smtp_host and not (self.sender and self.addresses):
            raise ValueError("smtp_host needs sender and recipients")
        if self.smtp_user and self.smtp_security == "none":
            raise ValueError("a password is not sent in the clear: set smtp_security to starttls or ssl")
        return self

    @model_validator(mode="after")
    def _webhook_is_private(self) -> Self:
        if self.webhook:
            parts = urlsplit(self.webhook)
            here = parts.hostname in ("localhost", "127.0.0.1", "::1")
            if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and here)):
                raise ValueError("webhook must be an https address (http only for this machine)")
        return self


class Settings(BaseSettings):
    """Where things are kept and how the company counts; ``scorecast.env`` in the working folder is read too."""

    model_config = SettingsConfigDict(
        env_prefix="SCORECAST_", env_file="scorecast.env", env_nested_delimiter="__", extra="ignore", frozen=True
    )

    data_dir: Path = Field(default=ROOT / "var", description="database, runs and staged uploads")
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in data_dir")
    catalogue_dir: Path = DATA / "catalogue"
    scorecards_dir: Path = DATA / "scorecards"
    strategies_dir: Path = Field(default=DATA / "strategies", description="the strategies that scorecards begin with")
    weights_dir: Path = Field(default=DATA / "weights", description="the pretrained weights of the forecaster")
    alerts_dir: Path = Field(default=DATA / "alerts", description="the rules that a new store begins with")
    organisation_file: Path = Field(
        default=DATA / "demo" / "organisation.yaml", description="the company tree, where the store holds none yet"
    )
    demo: bool = Field(default=True, description="load the demo company into an empty store when the dashboard starts")
    scorecard: str = Field(default="balanced", description="code of the scorecard template in use")
    checkpoint_seconds: float = Field(default=10.0, ge=0, description="between two checkpoints of a training")
    passport_workbooks: Literal["bytes", "hashes"] = Field(
        default="bytes", description="whether passports hold the original workbooks or their hashes alone"
    )
    passport_years: int = Field(default=10, ge=1, le=100, description="how long passports are to be kept")
    signing_key: str = Field(default="scorecast", description="name of the key in keys_dir that signs; empty: none")
    keys_dir: Path | None = Field(default=None, description="where keys are; not set: keys in data_dir")
    key_passphrase: SecretStr = Field(default=SecretStr(""), description="of an encrypted signing key")
    schedule_attempts: int = Field(default=3, ge=1, description="how often a scheduled run that crashes is tried")
    schedule_retry_seconds: float = Field(default=60.0, ge=0, description="before it is tried again; doubles each time")
    working_days_file: Path | None = Field(default=None, description="holidays and make-up days of the company")
    language: Language = Field(default_factory=language_of_the_system)
    user: str = Field(default="local", description="who acts, until sign-in exists")
    calendar: FiscalCalendar = FiscalCalendar()
    notify: NotifySettings = NotifySettings()

    @property
    def keys(self) -> Path:
        """The folder of the keys."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def store_url(self) -> str:
        """The database to open."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'scorecast.sqlite'}"


def read_settings() -> Settings:
    """The settings of this process. Raises Refused naming each variable that is wrong."""
    try:
        return Settings()
    except ValidationError as problem:
        wrong = [(f"SCORECAST_{'__'.join(map(str, e['loc'])).upper()}", e["msg"]) for e in problem.errors()]
        said = "; ".join(f"{name}: {message}" for name, message in wrong)
        raise refuse(f"设置有误：{said}。", f"settings are wrong: {said}.") from problem
