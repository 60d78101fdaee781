"""Snapshots of sheets, and what was restored"""

import sqlalchemy as sa
from alembic import op

from facilitation.store.columns import Instant

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('snapshot',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('sheet_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', Instant(), nullable=True),
    sa.Column('writers', sa.JSON(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_snapshot_event_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_snapshot_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_snapshot')),
    sa.UniqueConstraint('sheet_id', 'number', name=op.f('uq_snapshot_sheet_id_number'))
    )
    with op.batch_alter_table('snapshot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_snapshot_event_id'), ['event_id'], unique=False)

    op.create_table('restoration',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('sheet_id', sa.String(length=32), nullable=False),
    sa.Column('before', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_restoration_event_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_restoration_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_restoration'))
    )
    with op.batch_alter_table('restoration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_restoration_event_id'), ['event_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('restoration', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_restoration_event_id'))

    op.drop_table('restoration')
    with op.batch_alter_table('snapshot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_snapshot_event_id'))

    op.drop_table('snapshot')
