import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, chown, copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { HubError } from '../../../core/errors.ts';
import { Stock } from '../../../core/stock/stock.ts';
import { openPostgres } from '../../../core/store/postgres/postgres-store.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';

interface Certificate {
  key: string;
  certificate: string;
}

/** A key and a certificate that vouches for itself, for connections to 127.0.0.1. */
function selfSigned(folder: string, name: string): Certificate {
  const made = { key: join(folder, `${name}.key`), certificate: join(folder, `${name}.crt`) };
  const asked = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...asked, ...names, '-keyout', made.key, '-out', made.certificate], {
    stdio: 'ignore',
  });
  return made;
}

/** Has a server speak TLS with a certificate from its next start on. */
async function present(server: TestPostgres, { key, certificate }: Certificate): Promise<void> {
  const client = new pg.Client({ connectionString: server.connectionString() });
  await client.connect();
  const { rows } = await client.query<{ data_directory: string }>('show data_directory');
  const data = rows[0]!.data_directory;
  const { uid, gid } = await stat(data);
  for (const [file, name] of [
    [key, 'server.key'],
    [certificate, 'server.crt'],
  ] as const) {
    const place = join(data, name);
    await copyFile(file, place);
    await chown(place, uid, gid);
    await chmod(place, 0o600);
  }
  await client.query('alter system set ssl = on');
  await client.end();
  await server.restart();
}

describe('a PostgreSQL store over TLS', function () {
  this.timeout(60_000);
  let folder: string;
  let server: TestPostgres;
  let own: Certificate;
  let foreign: Certificate;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'order-hub-tls-'));
    own = selfSigned(folder, 'database-of-tests');
    foreign = selfSigned(folder, 'somebody-else');
    server = await startPostgres({ fsync: false });
    await present(server, own);
  });
  after(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const address = (mode: string, authority?: string, host = '127.0.0.1') => {
    const url = new URL(server.connectionString());
    url.hostname = host;
    url.searchParams.set('sslmode', mode);
    if (authority !== undefined) url.searchParams.set('sslrootcert', authority);
    return url.href;
  };
  const refusal = async (connectionString: string): Promise<HubError> => {
    try {
      await (await openPostgres({ connectionString, schema: 'hub' })).close();
    } catch (error) {
      assert.ok(HubError.is(error), String(error));
      return error;
    }
    throw new Error('The store was opened');
  };

  for (const [title, mode, authority] of [
    ['with a certificate that is checked', 'verify-full', () => own.certificate],
    ['with a certificate that is not checked', 'no-verify', () => undefined],
  ] as const)
    it(`opens ${title}, and every connection of it is encrypted`, async () => {
      const store = await openPostgres({ connectionString: address(mode, authority()), schema: 'hub' });
      try {
        const lines = [{ sku: 'TEA', quantity: 3 }];
        const answer = await new Stock(store).receive({ opKey: `receive ${mode}`, actor: 'test', lines });
        assert.equal(answer.state, 'done');
        const { rows } = await sql<{ ssl: boolean; connections: number }>`
          select s.ssl, count(*)::int as connections from pg_stat_ssl s join pg_stat_activity a using (pid)
          where a.application_name = 'order-hub' group by s.ssl`.execute(store.read);
        assert.deepEqual(
          rows.map(({ ssl }) => ssl),
          [true],
        );
        assert.ok(
          rows[0]!.connections >= 3,
          'not all connections were looked at: reads, writes and wake-ups',
        );
      } finally {
        await store.close();
      }
    });

  for (const [title, place] of [
    ['was signed by another authority', () => address('verify-full', foreign.certificate)],
    ['nobody known has signed', () => address('verify-full')],
    ['is for another name', () => address('verify-full', own.certificate, 'localhost')],
  ] as const)
    it(`refuses a certificate that ${title}, and says what to do`, async () => {
      const error = await refusal(place());
      assert.equal(error.code, 'store.certificate-refused');
      assert.equal(error.retryable, false);
      assert.match(error.told('en-US'), /sslrootcert/);
      assert.match(error.told('zh-CN'), /证书不可信/);
      assert.ok(!error.message.includes(server.password), 'the password is told');
    });

  it('says so when the server does not speak TLS', async () => {
    const plain = await startPostgres({ fsync: false });
    try {
      const error = await refusal(`${plain.connectionString()}?sslmode=verify-full`);
      assert.equal(error.code, 'store.no-tls');
      assert.match(error.told('zh-CN'), /TLS/);
    } finally {
      await plain.stop();
    }
  });
});
