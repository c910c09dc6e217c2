"""What the rules raised, who has seen it, and the rules."""

from forecast.alerts.records import AlertState
from ui import alerts
from ui.components import alert_parts, rule_parts
from ui.components.frame import data_view, empty, page_head

view = data_view("site.alerts")
page_head(view.t("site.alerts"), view.t("alerts.caption"))
# Of what was raised together the head office stands first.
found = sorted(alerts.book().alerts(), key=lambda each: (-each.raised_at.timestamp(), each.id))
waiting = [each for each in found if each.state is AlertState.OPEN]
if found:
    alert_parts.waiting(view, waiting)
    if waiting:
        alert_parts.acknowledging(view, waiting)
else:
    empty(view, "no_alerts", "runs")
standing = alerts.rules()
rule_parts.rules(view, standing)
rule_parts.editor(view, standing)
if len(found) > len(waiting):
    alert_parts.history(view, [each for each in found if each.state is not AlertState.OPEN])
