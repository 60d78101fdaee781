"""A ballot's votes, and what was taken back, are found without reading the rest."""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_index('ix_vote_ballot_id', table_name='vote')
    op.create_index('ix_vote_ballot_id_event_id', 'vote', ['ballot_id', 'event_id'])
    op.create_index('ix_change_event_id_undoes', 'change', ['event_id', 'undoes'])


def downgrade() -> None:
    """Take back."""
    op.drop_index('ix_change_event_id_undoes', table_name='change')
    op.drop_index('ix_vote_ballot_id_event_id', table_name='vote')
    op.create_index('ix_vote_ballot_id', 'vote', ['ballot_id'])
