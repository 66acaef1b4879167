import assert from 'node:assert/strict';
import { Gathering } from '../../../nodes/shared/gathering.ts';

describe('what is gathered', () => {
  const taken: string[][] = [];
  const gathering = (size: number) =>
    new Gathering<string, number>({
      size,
      waitMs: 1,
      take: async (items) => {
        if (items.includes('bad')) throw new Error('refused');
        return taken.push([...items]);
      },
    });
  beforeEach(() => taken.splice(0));

  it('goes on group by group, in the order it came, all with one answer', async () => {
    const some = gathering(10);
    const answers = await Promise.all([some.join('x', '1'), some.join('y', '2'), some.join('x', '3')]);
    assert.deepEqual(taken, [['1', '3'], ['2']]);
    assert.deepEqual(answers, [1, 2, 1]);
  });

  it('goes on at once when there is enough of it, and begins anew', async () => {
    const some = gathering(2);
    await Promise.all(['1', '2', '3', '4', '5'].map((item) => some.join('x', item)));
    assert.deepEqual(taken, [['1', '2'], ['3', '4'], ['5']]);
  });

  it('fails together', async () => {
    const some = gathering(10);
    const ends = await Promise.allSettled([
      some.join('x', 'good'),
      some.join('x', 'bad'),
      some.join('y', 'other'),
    ]);
    assert.deepEqual(
      ends.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    );
  });
});
