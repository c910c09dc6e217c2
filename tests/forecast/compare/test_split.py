from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction as Exactly

from hypothesis import given
from hypothesis import strategies as st

from forecast.compare.changes import Cause, causes_of
from forecast.compare.evidence import Evidence, Level, places
from forecast.compare.moves import moves
from forecast.compare.split import Part, State, filled, parts, to_compute, walk
from forecast.inputs import RunInputs
from tests.forecast.builders import TINY, inputs, rows
from tests.forecast.compare.builders import ELSEWHERE, HERE, OTHER, evidence, forecast, more_facts, retargeted

DATA, DEFINITIONS, CONFIGURATION, CODE = Cause
numbers = st.floats(allow_nan=False, allow_infinity=False)


def causes(old: Evidence, new: Evidence) -> list[Cause]:
    return [step.cause for step in walk(old, new, HERE)]


def combined() -> RunInputs:
    """More facts and another target."""
    given = retargeted()
    return RunInputs.of(more_facts(), given.organisation, given.catalogue, given.template, given.calendar)


def of(found: Sequence[Part]) -> dict[tuple[Cause, ...], Decimal]:
    return {part.causes: part.change for part in found}


def test_a_single_change_takes_the_whole_move_without_a_computation() -> None:
    new = evidence(inputs(more_facts()))
    assert causes(evidence(), new) == [DATA]
    assert to_compute(walk(evidence(), new, HERE)) == ()


def test_runs_of_other_code_alone_differ_by_their_code_without_a_computation() -> None:
    steps = walk(evidence(code=ELSEWHERE), evidence(), HERE)
    assert ([step.cause for step in steps], to_compute(steps)) == ([CODE], ())


def test_two_changes_take_one_computation_of_new_facts_with_old_definitions() -> None:
    old, new = evidence(), evidence(combined())

    steps = walk(old, new, HERE)

    assert [step.cause for step in steps] == [DATA, DEFINITIONS]
    (state,) = to_compute(steps)
    assert (state.inputs.rows, state.inputs.template) == (new.inputs.rows, old.inputs.template)


def test_older_code_is_told_from_the_data_by_computing_the_older_run_again() -> None:
    old, new = evidence(code=ELSEWHERE), evidence(inputs(more_facts()))

    steps = walk(old, new, HERE)

    assert [step.cause for step in steps] == [CODE, DATA]
    assert [state.inputs for state in to_compute(steps)] == [old.inputs]


def test_where_both_runs_are_of_other_code_the_way_ends_at_the_newer_run_on_record() -> None:
    new = evidence(combined(), OTHER, ELSEWHERE)
    steps = walk(evidence(code=ELSEWHERE), new, HERE)
    assert [step.cause for step in steps] == [CODE, DATA, DEFINITIONS, CONFIGURATION, CODE]
    assert (len(to_compute(steps)), steps[-1].level) == (4, new.forecasts)


def test_standard_numbers_on_record_are_computed_again_because_they_are_of_one_machine() -> None:
    standard = TINY.model_copy(update={"numerics": "standard"})
    old = evidence(config=standard, software={"torch": "1"})
    new = evidence(inputs(more_facts()), standard, software={"torch": "2"})
    assert causes_of(old, new) == (DATA, CODE)
    assert causes(old, new) == [CODE, DATA, CODE]


def test_facts_that_the_older_definitions_have_no_name_for_come_in_with_the_newer_ones() -> None:
    given = inputs()
    fewer = given.catalogue.model_copy(update={"components": given.catalogue.components[:-1]})
    codes = {component.code for component in fewer.components}
    known = [row for row in rows() if row[0] in codes]
    old = evidence(RunInputs.of(known, given.organisation, fewer, given.template, given.calendar))

    steps = walk(old, evidence(), HERE)

    assert [step.cause for step in steps] == [DEFINITIONS]


def test_a_step_without_a_value_is_told_together_with_the_next() -> None:
    found = parts(10.0, [(CODE, 10.5), (DATA, None), (DEFINITIONS, 13.0), (CONFIGURATION, 12.0)])
    assert of(found) == {
        (DATA, DEFINITIONS): Decimal("2.5"),
        (CONFIGURATION,): Decimal(-1),
        (CODE,): Decimal("0.5"),
    }


def test_a_cause_at_both_ends_has_one_part_with_all_that_cannot_be_told_from_it() -> None:
    found = parts(1.0, [(CODE, 1.5), (DATA, 2.0), (CONFIGURATION, None), (CODE, 4.0)])
    assert of(found) == {(DATA,): Decimal("0.5"), (CONFIGURATION, CODE): Decimal("2.5")}


def test_numbers_count_as_the_decimals_they_are_spelt_as() -> None:
    (part,) = parts(0.1, [(DATA, 0.3)])
    assert part.change == Decimal("0.2")


@given(numbers, st.lists(st.tuples(st.sampled_from(list(Cause)), st.none() | numbers)), numbers)
def test_parts_add_up_to_the_whole_move_exactly(
    old: float, steps: list[tuple[Cause, float | None]], new: float
) -> None:
    found = parts(old, [*steps, (CODE, new)])
    told = [cause for part in found for cause in part.causes]
    assert sum(map(Exactly, (part.change for part in found)), Exactly(0)) == Exactly(repr(new)) - Exactly(repr(old))
    assert sorted(told) == sorted({cause for cause, _ in steps} | {CODE})


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.lists(numbers, min_size=6, max_size=6))
def test_a_split_computes_no_more_than_four_times_and_adds_up_for_every_forecast(
    data: bool, defined: bool, configured: bool, coded: bool, values: list[float]
) -> None:
    definitions = retargeted() if defined else inputs()
    whole = inputs(more_facts()) if data else inputs()
    changed = RunInputs.of(whole.rows, whole.organisation, whole.catalogue, definitions.template, whole.calendar)
    config = OTHER if configured else TINY
    waiting = iter(values)
    old = evidence(code=ELSEWHERE, forecasts=[forecast(next(waiting))])
    new = evidence(changed, config, ELSEWHERE if coded else HERE, [forecast(next(waiting))])

    def compute(_state: State) -> Level:
        return places([forecast(next(waiting))])

    steps = filled(walk(old, new, HERE), compute)
    (move,) = moves(old, new, steps)

    assert move.parts is not None
    assert sum(map(Exactly, (part.change for part in move.parts)), Exactly(0)) == Exactly(move.change)
