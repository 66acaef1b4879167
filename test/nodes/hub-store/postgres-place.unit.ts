import assert from 'node:assert/strict';
import type { PostgresFields } from '../../../nodes/hub-store/postgres-fields.ts';
import { postgresPlace, postgresPlaceAt } from '../../../nodes/hub-store/postgres-place.ts';

const fields: PostgresFields = {
  host: 'db.example.com',
  port: '',
  database: 'shop',
  user: 'hub',
  schema: '',
  tls: 'off',
};
const place = (more: Partial<PostgresFields> = {}) =>
  postgresPlace({ ...fields, ...more }, { password: 's3cret' }, 'backups');

describe('a PostgreSQL database as the dialog describes it', () => {
  it('is shown without user and password', () => {
    assert.equal(place().location, 'postgres://db.example.com:5432/shop?schema=public');
    const url = 'postgresql://hub:s3cret@db.example.com:6543/shop?sslmode=verify-full';
    const shown = postgresPlaceAt('eu', { url }, 'backups').location;
    assert.equal(shown, 'postgres://db.example.com:6543/shop?schema=eu');
  });

  it('is one place however it is described and whoever logs in', () => {
    const same = [
      place(),
      place({ host: ' DB.example.com ', port: 5432, schema: 'public' }),
      place({ user: 'other', tls: 'verify' }),
      postgresPlaceAt('', { url: 'postgres://hub:other@db.example.com/shop' }, 'backups'),
    ].map(({ key }) => key);
    assert.deepEqual(new Set(same).size, 1);
    const others = [place({ schema: 'eu' }), place({ database: 'eu' }), place({ port: '6543' })];
    assert.equal(new Set([...others.map(({ key }) => key), place().key]).size, 4);
  });

  it('is refused with the field and what to enter when a field cannot be used', () => {
    const wrong: [Partial<PostgresFields>, string][] = [
      [{ host: 'db.example.com/shop' }, 'hub-store.bad-host'],
      [{ host: 'hub@db' }, 'hub-store.bad-host'],
      [{ port: '0' }, 'hub-store.bad-port'],
      [{ port: '65536' }, 'hub-store.bad-port'],
      [{ port: '54.32' }, 'hub-store.bad-port'],
      [{ database: ' ' }, 'hub-store.no-database'],
      [{ user: '' }, 'hub-store.no-user'],
      [{ schema: 'Shop' }, 'hub-store.bad-schema'],
      [{ schema: 'a"; drop schema public' }, 'hub-store.bad-schema'],
      [{ schema: 'pg_own' }, 'hub-store.bad-schema'],
    ];
    for (const [more, code] of wrong) assert.throws(() => place(more), { code });
  });

  it('is refused without repeating the URL, which holds a password', () => {
    for (const url of [
      'hub:s3cret@db',
      'mysql://hub:s3cret@db/shop',
      'postgres://hub:s3cret@db',
      'postgres:///shop',
    ])
      assert.throws(
        () => postgresPlaceAt('', { url }, 'backups'),
        (error: Error & { code?: string }) =>
          error.code === 'hub-store.bad-url' && !JSON.stringify(error).includes('s3cret'),
      );
    assert.throws(() => postgresPlaceAt('', {}, 'backups'), { code: 'hub-store.no-url' });
    assert.throws(() => postgresPlaceAt('Eu', { url: 'postgres://db/shop' }, 'backups'), {
      code: 'hub-store.bad-schema',
    });
  });
});
