"""What can be said on the command line. Nothing heavy is loaded for it, so that ``--help`` comes at once."""

import argparse
import typing
from datetime import time
from pathlib import Path
from typing import Any

from forecast.alerts.rules import RuleKind
from forecast.config import ForecastConfig
from forecast.recipe import NumericsName


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(prog="python -m forecast", description="Forecasts that can be proved. 可验证的预测。")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    work = (_run, _verify, _trace, _runs, _compare, _record, _ledger, _keys, _overlay, _scenario, _schedule, _alerts)
    for add in (*work, _predict, _benchmark, _pretrain):
        add(commands)
    return top


def _run(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``run``."""
    parser: argparse.ArgumentParser = commands.add_parser("run", help="forecast the newest approved snapshot 预测")
    parser.add_argument("--snapshot", type=int, metavar="ID", help="another snapshot than the newest")
    parser.add_argument("--out", type=Path, metavar="DIR", help="also copy the passport into this folder")
    parser.add_argument("--numerics", choices=typing.get_args(ForecastConfig.model_fields["numerics"].annotation))
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N")
    parser.add_argument("--seed", type=int, help="another seed than the configured one")
    parser.add_argument("--reason", default="", help="why, for the passport")
    parser.add_argument("--fresh", action="store_true", help="train again and compare with the run on record")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _verify(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``verify``."""
    parser: argparse.ArgumentParser = commands.add_parser("verify", help="rerun a passport and compare 验证护照")
    parser.add_argument("passport", type=Path)
    parser.add_argument("--quick", action="store_true", help="compute all but the training again")
    parser.add_argument("--varied", action="store_true", help="also by other threads, orders, batches and workers")
    parser.add_argument("--trust", type=Path, action="append", default=[], metavar="PEM", help="a public key to know")
    parser.add_argument("--policy", type=Path, metavar="YAML", help="how many of which keys must have signed")
    parser.add_argument("--sign", metavar="KEY", help="add the signature of this key once the rerun agreed")
    parser.add_argument("--record", action="store_true", help="put the answer into the ledger of this installation")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _trace(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``trace``."""
    parser: argparse.ArgumentParser = commands.add_parser("trace", help="from a number to its cells 追溯到单元格")
    parser.add_argument("passport", type=Path)
    parser.add_argument("kpi", metavar="KPI", help="its code")
    parser.add_argument("org_unit", metavar="ORG_UNIT", help="its code")
    parser.add_argument("period", metavar="QUARTER", help="such as 2026Q3")
    parser.add_argument("--window", choices=("quarter", "ytd"), default="quarter", help="quarter unless said")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _runs(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``runs``."""
    parser: argparse.ArgumentParser = commands.add_parser("runs", help="list the runs on record 列出运行")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _ledger(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``ledger``."""
    parser: argparse.ArgumentParser = commands.add_parser("ledger", help="runs and verifications, chained 运行账本")
    parser.add_argument("--head", action="store_true", help="its last line in short, for the foot of a board pack")
    parser.add_argument("--earlier", type=Path, metavar="FILE", help="an export that has to be its beginning")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _keys(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``keys``."""
    parser: argparse.ArgumentParser = commands.add_parser("keys", help="keys that sign passports 签名密钥")
    parser.add_argument("--new", metavar="NAME", help="make a key of this name")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _overlay(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``overlay``."""
    parser: argparse.ArgumentParser = commands.add_parser("overlay", help="landings set by people 人工调整")
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--propose", nargs=4, metavar=("KPI", "ORG_UNIT", "2026Q4", "VALUE"), help="in base units")
    act.add_argument("--approve", type=int, metavar="ID", help="let it count; not by who made it")
    act.add_argument("--withdraw", type=int, metavar="ID", help="let it count no longer")
    parser.add_argument("--reason", default="", help="why")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _scenario(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``scenario``."""
    parser: argparse.ArgumentParser = commands.add_parser("scenario", help="what if, kept beside the facts 情景测算")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="those that stand 列出情景")
    listing.add_argument("--all", action="store_true", help="also the withdrawn ones")
    show = actions.add_parser("show", help="the scorecard at year-end, before and after 查看情景")
    show.add_argument("--unit", metavar="ORG_UNIT", help="its code, the head office unless said")
    show.add_argument("--year", type=int, metavar="YEAR", help="the fiscal year that is running unless said")
    save = actions.add_parser("save", help="keep a scenario of the newest forecast 保存情景")
    save.add_argument("file", type=Path, metavar="FILE", help="JSON: name, reason, changes, based_on")
    withdraw = actions.add_parser("withdraw", help="let one count no longer 撤回情景")
    withdraw.add_argument("--reason", default="", help="why")
    for action in (show, withdraw):
        action.add_argument("hash", metavar="HASH", help="the beginning of its hash")
    for action in (listing, show, save, withdraw):
        action.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _compare(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``compare``."""
    parser: argparse.ArgumentParser = commands.add_parser("compare", help="what moved between two runs 比较两次运行")
    parser.add_argument("old", metavar="OLD", help="the beginning of a run's id, or a passport file")
    parser.add_argument("new", metavar="NEW", help="the run to compare it with, likewise")
    parser.add_argument("--split", action="store_true", help="compute how far each cause moved each forecast")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _record(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``record``."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "record", help="past forecasts beside what came 以往预测与实际对照"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _schedule(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``schedule``; without an action it serves."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "schedule", help="forecast by rules, with nobody watching 按计划预测"
    )
    parser.add_argument("--once", action="store_true", help="do what is due and end, for cron and its kin")
    parser.add_argument("--json", action="store_true", help="with --once or list: one JSON document on standard output")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="rules with their next times 列出规则")
    listing.add_argument("--json", action="store_true", help="also the last runs, as one JSON document")
    add = actions.add_parser("add", help="a new rule 添加规则")
    rule = add.add_mutually_exclusive_group(required=True)
    rule.add_argument("--approval", action="store_true", help="whenever a snapshot is approved")
    rule.add_argument("--working-day", type=int, metavar="N", help="on the N-th working day after a quarter's end")
    rule.add_argument("--cron", metavar="LINE", help='by a cron line, such as "30 6 5 1,4,7,10 *"')
    add.add_argument("--at", type=time.fromisoformat, default=time(8), metavar="HH:MM", help="of that day, 08:00")
    add.add_argument("--zone", help="time zone such as Asia/Shanghai, this machine's unless said")
    for action, words in (("pause", "暂停"), ("resume", "恢复"), ("remove", "删除")):
        change = actions.add_parser(action, help=f"{action} a rule {words}规则")
        change.add_argument("rule", type=int, metavar="RULE", help="its number in the list")


def _alerts(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``alerts``, which lists unless told to do something."""
    parser: argparse.ArgumentParser = commands.add_parser("alerts", help="what rules raised, and the rules 提醒")
    parser.add_argument("--all", action="store_true", help="also what is over")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    seen = actions.add_parser("acknowledge", help="say that an alert has been seen 确认")
    seen.add_argument("alert", type=int, metavar="ALERT")
    seen.add_argument("--note", default="", help="what comes of it")
    rules = actions.add_parser("rules", help="the rules in force 规则")
    # Not given again is not taken back: without this the inner default would overwrite `alerts --json rules`.
    rules.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON document")
    change = actions.add_parser("set", help="add a rule, or change one 新增或修改规则")
    change.add_argument("kind", choices=[kind.value for kind in RuleKind])
    change.add_argument("--rule", type=int, metavar="N", help="put it in the place of rule N")
    change.add_argument("--limit", help="a share: 0.6 is 60 %%")
    change.add_argument("--quarters", help="of status_for: how many running")
    change.add_argument("--colour", choices=["red", "amber"], help="of status_for; amber is amber or red")
    change.add_argument("--kpis", default="", metavar="A,B", help="by code; all of the scorecard unless said")
    change.add_argument("--units", default="head_office", metavar="A,B", help="by code, or all, or head_office")
    gone = actions.add_parser("withdraw", help="take a rule out of force 停用规则")
    gone.add_argument("rule", type=int, metavar="N")


def _predict(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``predict``."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "predict", help="forecast any quarterly panel 预测任意季度数据"
    )
    parser.add_argument("input", type=Path, metavar="IN", help="CSV or Parquet with unique_id, ds, y")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", required=True, help="CSV or Parquet, by its ending")
    parser.add_argument("--horizon", type=int, default=8, metavar="QUARTERS", help="quarters ahead, 8 unless said")
    parser.add_argument("--levels", default="80,95", help="intervals in per cent, 80,95 unless said")
    parser.add_argument("--numerics", choices=typing.get_args(NumericsName), default="order_free")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _benchmark(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``benchmark``."""
    parser: argparse.ArgumentParser = commands.add_parser("benchmark", help="accuracy beside others 与其他方法比较")
    parser.add_argument("--data", type=Path, required=True, metavar="PARQUET", help="unique_id, ds_index, y, split")
    parser.add_argument("--entrants", type=Path, metavar="PARQUET", help="forecasts: unique_id, method, F1, F2, ...")
    parser.add_argument("--peers", type=Path, metavar="PARQUET", help="what scripts/peers.py wrote")
    parser.add_argument("--sample", type=_count, metavar="N", help="N series, evenly spread over the ids in order")
    parser.add_argument("--last", type=_count, metavar="N", help="show only the newest N known values of each series")
    numerics = typing.get_args(ForecastConfig.model_fields["numerics"].annotation)
    parser.add_argument("--numerics", choices=numerics, default="order_free", help="of the network")
    parser.add_argument("--device", default="auto", help="of the network: auto, cpu, cuda or cuda:N")
    parser.add_argument("--adapt", type=_count, metavar="STEPS", help="also a network trained on the panel's history")
    parser.add_argument("--validate", action="store_true", help="judge by the end of the training part instead")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not 1 or more")
    return number


def _pretrain(commands: Any) -> None:  # argparse does not name the type of its sub-parsers
    """The options of ``pretrain``."""
    parser: argparse.ArgumentParser = commands.add_parser("pretrain", help="make the shipped weights again 预训练")
    parser.add_argument("--member", type=int, metavar="N", help="train this one alone and keep it for the whole")
    parser.add_argument("--until", type=int, metavar="STEP", help="stop there and compare with the shipped weights")
    parser.add_argument("--out", type=Path, metavar="DIR", help="another folder than that of the shipped weights")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
