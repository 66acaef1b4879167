import assert from 'node:assert/strict';
import { countersOf, countUp } from '../../../core/insight/counters.ts';
import { counter, gauge, prometheusText } from '../../../core/insight/metrics.ts';

describe('metrics as text', () => {
  it('have a help line, a type and one line a sample', () => {
    const text = prometheusText([
      gauge('stock', 'Units.', [
        { labels: { pool: 'main', sku: 'A' }, value: 7 },
        { labels: {}, value: 0.5 },
      ]),
      counter('acts_total', 'Acts.', []),
    ]);
    assert.equal(
      text,
      [
        '# HELP stock Units.',
        '# TYPE stock gauge',
        'stock{pool="main",sku="A"} 7',
        'stock 0.5',
        '# HELP acts_total Acts.',
        '# TYPE acts_total counter',
        '',
      ].join('\n'),
    );
  });

  it('escape what would break a line', () => {
    const text = prometheusText([gauge('g', 'a\nb\\c', [{ labels: { name: 'say "hi"\\\n店' }, value: 1 }])]);
    assert.equal(text, '# HELP g a\\nb\\\\c\n# TYPE g gauge\ng{name="say \\"hi\\"\\\\\\n店"} 1\n');
  });
});

describe('counters of the process', () => {
  it('tell apart by labels, whatever their order', () => {
    const before = countersOf('stock-refusal').length;
    countUp('stock-refusal', { code: 'test.a', pool: 'x' });
    countUp('stock-refusal', { pool: 'x', code: 'test.a' });
    countUp('stock-refusal', { code: 'test.b', pool: 'x' });
    const counted = countersOf('stock-refusal').slice(before);
    assert.deepEqual(counted, [
      { labels: { code: 'test.a', pool: 'x' }, value: 2 },
      { labels: { code: 'test.b', pool: 'x' }, value: 1 },
    ]);
  });
});
