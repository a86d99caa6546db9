"""Settings of one run: flags over `ATTEST_*` variables over `attest.toml` over defaults.

Two files are read where they exist: `attest.toml` in the current directory, then `attest.toml` in the user's
configuration directory (`~/.config/attest` on Linux). A relative `index` or `auth` in a file is
relative to that file.

But: nothing is written, and no directory is created.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from vectorstore.errors import UsageError

FILE_NAME = "attest.toml"


def _default_index() -> Path:
    return Path(platformdirs.user_data_dir("attest")) / "index"


class Settings(BaseSettings):
    """What a run needs to know. `Settings()` holds the defaults and reads nothing; `load_settings` reads it all."""

    model_config = SettingsConfigDict(env_prefix="ATTEST_", env_ignore_empty=True, extra="forbid", frozen=True)

    index: Path = Field(default_factory=_default_index)
    """The directory of the index."""
    model: str = Field(default="attest", min_length=1)
    """The embedding model: a sentence-transformers name, or a directory."""
    host: str = Field(default="127.0.0.1", min_length=1)
    """The address that `attest serve` listens on."""
    port: int = Field(default=7860, ge=0, le=65535)
    """The port that `attest serve` listens on; 0 takes a free one."""
    auth: str | None = Field(default=None, min_length=1)
    """A file of the users who may log in to `attest serve` or, in `ATTEST_AUTH`, their lines themselves."""
    allowed_host: Annotated[tuple[str, ...], NoDecode] = ()
    """The names by which `attest serve` is reached; in `ATTEST_ALLOWED_HOST` with commas between them."""
    passages: int = Field(default=10, ge=10, le=100)
    """How many passages an answer's ranking holds."""
    sentences: int = Field(default=3, ge=1, le=10)
    """The most sentences of an answer, unless the question asks for a list."""
    checker: str | None = Field(default=None, min_length=1)
    """A model of entailment for the check instead of attest's own: a sentence-transformers CrossEncoder, by its name or
    directory."""
    llm: str | None = Field(default=None, min_length=1)
    """A language model that words the answers, as its server calls it; without one, nothing is connected to."""
    llm_url: str | None = Field(default=None, min_length=1)
    """The OpenAI-compatible address of that server, up to the version: `http://127.0.0.1:8000/v1`; what another
    provider's server is reached at."""
    llm_provider: Literal["openai", "ollama", "azure"] = "openai"
    """What the server speaks: OpenAI's interface, as most do; Ollama's own; or Azure OpenAI's."""
    llm_unsupported: Literal["strike", "drop"] = "strike"
    """What becomes of a model's sentences that the source does not support: shown struck out, or not at all."""
    llm_rephrase: bool = False
    """Whether the model also rephrases questions that lean on the conversation, for the search."""
    llm_context: int = Field(default=4096, ge=1024, le=1_000_000)
    """How many tokens the model can take in, its answer included."""
    llm_seconds: float = Field(default=120.0, ge=1, le=3600)
    """How long the model may take for an answer; half of it to its first word, a sixth between two."""

    @property
    def llm_tokens(self) -> int:
        """How long a model's answer may be: a quarter of its context, 512 tokens at most."""
        return min(512, self.llm_context // 4)

    @field_validator("index", mode="before")
    @classmethod
    def _named_directory(cls, value: object) -> object:
        if isinstance(value, str | Path) and not str(value).strip():
            raise ValueError("the directory has no name")
        return Path(value).expanduser() if isinstance(value, str | Path) else value

    @field_validator("allowed_host", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def load_settings(flags: Mapping[str, object] | None = None) -> Settings:
    """The settings of this run. Flags that are None were not given.

    Raises UsageError, in one line that names the flag, the variable or the file, for a value that cannot be used, a
    name that does not exist, and a file that cannot be read.
    """
    sources = [_flags(flags or {}), _environment(), *(_file(path) for path in _files())]
    merged: dict[str, Any] = {}
    for source in reversed(sources):
        merged |= {name: value for name, (value, _) in source.items()}
    try:
        return Settings(**merged)
    except ValidationError as error:
        raise UsageError(_explain(error, sources)) from None


_Source = dict[str, tuple[object, str]]
"""Setting -> (value, where it was found)."""


def _flags(flags: Mapping[str, object]) -> _Source:
    return {name: (value, f"--{name.replace('_', '-')}") for name, value in flags.items() if value is not None}


def _environment() -> _Source:
    values = EnvSettingsSource(Settings)()
    return {name: (value, f"ATTEST_{name.upper()}") for name, value in values.items()}


def _files() -> list[Path]:
    return [Path(FILE_NAME), Path(platformdirs.user_config_dir("attest")) / FILE_NAME]


def _file(path: Path) -> _Source:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): correct or remove it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML ({error}): correct or remove it") from None
    for name in ("index", "auth"):
        if isinstance(values.get(name), str) and values[name].strip():
            values[name] = str(path.parent / Path(values[name]).expanduser())
    return {name: (value, f"{name} in {path}") for name, value in values.items()}


def _explain(error: ValidationError, sources: list[_Source]) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    value, where = next((source[name] for source in sources if name in source), (None, name))
    if first["type"] == "extra_forbidden":
        return f"{where}: there is no such setting; the settings are {', '.join(sorted(Settings.model_fields))}"
    reason = first["msg"].removeprefix("Value error, ")
    return f"{where} is {str(value)[:80]!r}: {reason[:1].lower()}{reason[1:]}"
