import '../../channel/publishing/messages.ts';
import type { MessageParams } from '../../message.ts';
import { sentence } from '../../message.ts';
import { pushesOf } from '../../store/queries/channel-pushes.ts';
import type { Row } from '../../store/schema.ts';
import { type Asking, isoTime } from './asking.ts';
import { type Asked, choiceOf, limitOf, textOf } from './parameters.ts';

/**
 * What an account's channel was told of each listing, when, and what it shows: `listing`, `result` (refused, differs),
 * `limit`, `after` (a listing).
 */
export async function askPushes(
  account: string,
  asked: Asked,
  { hub, language }: Pick<Asking, 'hub' | 'language'>,
) {
  const limit = limitOf(asked);
  const rows = await pushesOf(hub.store.read, account, {
    listing: textOf(asked, 'listing'),
    after: textOf(asked, 'after'),
    result: choiceOf(asked, 'result', ['refused', 'differs']),
    limit,
  });
  return {
    listings: rows.map((row) => shownPush(row, language)),
    next: rows.length === limit ? rows.at(-1)!.listing : null,
  };
}

function shownPush(row: Row<'channel_pushes'>, language: Asking['language']) {
  const { share, channel, shop, listing, version, sellable, result, pushed_at: at } = row;
  const params = row.params === null ? {} : (JSON.parse(row.params) as MessageParams);
  return {
    share,
    channel,
    shop,
    listing,
    pushed:
      version === null
        ? null
        : {
            version,
            sellable,
            open: row.open === 1,
            at: isoTime(at),
            result: result === 'ok' ? 'ok' : 'refused',
          },
    refusal:
      result === null || result === 'ok'
        ? null
        : { code: result, params, sentence: sentence(result, params, language) },
    /** What the channel itself said when it was read; null where it never was. */
    shown:
      row.read_at === null
        ? null
        : {
            sellable: row.read_sellable,
            open: row.read_open === null ? null : row.read_open === 1,
            at: isoTime(row.read_at),
            differs: row.differs === 1,
          },
  };
}
