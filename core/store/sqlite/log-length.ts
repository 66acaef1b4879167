import { statSync } from 'node:fs';
import type { Connection } from './driver.ts';

/** Pages kept in memory while the log is written full: fewer than it writes, so that SQLite has to put them there. */
const pagesKept = 20;
/** Bytes of a page of 4,096 that a row may fill without needing a second one. */
const rowBytes = 4_050;

/**
 * Gives the write-ahead log its full length before anybody waits for it. To flush what is written over an old part
 * of a file takes half as long as to flush what makes the file longer, and SQLite writes the log over again once it
 * has got as long as it is to get. The pages are those of a table that is never committed: rolled back, they leave
 * the log's length and nothing else. Takes about 90 ms for 8,000 pages.
 *
 * @param pages where the log is folded into the file
 */
export function lengthenLog(connection: Connection, location: string, pages: number): void {
  if (statSync(`${location}-wal`).size >= pages * rowBytes) return;
  const kept = connection.pragma('cache_size', { simple: true });
  connection.pragma(`cache_size = ${pagesKept}`);
  connection.exec('begin immediate');
  try {
    connection.exec('create table log_filler (page blob)');
    connection
      .prepare(
        `with recursive filling (page) as (select 1 union all select page + 1 from filling where page < ?)
        insert into log_filler select zeroblob(?) from filling`,
      )
      .run(pages, rowBytes);
  } finally {
    connection.exec('rollback');
    connection.pragma(`cache_size = ${kept}`);
  }
}
