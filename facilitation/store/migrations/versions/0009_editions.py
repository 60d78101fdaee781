"""Editions as they are frozen."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('files', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('parts', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('changes', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('people', sa.JSON(), server_default='[]', nullable=False))
        batch_op.drop_column('format')
        batch_op.drop_column('digest')
        batch_op.create_unique_constraint(batch_op.f('uq_edition_event_id_number'), ['event_id', 'number'])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_edition_event_id_number'), type_='unique')
        batch_op.add_column(sa.Column('digest', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('format', sa.Text(), server_default='', nullable=False))
        batch_op.drop_column('people')
        batch_op.drop_column('changes')
        batch_op.drop_column('parts')
        batch_op.drop_column('files')
