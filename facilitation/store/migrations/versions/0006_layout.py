"""How organisers lay their compte-rendu out."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('layout',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('chapters', sa.JSON(), nullable=False),
    sa.Column('accent', sa.Text(), server_default='', nullable=False),
    sa.Column('ground', sa.Text(), server_default='', nullable=False),
    sa.Column('hidden', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_layout_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_layout')),
    sa.UniqueConstraint('event_id', name=op.f('uq_layout_event_id'))
    )
    with op.batch_alter_table('layout', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_layout_event_id'), ['event_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table('layout')
