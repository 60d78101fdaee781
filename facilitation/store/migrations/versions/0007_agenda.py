"""Claiming the grid, what rooms have, workshops over several slots, twins, and who is in which room without names."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

ADDED: tuple[tuple[str, str, Any, str | None], ...] = (
    ('event', 'claiming', sa.Text(), ''),
    ('event', 'claim_silent', sa.Boolean(), 'false'),
    ('event', 'heads_shown', sa.Boolean(), 'false'),
    ('room', 'equipment', sa.Text(), ''),
    ('room', 'step_free', sa.Boolean(), 'false'),
    ('room', 'video', sa.Text(), ''),
    ('workshop', 'span', sa.Integer(), '1'),
    ('workshop', 'twin_of', sa.String(length=32), None),
    ('attendance', 'told', sa.Text(), ''),
)


def upgrade() -> None:
    """Apply."""
    for table, name, kind, default in ADDED:
        given = sa.text('false') if default == 'false' else default
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(name, kind, server_default=given, nullable=default is None))
    op.create_table(
        'presence',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('event_id', sa.String(length=32), nullable=False),
        sa.Column('workshop_id', sa.String(length=32), nullable=False),
        sa.Column('moment_id', sa.String(length=32), nullable=False),
        sa.Column('who', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_presence_event_id')),
        sa.ForeignKeyConstraint(['moment_id'], ['moment.id'], name=op.f('fk_presence_moment_id')),
        sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_presence_workshop_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_presence')),
        sa.UniqueConstraint('moment_id', 'who', name=op.f('uq_presence_moment_id_who')),
    )
    with op.batch_alter_table('presence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_presence_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_presence_workshop_id'), ['workshop_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table('presence')
    for table, name, _kind, _default in reversed(ADDED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(name)
