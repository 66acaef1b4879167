import assert from 'node:assert/strict';
import { type Ask, ascendingRows } from '../../../../core/channel/connection/ascending.ts';
import { faultOf } from '../answering-channel.ts';

interface Row {
  id: string;
  at: number;
}

/** A list that shows what changed from a second before the time asked for on, ten rows a page. */
function reading(rows: readonly Row[], answer = (ask: Ask): readonly Row[] => pageOf(rows, ask)) {
  const asked: Ask[] = [];
  const read = ascendingRows<Row>({
    platform: 'Test',
    call: 'list',
    window: { from: 0, until: 100_000 },
    pageSize: 10,
    stepMs: 1_000,
    keyOf: ({ id, at }) => `${id} ${at}`,
    modifiedOf: ({ at }) => at,
    async read(ask, check) {
      asked.push(ask);
      const page = answer(ask);
      check(page);
      return { rows: page, total: null };
    },
  });
  const collected = (async () => {
    const ids: string[] = [];
    for await (const page of read) ids.push(...page.rows.map(({ id }) => id));
    return ids;
  })();
  return { collected, asked };
}

function pageOf(rows: readonly Row[], { after, page }: Ask): readonly Row[] {
  return rows.filter(({ at }) => at >= after - 1_000).slice((page - 1) * 10, page * 10);
}

describe('rows in the order of their change', () => {
  it('are read on where several pages are of a second that was read before', async () => {
    const rows = Array.from({ length: 75 }, (_, index) => ({
      id: String(index),
      at: 10_000 + Math.floor(index / 35) * 1_000,
    }));
    const { collected } = reading(rows);
    assert.deepEqual(
      await collected,
      rows.map(({ id }) => id),
    );
  });

  it('are given up where a question shows the same page for ever', async () => {
    const first = Array.from({ length: 10 }, (_, index) => ({ id: String(index), at: 10_000 }));
    const { collected, asked } = reading([], () => first);
    assert.equal((await faultOf(collected)).code, 'channel.page-repeats');
    assert.ok(asked.length < 5, `${asked.length} pages were asked for`);
  });
});
