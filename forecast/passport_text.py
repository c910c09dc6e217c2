"""What a passport tells whoever opens it without this software: plain text, in Chinese and English."""

from typing import Final

from forecast.manifest import MANIFEST, SEAL, Manifest

README: Final = "README.txt"

_ZH: Final = """Scorecast 预测护照
==================

这个文件是一次预测的全部证据：输入、配置、代码、软件、权重、结果和检验。不需要 Scorecast 也能阅读。

{about}

核对文件     unzip 后运行：sha256sum --check {seal}；{manifest} 列出其他每个文件的 SHA-256
重新计算     python -m forecast verify 护照.zip
签名         attestations/ 中的 DSSE 信封(in-toto 声明，Ed25519)，对象是 {manifest}

目录
  inputs/      事实、组织结构、指标目录、记分卡、财年、组成序列
  evidence/    每个数字所在的工作簿、工作表和单元格；谁批准了什么
  workbooks/   原始工作簿(如设置为只留摘要则没有)
  weights/     训练前后的网络权重(safetensors)
  training/    训练途中权重的摘要链；对过去各季的预测
  results/     分位数、指标、得分、年末落点、回测、每个预测的构成；results.xlsx 内容相同
  software/    锁定的版本；每个已安装软件包的摘要
"""

_EN: Final = """Scorecast forecast passport
===========================

This file is all the evidence of one forecast: inputs, configuration, code, software, weights, results and checks. It
can be read without Scorecast.

{about}

Check the files   unzip, then: sha256sum --check {seal}; {manifest} lists the SHA-256 of every other file
Compute again     python -m forecast verify PASSPORT.zip
Signatures        DSSE envelopes in attestations/ (in-toto statements, Ed25519), whose subject is {manifest}

Folders
  inputs/      facts, organisation, catalogue, scorecard, fiscal year, component series
  evidence/    workbook, sheet and cell of every number; who approved what
  workbooks/   the original workbooks (not there where only hashes are kept)
  weights/     the networks' weights before and after training (safetensors)
  training/    hash chain of the weights on their way; what was predicted of past quarters
  results/     quantiles, KPIs, scores, landings, backtest, the account of each forecast; results.xlsx says the same
  software/    the pinned versions; a hash of every installed package
"""


def readme(manifest: Manifest) -> str:
    """The text. It follows from the manifest, except for its list of files."""
    parts = (_page(_ZH, manifest, 0), _page(_EN, manifest, 1))
    return "\n".join(parts)


def _page(page: str, manifest: Manifest, language: int) -> str:
    lines = [(names[language], value) for names, value in _about(manifest, language) if value]
    width = max(_columns(name) for name, _ in lines) + 2
    about = "\n".join(name + " " * (width - _columns(name)) + value for name, value in lines)
    return page.format(about=about, seal=SEAL, manifest=MANIFEST)


def _about(manifest: Manifest, language: int) -> list[tuple[tuple[str, str], str]]:
    occasion, git, training = manifest.occasion, manifest.git, manifest.training
    commit = "" if git is None else f"{git['commit']} ({_state(bool(git['clean']), language)})"
    words = training.get("backtest")
    started = f"{occasion.started_at.isoformat()}  {occasion.started_local} {occasion.time_zone}".strip()
    fallbacks, unstable = len(training.get("not_by_network", ())), len(training.get("unstable", ()))
    return [
        (("运行", "Run"), manifest.run_id),
        (("快照", "Snapshot"), f"{occasion.snapshot_id}  {manifest.identity.facts}"),
        (("发起人", "Started by"), occasion.started_by),
        (("原因", "Reason"), occasion.reason),
        (("开始", "Started"), started),
        (("结束", "Finished"), occasion.finished_at.isoformat()),
        (("保存至", "Keep until"), "" if occasion.retain_until is None else occasion.retain_until.isoformat()),
        (("数值方式", "Numerics"), f"{manifest.config.numerics}, {manifest.device.get('name', '')}"),
        (("代码", "Code"), commit),
        (("权重摘要", "Weights"), manifest.digests.get("weights", "")),
        (("预测摘要", "Forecast"), manifest.digests.get("forecast", "")),
        (("未用网络的序列", "Not by network"), str(fallbacks)),
        (("不稳定的序列", "Unstable"), str(unstable)),
        (("回测", "Backtest"), "" if words is None else words["zh" if language == 0 else "en"]),
    ]


def _state(clean: bool, language: int) -> str:
    return (("无改动", "clean"), ("有改动", "with changes"))[not clean][language]


def _columns(text: str) -> int:
    """How wide a text is in a terminal, where a Chinese character takes two columns."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
