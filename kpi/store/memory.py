"""What was said about workbooks of one form, kept for the next of them: rows are only ever added, the newest counts."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from kpi.intake.corrections import Corrections
from kpi.store.records import Remembered
from kpi.store.tables import workbook_shape


def remember(connection: Connection, shape: str, corrections: Corrections, actor: str, at: datetime) -> Remembered:
    """Add a row."""
    record = Remembered(shape=shape, corrections=corrections, at=at, by=actor)
    values = {"shape": shape, "corrections": corrections.model_dump_json()}
    connection.execute(insert(workbook_shape).values(**values, remembered_at=at, remembered_by=actor))
    return record


def recall(connection: Connection, shape: str) -> Remembered | None:
    """The newest row of the shape."""
    query = select(workbook_shape).where(workbook_shape.c.shape == shape).order_by(workbook_shape.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    corrections = Corrections.model_validate_json(row.corrections)
    return Remembered(shape=shape, corrections=corrections, at=row.remembered_at, by=row.remembered_by)
