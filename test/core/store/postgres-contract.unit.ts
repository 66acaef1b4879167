import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePostgresPlace } from './postgres-place.ts';
import { describeStore, type StorePlace } from './store-contract.ts';

/** Stands in for pg_dump, which is not part of the server for tests: writes its settings into the file it is given. */
const dump = `#!/bin/sh
for argument in "$@"; do
  case "$argument" in --file=*) printf '%s %s' "$PGHOST" "$*" > "\${argument#--file=}";; esac
done
`;

async function makePlace(): Promise<StorePlace> {
  const place = await makePostgresPlace();
  const folder = await mkdtemp(join(tmpdir(), 'order-hub-dump-'));
  const dumpProgram = join(folder, 'pg_dump');
  await writeFile(dumpProgram, dump);
  await chmod(dumpProgram, 0o755);
  return {
    open: (options) => place.open({ ...options, backupFolder: join(folder, 'copies'), dumpProgram }),
    async dispose() {
      await place.dispose();
      await rm(folder, { recursive: true });
    },
  };
}

describeStore('PostgreSQL', makePlace);
