import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError, reasonOf } from '../../errors.ts';
import type { StoreCopy } from '../store.ts';
import type { Connections } from './connections.ts';

export interface DumpOptions {
  connections: Connections;
  schema: string;
  /** Where copies go; undefined when the store makes none by itself. */
  folder: string | undefined;
  /** Name or path of the program. */
  program: string;
  now: number;
}

/**
 * Copies the schema of a store with pg_dump into a file that pg_restore takes. It gets its name when it is whole.
 * The password goes by the environment: arguments are seen by everybody on the machine.
 *
 * @throws HubError store.copy-by-hand without a folder or the program; store.copy-failed with what it said
 */
export async function dumpStore(options: DumpOptions): Promise<StoreCopy> {
  const { connections, schema, folder, program, now } = options;
  const { location } = connections;
  if (folder === undefined) throw new HubError('store.copy-by-hand', { location, schema });
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  const target = join(folder, `${schema}-backup-${stamp}.dump`);
  const partial = `${target}.part`;
  const failed = (reason: string, cause?: unknown) =>
    new HubError('store.copy-failed', { location: target, reason }, cause === undefined ? {} : { cause });
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw failed(reasonOf(error), error);
  }
  const { host, port, user, password, database } = connections.settings;
  const child = spawn(
    program,
    ['--format=custom', `--schema="${schema}"`, `--file=${partial}`, '--no-password'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        PGHOST: host,
        PGPORT: String(port),
        PGUSER: user,
        PGDATABASE: database,
        ...(typeof password === 'string' && { PGPASSWORD: password }),
      },
    },
  );
  const said: Buffer[] = [];
  child.stderr.on('data', (part: Buffer) => said.push(part));
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw failed(Buffer.concat(said).toString().trim() || `pg_dump: ${code}`);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    if (HubError.is(error)) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new HubError('store.copy-by-hand', { location, schema }, { cause: error });
    throw failed(reasonOf(error), error);
  }
  return { path: target, at: now, bytes: (await stat(target)).size };
}
