"""The words of headings: which column they name, which scenario, which derived figure."""

from kpi.facts import Scenario
from kpi.intake.names import SCENARIO_WORDS, folded
from kpi.text import Text

_ROLES: dict[str, tuple[str, ...]] = {
    "code": ("编码", "指标编码", "代码", "指标代码", "code", "kpi code", "measure code", "component code"),
    "measure": (
        *("指标", "指标名称", "项目", "数据项", "科目", "名称", "险种", "险类", "产品", "渠道", "业务", "类别", "费用项目"),
        *("kpi", "kpi name", "item", "items", "measure", "quantity", "indicator", "metric", "name", "line of business"),
        *("lob", "product", "channel", "class", "account", "description", "category", "line item", "科目名称", "项目名称"),
        *("序号指标", "考核指标", "业务指标", "line", "product line", "kpis", "metrics", "particulars"),
    ),
    "org_code": ("机构编码", "机构代码", "org unit code", "org code", "branch code"),
    "org_unit": (
        *("机构", "机构名称", "分公司", "部门", "公司", "单位名称", "填报单位", "分支机构", "经营单位", "地区", "省份"),
        *("公司名称", "分公司名称", "中支", "区域", "org unit", "branch", "organisation", "organization"),
        *("entity", "department", "company", "region", "province", "office", "business unit", "branch name", "unit name"),
    ),
    "period": (
        *("期间", "季度", "报告期", "时间", "日期", "年度", "年份", "月份", "年月", "会计期间", "月", "年", "统计期间", "期别"),
        *("period", "quarter", "date", "reporting period", "year", "month", "fiscal year", "fy", "as of", "qtr"),
    ),
    "scenario": ("情景", "类型", "场景", "数据类型", "版本", "口径", "scenario", "version", "type", "basis"),
    "value": ("数值", "值", "金额", "value", "amount", "figure", "金额数", "本币金额", "values"),
    "unit": ("单位", "计量单位", "unit", "unit of measure", "units", "uom"),
    "note": (
        *("上期值", "上季值", "最近值", "last value", "previous value", "责任部门"),
        *("序号", "编号", "行次", "no", "number", "serial", "id", "#", "s/n", "备注", "说明", "所属指标", "note", "notes"),
        *("remark", "remarks", "comment", "comments", "used in", "数据来源", "责任人", "维度", "perspective", "source"),
        *("owner", "row", "填报说明", "指标说明", "口径说明", "指标定义", "definition"),
    ),
}  # fmt: skip
ROLE_WORDS: dict[str, str] = {folded(word): role for role, words in _ROLES.items() for word in words}
_OTHER_FIGURES: dict[str, tuple[str, ...]] = {
    "prior_year": (
        *("上年同期", "去年同期", "上年同期数", "上年数", "上年", "去年", "同期", "同期数", "上年实际", "上年同期实际", "同期实际"),
        *("上年累计", "去年累计", "上年同期累计", "上年金额", "上年度", "上年同期值", "上年值", "prior year", "last year", "py"),
        *("previous year", "same period last year", "prior period", "prior year actual", "comparative", "ly"),
    ),
    "forecast": (
        *("预测", "预测值", "预计", "预估", "滚动预测", "forecast", "outlook", "projection", "projected", "estimate"),
        *("latest estimate", "le", "预计完成", "预计数", "fcst"),
    ),
    "growth": (
        *("同比", "环比", "增长率", "增速", "增幅", "同比增长", "同比增速", "同比增幅", "环比增长", "同比增长率", "同比%"),
        *("增长", "变动率", "同比变动", "变动幅度", "增减%", "增减率", "较上年同期", "同比增减%", "增长%", "环比增速", "较同期"),
        *("growth", "yoy", "qoq", "mom", "growth rate", "yoy growth", "change %", "% change", "yoy %", "growth %", "yoy%"),
        *("y/y", "q/q", "%change", "pct change", "y-o-y", "increase %", "同比升降", "同比增减率", "环比%", "环比变动"),
    ),
    "share": (
        *("占比", "比重", "份额", "占比%", "结构占比", "构成", "占总额比", "share", "share of total", "% of total", "mix"),
        *("proportion", "weighting", "占比(%)"),
    ),
    "variance": (
        *("差异", "差额", "增减额", "增减", "偏差", "增长额", "同比增减", "同比增减额", "超欠", "超欠额", "增量", "变动额", "变动"),
        *("差异额", "与计划差异", "缺口", "variance", "var", "difference", "diff", "change", "delta", "variance to plan"),
        *("over/(under)", "gap", "较计划", "fav/(unfav)", "better/(worse)"),
    ),
    "other": (
        *("达成率", "完成率", "达成", "进度", "完成进度", "预算完成率", "计划完成率", "达成进度", "完成比例", "预算达成率", "执行率"),
        *("预算执行率", "差异率", "variance %", "variance%", "var %", "目标达成率", "时间进度", "年度完成率", "全年完成率"),
        *("attainment", "achievement", "% of plan", "% achieved", "completion", "achievement %", "attainment %", "vs plan"),
        *("排名", "名次", "得分", "权重", "rank", "ranking", "score", "weight", "weights", "% of budget", "vs budget"),
        *("上期", "上期数", "上季度", "上月", "期初", "年初数"),
        *("budget attainment", "plan attainment", "completion rate", "目标完成率", "status", "平均", "average", "avg"),
        *("完成计划%", "完成预算%", "占计划%", "完成年度计划%", "绝对值差异率", "预警值", "红线值", "平均值", "均值"),
    ),
}  # fmt: skip
_PLAIN_FIGURES: dict[str, tuple[str, ...]] = {
    Scenario.ACTUAL.value: (
        *("完成数", "完成额", "实际完成", "实际完成值", "实际完成数", "实绩", "执行数", "决算", "决算数", "实际发生", "实际发生额"),
        *("实际达成", "本期实际", "本年实际", "act", "result", "results", "actual value", "achieved", "发生额", "实际执行", "已完成"),
        *("本期数", "本期金额", "本年金额", "当年", "本年", "current year", "cy", "this year", "current period"),
        "reported",
    ),
    Scenario.PLAN.value: (
        *("计划目标", "预算值", "预算目标", "任务", "任务数", "指标值", "考核目标", "budgeted", "targets", "bud", "budgets"),
        *("plan value", "target value", "目标数", "下达计划", "保费计划", "预算额", "计划额", "targeted", "goal"),
    ),
    Scenario.RESTATED.value: ("重述后", "追溯调整后", "调整后", "restatement", "as restated"),
    "plan_year": (
        *("年度计划", "全年计划", "年度预算", "全年预算", "年度目标", "全年目标", "年计划", "年预算", "年目标", "年度任务", "全年任务"),
        *("annual plan", "annual budget", "full year plan", "full year budget", "full-year plan", "full-year budget"),
        *("fy plan", "fy budget", "annual target", "full year target", "fy target", "yearly plan"),
    ),
    "forecast_year": ("全年预测", "年度预测", "全年预计", "full year forecast", "fy forecast", "full-year forecast", "全年预计完成"),
}  # fmt: skip
DERIVED = frozenset({"growth", "share", "variance", "other"})
STORED = frozenset(scenario.value for scenario in Scenario)
SCENARIOS: dict[str, str] = {
    **{folded(word): scenario for scenario, words in {**_PLAIN_FIGURES, **_OTHER_FIGURES}.items() for word in words},
    **{folded(word): scenario.value for word, scenario in SCENARIO_WORDS.items()},
}
TOTAL_WORDS = frozenset(
    map(
        folded,
        (
            *("合计", "总计", "小计", "共计", "合  计", "总合计", "累计合计", "全年合计", "全辖合计", "汇总", "合计数"),
            *("total", "subtotal", "sub-total", "grand total", "sum", "totals", "overall total", "full year total"),
        ),
    )
)
ROLE_NAMES: dict[str, Text] = {
    "measure": Text(zh="指标", en="KPI"),
    "org_unit": Text(zh="机构", en="org unit"),
    "period": Text(zh="期间", en="period"),
    "actual": Text(zh="实际", en="actual"),
    "plan": Text(zh="计划", en="plan"),
    "scenario": Text(zh="情景", en="scenario"),
    "value": Text(zh="数值", en="value"),
    "restated": Text(zh="重述", en="restated"),
    "unit": Text(zh="单位", en="unit"),
    "code": Text(zh="指标编码", en="code"),
    "org_code": Text(zh="机构编码", en="org unit code"),
}
