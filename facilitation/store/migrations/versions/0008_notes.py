"""Whether the book holds the notes taken beside the sheets."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('notes_in_book', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('notes_in_book')
