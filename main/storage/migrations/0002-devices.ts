import type { Kysely } from 'kysely';

/** Areas, groups and devices. A parent may come after its child inside one transaction (imports), hence the deferred check. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('area')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('level', 'text', (column) => column.notNull())
    .addColumn('parent_id', 'text', (column) => column.references('area.id'))
    .addColumn('name_ru', 'text', (column) => column.notNull())
    .addColumn('name_en', 'text', (column) => column.notNull())
    .addColumn('lat', 'real', (column) => column.notNull())
    .addColumn('lon', 'real', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('device_group')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('device')
    .addColumn('num', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('lat', 'integer', (column) => column.notNull())
    .addColumn('lon', 'integer', (column) => column.notNull())
    .addColumn('azimuth_deg', 'real')
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('district_id', 'text', (column) => column.notNull().references('area.id'))
    .addColumn('parent_id', 'text')
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('serial', 'text', (column) => column.notNull())
    .addColumn('mac', 'text', (column) => column.notNull())
    .addColumn('recorded', 'integer', (column) => column.notNull())
    .addColumn('retention_days', 'integer')
    .addColumn('stream_host', 'text')
    .addColumn('stream_sealed', 'text')
    .addColumn('sort_key', 'text', (column) => column.notNull())
    .addColumn('search', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'integer', (column) => column.notNull())
    .addForeignKeyConstraint('device_parent', ['parent_id'], 'device', ['id'], (key) =>
      key.deferrable().initiallyDeferred(),
    )
    .execute();
  await db.schema.createIndex('device_by_name').on('device').columns(['sort_key', 'num']).execute();
  await db.schema.createIndex('device_by_parent').on('device').column('parent_id').execute();
  await db.schema
    .createTable('device_group_member')
    .addColumn('device_num', 'integer', (column) =>
      column.notNull().references('device.num').onDelete('cascade'),
    )
    .addColumn('group_id', 'text', (column) =>
      column.notNull().references('device_group.id').onDelete('cascade'),
    )
    .addPrimaryKeyConstraint('device_group_member_key', ['device_num', 'group_id'])
    .execute();
  await db.schema
    .createIndex('device_group_member_by_group')
    .on('device_group_member')
    .column('group_id')
    .execute();
}
