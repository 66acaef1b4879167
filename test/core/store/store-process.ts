import BetterSqlite3 from 'better-sqlite3';
import { HubError } from '../../../core/errors.ts';
import { openSqlite } from '../../../core/store/sqlite/sqlite-store.ts';

/*
 * Opens the store whose path is the first argument in a process of its own and tells the parent how that went.
 * `as-nobody` gives up root first, for whom no file is read-only; `write` writes one row after another and tells
 * each one that was acknowledged.
 */

if (!process.send) throw new Error("This file is a child process of the store's tests.");

const [location = '', ...modes] = process.argv.slice(2);

if (modes.includes('as-nobody') && process.getuid?.() === 0) {
  // Loads the driver's binary while its folder may still be read.
  new BetterSqlite3(':memory:').close();
  process.setgid?.(65_534);
  process.setuid?.(65_534);
}

try {
  const store = await openSqlite({ location });
  process.send?.({ opened: true });
  if (modes.includes('write')) {
    for (let number = 0; ; number += 1) {
      await store.execute(
        {
          name: 'write',
          run: (tx, commands: readonly number[]) =>
            tx.insert(
              'acts',
              commands.map((n) => ({
                actor: 'test',
                act: 'write',
                object: String(n),
                detail: '',
                at: tx.now,
              })),
            ),
        },
        number,
      );
      process.send?.({ acknowledged: number });
    }
  }
  process.once('message', () => {
    void store.close().then(() => process.disconnect());
  });
} catch (error) {
  if (!HubError.is(error)) throw error;
  process.send?.({ opened: false, code: error.code, sentence: error.message }, () => process.disconnect());
}
