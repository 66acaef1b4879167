import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeSqlitePlace, type SqlitePlace } from '../store/sqlite-place.ts';
import { rowsFor } from './deliveries.ts';

const script = fileURLToPath(new URL('source-process.ts', import.meta.url));

describe('delivery source in a process of its own', () => {
  let place: SqlitePlace;

  beforeEach(async () => {
    place = await makeSqlitePlace();
  });
  afterEach(() => place.dispose());

  it('lets the process end after its stop, and has given back what was not over', async () => {
    const args = ['--disable-warning=ExperimentalWarning', script, place.location];
    // Ended by force, and so rejected, if anything keeps it alive for longer.
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 });
    assert.equal(stdout, 'stopped, 3 handled\n');
    const rows = await rowsFor(await place.open(), 'a');
    assert.deepEqual(
      rows.map(({ state, attempts }) => [state, attempts]),
      [
        ['ready', 0],
        ['done', 1],
        ['done', 1],
      ],
    );
  });
});
