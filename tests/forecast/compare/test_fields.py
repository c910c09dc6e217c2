from forecast.compare.fields import FieldChange, fields_changed

ENTRY = {"kpi": "loss_ratio", "target": "0.62", "limits": {"green": "0.6"}}


def told(old: object, new: object) -> list[tuple[str, str | None, str | None]]:
    return [(each.path, each.old, each.new) for each in fields_changed("template", old, new)]


def test_a_field_deep_inside_is_named_by_the_codes_on_the_way() -> None:
    stricter = ENTRY | {"limits": {"green": "0.58"}}
    assert told({"entries": [ENTRY]}, {"entries": [stricter]}) == [("entries.loss_ratio.limits.green", "0.6", "0.58")]


def test_one_more_object_in_a_list_is_one_difference_wherever_it_stands() -> None:
    more = {"kpi": "in_time_rate"}
    assert told({"entries": [ENTRY]}, {"entries": [more, ENTRY]}) == [
        ("entries.in_time_rate", None, '{"kpi":"in_time_rate"}')
    ]


def test_objects_in_another_order_are_told_as_such() -> None:
    one, two = {"code": "a", "name": "x"}, {"code": "b", "name": "y"}
    assert told({"units": [one, two]}, {"units": [two, one]}) == [("units.*", "a, b", "b, a")]


def test_a_list_of_plain_values_is_compared_whole() -> None:
    assert told({"points": [1, 2]}, {"points": [1, 3]}) == [("points", "[1,2]", "[1,3]")]


def test_two_objects_of_one_name_are_compared_whole() -> None:
    twice = [{"code": "a", "x": 1}, {"code": "a", "x": 2}]
    assert [path for path, _, _ in told({"units": twice}, {"units": twice[:1]})] == ["units"]


def test_equal_values_give_nothing_and_nothing_is_not_nought() -> None:
    assert told({"a": [ENTRY]}, {"a": [ENTRY]}) == []
    assert told({"target": None}, {"target": 0}) == [("target", None, "0")]


def test_a_change_says_of_which_part_it_is() -> None:
    (found,) = fields_changed("config", {"seed": 1}, {"seed": 2})
    assert found == FieldChange(part="config", path="seed", old="1", new="2")
