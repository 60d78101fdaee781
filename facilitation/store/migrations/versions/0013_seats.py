"""Codes of rooms, for the laptops that stay there."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.add_column(sa.Column('room_id', sa.String(length=32), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.drop_column('room_id')
