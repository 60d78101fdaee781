"""Restitution, read-back, newsroom"""

import sqlalchemy as sa
from alembic import op

from facilitation.store.columns import Instant

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('template',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('sections', sa.JSON(), nullable=False),
    sa.Column('removed', sa.Boolean(), nullable=False),
    sa.Column('created_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_template_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_template'))
    )
    with op.batch_alter_table('template', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_template_event_id'), ['event_id'], unique=False)

    op.create_table('talk',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('workshop_id', sa.String(length=32), nullable=True),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('speaker', sa.Text(), server_default='', nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('started_at', Instant(), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_talk_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_talk_participant_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_talk_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talk')),
    sa.UniqueConstraint('workshop_id', name=op.f('uq_talk_workshop_id'))
    )
    with op.batch_alter_table('talk', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_talk_event_id'), ['event_id'], unique=False)

    op.create_table('readback',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('sheet_id', sa.String(length=32), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.Column('at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_readback_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_readback_participant_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_readback_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_readback')),
    sa.UniqueConstraint('sheet_id', 'participant_id', name=op.f('uq_readback_sheet_id_participant_id'))
    )
    with op.batch_alter_table('readback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_readback_event_id'), ['event_id'], unique=False)

    op.create_table('remark',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sheet_id', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), server_default='', nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.Column('named', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('original', sa.JSON(), nullable=True),
    sa.Column('created_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_remark_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_remark_participant_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_remark_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remark')),
    sa.UniqueConstraint('event_id', 'number', name=op.f('uq_remark_event_id_number'))
    )
    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_remark_event_id'), ['event_id'], unique=False)

    with op.batch_alter_table('engagement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('action', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('template', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('late_until', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('picture', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sheet_id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('participant_id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('accepted', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_picture_sheet_id'), 'sheet', ['sheet_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_picture_participant_id'), 'participant', ['participant_id'], ['id'])

    with op.batch_alter_table('sheet', schema=None) as batch_op:
        batch_op.add_column(sa.Column('extract', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('nudged_at', Instant(), nullable=True))

    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into', sa.String(length=32), nullable=True))



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.drop_column('merged_into')

    with op.batch_alter_table('sheet', schema=None) as batch_op:
        batch_op.drop_column('nudged_at')
        batch_op.drop_column('extract')

    with op.batch_alter_table('picture', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_picture_participant_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_picture_sheet_id'), type_='foreignkey')
        batch_op.drop_column('accepted')
        batch_op.drop_column('participant_id')
        batch_op.drop_column('sheet_id')

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('late_until')
        batch_op.drop_column('template')

    with op.batch_alter_table('engagement', schema=None) as batch_op:
        batch_op.drop_column('action')

    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_remark_event_id'))

    op.drop_table('remark')
    with op.batch_alter_table('readback', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_readback_event_id'))

    op.drop_table('readback')
    with op.batch_alter_table('talk', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_talk_event_id'))

    op.drop_table('talk')
    with op.batch_alter_table('template', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_template_event_id'))

    op.drop_table('template')
