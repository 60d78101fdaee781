"""How long a closed forum is kept."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lifetime', sa.Integer(), server_default='0', nullable=False))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('lifetime')
