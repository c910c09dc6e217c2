"""How a workbook is to be read: the options that ``load`` and ``inspect`` share."""

import argparse
import getpass
import os
from pathlib import Path

from pydantic import ValidationError

from kpi.commands.shared import read_file
from kpi.errors import refuse
from kpi.intake.corrections import Corrections

PASSWORD = "SCORECAST_WORKBOOK_PASSWORD"


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """``--corrections`` and ``--password``."""
    parser.add_argument(
        "--corrections", type=Path, metavar="FILE.json", help="what labels and sheets mean 名称和工作表的更正"
    )
    parser.add_argument(
        "--password",
        action="store_true",
        help=f"ask for the password of a locked workbook; else it is taken from {PASSWORD} 询问工作簿密码",
    )


def corrections_of(chosen: argparse.Namespace) -> Corrections:
    """The corrections of the file that was named; none without one. Raises Refused when it can't be understood."""
    if chosen.corrections is None:
        return Corrections()
    try:
        return Corrections.model_validate_json(read_file(chosen.corrections))
    except ValidationError as problem:
        said = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problem.errors())
        raise refuse(
            f"{chosen.corrections} 不是有效的更正文件：{said}。",
            f"{chosen.corrections} holds no corrections: {said}.",
        ) from problem


def password_of(chosen: argparse.Namespace) -> str | None:
    """The password typed without echo, or that of the environment. Raises Refused when nobody can type one."""
    if not chosen.password:
        return os.environ.get(PASSWORD) or None
    try:
        return getpass.getpass("工作簿密码 Password: ") or None
    except EOFError as problem:
        raise refuse(
            f"没有可输入密码的终端。请改用环境变量 {PASSWORD}。",
            f"there is no terminal to type the password on: set {PASSWORD} instead.",
        ) from problem
