"""Co-authors, the queue for the microphone, cards, and codes of several kinds."""

import sqlalchemy as sa
from alembic import op

from facilitation.store.columns import Instant

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('candidacy',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('topic_id', sa.String(length=32), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_candidacy_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_candidacy_participant_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_candidacy_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_candidacy')),
    sa.UniqueConstraint('topic_id', 'participant_id', name=op.f('uq_candidacy_topic_id_participant_id'))
    )
    with op.batch_alter_table('candidacy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_candidacy_event_id'), ['event_id'], unique=False)

    op.create_table('card',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.String(length=32), nullable=True),
    sa.Column('created_at', Instant(timezone=True), nullable=True),
    sa.Column('used_at', Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_card_event_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_card_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card')),
    sa.UniqueConstraint('event_id', 'number', name=op.f('uq_card_event_id_number')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_card_token_hash'))
    )
    with op.batch_alter_table('card', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_card_event_id'), ['event_id'], unique=False)

    op.create_table('pitch',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('topic_id', sa.String(length=32), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('started_at', Instant(timezone=True), nullable=True),
    sa.Column('ended_at', Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_pitch_event_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_pitch_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pitch')),
    sa.UniqueConstraint('topic_id', name=op.f('uq_pitch_topic_id'))
    )
    with op.batch_alter_table('pitch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pitch_event_id'), ['event_id'], unique=False)

    with op.batch_alter_table('author', schema=None) as batch_op:
        batch_op.add_column(sa.Column('gone', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('added_by', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('added_at', Instant(timezone=True), nullable=True))

    with op.batch_alter_table('code', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Text(), server_default='pen', nullable=False))
        batch_op.add_column(sa.Column('topic_id', sa.String(length=32), nullable=True))

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('pitch_seconds', sa.Integer(), server_default='60', nullable=False))



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('pitch_seconds')

    with op.batch_alter_table('code', schema=None) as batch_op:
        batch_op.drop_column('topic_id')
        batch_op.drop_column('kind')

    with op.batch_alter_table('author', schema=None) as batch_op:
        batch_op.drop_column('added_at')
        batch_op.drop_column('added_by')
        batch_op.drop_column('gone')

    with op.batch_alter_table('pitch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pitch_event_id'))

    op.drop_table('pitch')
    with op.batch_alter_table('card', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_card_event_id'))

    op.drop_table('card')
    with op.batch_alter_table('candidacy', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_candidacy_event_id'))

    op.drop_table('candidacy')
