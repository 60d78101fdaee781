"""The first tables"""

import sqlalchemy as sa
from alembic import op

from facilitation.store.columns import Instant

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('event',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('meeting', sa.Text(), server_default='', nullable=False),
    sa.Column('date', sa.Text(), server_default='', nullable=False),
    sa.Column('place', sa.Text(), server_default='', nullable=False),
    sa.Column('host', sa.Text(), server_default='', nullable=False),
    sa.Column('theme', sa.Text(), server_default='', nullable=False),
    sa.Column('objectives', sa.Text(), server_default='', nullable=False),
    sa.Column('organisers', sa.JSON(), nullable=False),
    sa.Column('partners', sa.JSON(), nullable=False),
    sa.Column('facilitators', sa.JSON(), nullable=False),
    sa.Column('language', sa.Text(), server_default='', nullable=False),
    sa.Column('timezone', sa.Text(), server_default='', nullable=False),
    sa.Column('mode', sa.Text(), server_default='', nullable=False),
    sa.Column('keep', sa.Integer(), nullable=False),
    sa.Column('dots', sa.Integer(), nullable=False),
    sa.Column('cap', sa.Integer(), nullable=False),
    sa.Column('live_results', sa.Boolean(), nullable=False),
    sa.Column('review', sa.Boolean(), nullable=False),
    sa.Column('joining_paused', sa.Boolean(), nullable=False),
    sa.Column('expected', sa.Integer(), nullable=False),
    sa.Column('wifi_name', sa.Text(), server_default='', nullable=False),
    sa.Column('wifi_password', sa.Text(), server_default='', nullable=False),
    sa.Column('moment_id', sa.String(length=32), nullable=True),
    sa.Column('moment_since', Instant(), nullable=True),
    sa.Column('plenary', sa.Boolean(), nullable=False),
    sa.Column('blank', sa.Boolean(), nullable=False),
    sa.Column('announcement', sa.Text(), server_default='', nullable=False),
    sa.Column('announced_at', Instant(), nullable=True),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', Instant(), nullable=True),
    sa.Column('closed_at', Instant(), nullable=True),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sa.UniqueConstraint('slug', name=op.f('uq_event_slug'))
    )
    op.create_table('change',
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', Instant(), nullable=True),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.Column('actor', sa.Text(), server_default='', nullable=False),
    sa.Column('command', sa.Text(), server_default='', nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('undoable', sa.Boolean(), nullable=False),
    sa.Column('undoes', sa.Integer(), nullable=True),
    sa.Column('undone', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_change_event_id')),
    sa.PrimaryKeyConstraint('event_id', 'number', name=op.f('pk_change'))
    )
    op.create_table('edition',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('change', sa.Integer(), nullable=False),
    sa.Column('format', sa.Text(), server_default='', nullable=False),
    sa.Column('path', sa.Text(), server_default='', nullable=False),
    sa.Column('digest', sa.Text(), server_default='', nullable=False),
    sa.Column('error', sa.Text(), server_default='', nullable=False),
    sa.Column('asked_at', Instant(), nullable=True),
    sa.Column('made_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_edition_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_edition'))
    )
    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_edition_event_id'), ['event_id'], unique=False)

    op.create_table('link',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('role', sa.Text(), server_default='', nullable=False),
    sa.Column('label', sa.Text(), server_default='', nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', Instant(), nullable=True),
    sa.Column('revoked_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_link_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_link_token_hash'))
    )
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_link_event_id'), ['event_id'], unique=False)

    op.create_table('moment',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), server_default='', nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('skipped', sa.Boolean(), nullable=False),
    sa.Column('removed', sa.Boolean(), nullable=False),
    sa.Column('started_at', Instant(), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_moment_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moment'))
    )
    with op.batch_alter_table('moment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moment_event_id'), ['event_id'], unique=False)

    op.create_table('operation',
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('scope', sa.String(length=32), nullable=False),
    sa.Column('op', sa.String(length=160), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_operation_event_id')),
    sa.PrimaryKeyConstraint('event_id', 'scope', 'op', name=op.f('pk_operation'))
    )
    op.create_table('participant',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('organisation', sa.Text(), server_default='', nullable=False),
    sa.Column('listed', sa.Boolean(), nullable=False),
    sa.Column('name_hidden', sa.Boolean(), nullable=False),
    sa.Column('created_at', Instant(), nullable=True),
    sa.Column('joined_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_participant_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant'))
    )
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_participant_event_id'), ['event_id'], unique=False)

    op.create_table('picture',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('purpose', sa.Text(), server_default='', nullable=False),
    sa.Column('label', sa.Text(), server_default='', nullable=False),
    sa.Column('mime', sa.Text(), server_default='', nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_picture_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_picture'))
    )
    with op.batch_alter_table('picture', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_picture_event_id'), ['event_id'], unique=False)

    op.create_table('room',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('removed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_room_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room'))
    )
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_event_id'), ['event_id'], unique=False)

    op.create_table('round',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('mode', sa.Text(), server_default='', nullable=False),
    sa.Column('dots', sa.Integer(), nullable=False),
    sa.Column('cap', sa.Integer(), nullable=False),
    sa.Column('keep', sa.Integer(), nullable=False),
    sa.Column('live_results', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('opened_at', Instant(), nullable=True),
    sa.Column('closed_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_round_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round'))
    )
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_event_id'), ['event_id'], unique=False)

    op.create_table('topic',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('original', sa.JSON(), nullable=True),
    sa.Column('created_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_topic_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topic')),
    sa.UniqueConstraint('event_id', 'number', name=op.f('uq_topic_event_id_number'))
    )
    with op.batch_alter_table('topic', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_topic_event_id'), ['event_id'], unique=False)

    op.create_table('topic_group',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('proposed_by', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_topic_group_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topic_group'))
    )
    with op.batch_alter_table('topic_group', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_topic_group_event_id'), ['event_id'], unique=False)

    op.create_table('author',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('topic_id', sa.String(length=32), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('named', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_author_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_author_participant_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_author_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_author'))
    )
    with op.batch_alter_table('author', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_author_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_author_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_author_topic_id'), ['topic_id'], unique=False)

    op.create_table('ballot',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('round_id', sa.String(length=32), nullable=True),
    sa.Column('source', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_ballot_event_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_ballot_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot'))
    )
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_event_id'), ['event_id'], unique=False)

    op.create_table('candidate',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('round_id', sa.String(length=32), nullable=True),
    sa.Column('topic_id', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_candidate_event_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_candidate_round_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_candidate_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_candidate')),
    sa.UniqueConstraint('round_id', 'topic_id', name=op.f('uq_candidate_round_id_topic_id'))
    )
    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_candidate_event_id'), ['event_id'], unique=False)

    op.create_table('code',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.Column('sheet_id', sa.String(length=32), nullable=True),
    sa.Column('created_at', Instant(), nullable=True),
    sa.Column('expires_at', Instant(), nullable=True),
    sa.Column('used_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_code_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_code_participant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code'))
    )
    with op.batch_alter_table('code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_code_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_code_token_hash'), ['token_hash'], unique=False)

    op.create_table('device',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', Instant(), nullable=True),
    sa.Column('revoked_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_device_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_device_participant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_device_token_hash'))
    )
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_device_event_id'), ['event_id'], unique=False)

    op.create_table('member',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('group_id', sa.String(length=32), nullable=True),
    sa.Column('topic_id', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_member_event_id')),
    sa.ForeignKeyConstraint(['group_id'], ['topic_group.id'], name=op.f('fk_member_group_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_member_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member'))
    )
    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_event_id'), ['event_id'], unique=False)

    op.create_table('workshop',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('colour', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.String(length=32), nullable=True),
    sa.Column('moment_id', sa.String(length=32), nullable=True),
    sa.Column('created_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_workshop_event_id')),
    sa.ForeignKeyConstraint(['moment_id'], ['moment.id'], name=op.f('fk_workshop_moment_id')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_workshop_room_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop')),
    sa.UniqueConstraint('event_id', 'number', name=op.f('uq_workshop_event_id_number'))
    )
    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_event_id'), ['event_id'], unique=False)

    op.create_table('agreement',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('group_id', sa.String(length=32), nullable=True),
    sa.Column('author_id', sa.String(length=32), nullable=True),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('spoken', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['author.id'], name=op.f('fk_agreement_author_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_agreement_event_id')),
    sa.ForeignKeyConstraint(['group_id'], ['topic_group.id'], name=op.f('fk_agreement_group_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement')),
    sa.UniqueConstraint('group_id', 'author_id', name=op.f('uq_agreement_group_id_author_id'))
    )
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_event_id'), ['event_id'], unique=False)

    op.create_table('attendance',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('workshop_id', sa.String(length=32), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_attendance_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_attendance_participant_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_attendance_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('workshop_id', 'participant_id', name=op.f('uq_attendance_workshop_id_participant_id'))
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_participant_id'), ['participant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('ballot_holder',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('ballot_id', sa.String(length=32), nullable=True),
    sa.Column('round_id', sa.String(length=32), nullable=True),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_ballot_holder_ballot_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_ballot_holder_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_ballot_holder_participant_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_ballot_holder_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot_holder')),
    sa.UniqueConstraint('round_id', 'participant_id', name=op.f('uq_ballot_holder_round_id_participant_id'))
    )
    with op.batch_alter_table('ballot_holder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_holder_event_id'), ['event_id'], unique=False)

    op.create_table('engagement',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), server_default='', nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('organisation', sa.Text(), server_default='', nullable=False),
    sa.Column('named', sa.Boolean(), nullable=False),
    sa.Column('spoken', sa.Boolean(), nullable=False),
    sa.Column('workshop_id', sa.String(length=32), nullable=True),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('original', sa.JSON(), nullable=True),
    sa.Column('created_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_engagement_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_engagement_participant_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_engagement_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_engagement')),
    sa.UniqueConstraint('event_id', 'number', name=op.f('uq_engagement_event_id_number'))
    )
    with op.batch_alter_table('engagement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_engagement_event_id'), ['event_id'], unique=False)

    op.create_table('grant',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.Column('device_id', sa.String(length=32), nullable=True),
    sa.Column('role', sa.Text(), server_default='', nullable=False),
    sa.Column('sheet_id', sa.String(length=32), nullable=True),
    sa.Column('link_id', sa.String(length=32), nullable=True),
    sa.Column('created_at', Instant(), nullable=True),
    sa.Column('revoked_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_grant_device_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_grant_event_id')),
    sa.ForeignKeyConstraint(['link_id'], ['link.id'], name=op.f('fk_grant_link_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_grant_participant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grant'))
    )
    with op.batch_alter_table('grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grant_event_id'), ['event_id'], unique=False)

    op.create_table('host',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('workshop_id', sa.String(length=32), nullable=True),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_host_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_host_participant_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_host_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host'))
    )
    with op.batch_alter_table('host', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_host_event_id'), ['event_id'], unique=False)

    op.create_table('sheet',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('workshop_id', sa.String(length=32), nullable=True),
    sa.Column('moment_id', sa.String(length=32), nullable=True),
    sa.Column('template', sa.Text(), server_default='', nullable=False),
    sa.Column('schema', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('created_at', Instant(), nullable=True),
    sa.Column('changed_at', Instant(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_sheet_event_id')),
    sa.ForeignKeyConstraint(['moment_id'], ['moment.id'], name=op.f('fk_sheet_moment_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_sheet_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet')),
    sa.UniqueConstraint('moment_id', name=op.f('uq_sheet_moment_id')),
    sa.UniqueConstraint('workshop_id', name=op.f('uq_sheet_workshop_id'))
    )
    with op.batch_alter_table('sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sheet_event_id'), ['event_id'], unique=False)

    op.create_table('vote',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('ballot_id', sa.String(length=32), nullable=False),
    sa.Column('round_id', sa.String(length=32), nullable=False),
    sa.Column('topic_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_vote_ballot_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_vote_event_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_vote_round_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_vote_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vote'))
    )
    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vote_ballot_id'), ['ballot_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_vote_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_vote_round_id_topic_id'), ['round_id', 'topic_id'], unique=False)

    op.create_table('workshop_topic',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('workshop_id', sa.String(length=32), nullable=True),
    sa.Column('topic_id', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_workshop_topic_event_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_workshop_topic_topic_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_topic_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_topic'))
    )
    with op.batch_alter_table('workshop_topic', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_topic_event_id'), ['event_id'], unique=False)

    op.create_table('pledge',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('engagement_id', sa.String(length=32), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=False),
    sa.Column('named', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['engagement_id'], ['engagement.id'], name=op.f('fk_pledge_engagement_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_pledge_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_pledge_participant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge')),
    sa.UniqueConstraint('engagement_id', 'participant_id', name=op.f('uq_pledge_engagement_id_participant_id'))
    )
    with op.batch_alter_table('pledge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pledge_engagement_id'), ['engagement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pledge_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_pledge_participant_id'), ['participant_id'], unique=False)

    op.create_table('sheet_update',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('sheet_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('op', sa.String(length=64), nullable=False),
    sa.Column('participant_id', sa.String(length=32), nullable=True),
    sa.Column('at', Instant(), nullable=True),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_sheet_update_event_id')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_sheet_update_participant_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_sheet_update_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_update')),
    sa.UniqueConstraint('sheet_id', 'number', name=op.f('uq_sheet_update_sheet_id_number')),
    sa.UniqueConstraint('sheet_id', 'op', name=op.f('uq_sheet_update_sheet_id_op'))
    )
    with op.batch_alter_table('sheet_update', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sheet_update_event_id'), ['event_id'], unique=False)



def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('sheet_update', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sheet_update_event_id'))

    op.drop_table('sheet_update')
    with op.batch_alter_table('pledge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pledge_participant_id'))
        batch_op.drop_index(batch_op.f('ix_pledge_event_id'))
        batch_op.drop_index(batch_op.f('ix_pledge_engagement_id'))

    op.drop_table('pledge')
    with op.batch_alter_table('workshop_topic', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_topic_event_id'))

    op.drop_table('workshop_topic')
    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vote_round_id_topic_id'))
        batch_op.drop_index(batch_op.f('ix_vote_event_id'))
        batch_op.drop_index(batch_op.f('ix_vote_ballot_id'))

    op.drop_table('vote')
    with op.batch_alter_table('sheet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sheet_event_id'))

    op.drop_table('sheet')
    with op.batch_alter_table('host', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_host_event_id'))

    op.drop_table('host')
    with op.batch_alter_table('grant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grant_event_id'))

    op.drop_table('grant')
    with op.batch_alter_table('engagement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_engagement_event_id'))

    op.drop_table('engagement')
    with op.batch_alter_table('ballot_holder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ballot_holder_event_id'))

    op.drop_table('ballot_holder')
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_attendance_participant_id'))
        batch_op.drop_index(batch_op.f('ix_attendance_event_id'))

    op.drop_table('attendance')
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agreement_event_id'))

    op.drop_table('agreement')
    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_event_id'))

    op.drop_table('workshop')
    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_member_event_id'))

    op.drop_table('member')
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_device_event_id'))

    op.drop_table('device')
    with op.batch_alter_table('code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_code_token_hash'))
        batch_op.drop_index(batch_op.f('ix_code_event_id'))

    op.drop_table('code')
    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_candidate_event_id'))

    op.drop_table('candidate')
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ballot_event_id'))

    op.drop_table('ballot')
    with op.batch_alter_table('author', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_author_topic_id'))
        batch_op.drop_index(batch_op.f('ix_author_participant_id'))
        batch_op.drop_index(batch_op.f('ix_author_event_id'))

    op.drop_table('author')
    with op.batch_alter_table('topic_group', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_topic_group_event_id'))

    op.drop_table('topic_group')
    with op.batch_alter_table('topic', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_topic_event_id'))

    op.drop_table('topic')
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_round_event_id'))

    op.drop_table('round')
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_room_event_id'))

    op.drop_table('room')
    with op.batch_alter_table('picture', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_picture_event_id'))

    op.drop_table('picture')
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_participant_event_id'))

    op.drop_table('participant')
    op.drop_table('operation')
    with op.batch_alter_table('moment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_moment_event_id'))

    op.drop_table('moment')
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_link_event_id'))

    op.drop_table('link')
    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_edition_event_id'))

    op.drop_table('edition')
    op.drop_table('change')
    op.drop_table('event')
