import assert from 'node:assert/strict';
import { sourceFault, sourceFaults } from '../../../nodes/shared/source-fields.ts';

type Field = keyof typeof sourceFaults;

const taken: Record<Field, (string | number)[]> = {
  maxInFlight: ['', 1, '64', 1_000],
  perSecond: ['', 0.1, '10', 1_000],
  deadlineSeconds: ['', 1, '30', '2.5', 3_600],
  attempts: ['', 1, '8', 100],
  deadCeiling: ['', 1, '1000', 1_000_000],
};
const refused: Record<Field, (string | number)[]> = {
  maxInFlight: [0, -1, '1.5', 'many', 1_001, '1e9'],
  perSecond: [0, -1, 'fast', 1_001, 'Infinity'],
  // 2,147,484 seconds are more milliseconds than a timer takes, so it would end at once.
  deadlineSeconds: [0, 0.5, -1, 'long', 3_601, '2147484'],
  attempts: [0, '2.5', 101],
  deadCeiling: [0, 1_000_001],
};

describe('the settings of a source', () => {
  for (const field of Object.keys(taken) as Field[]) {
    for (const value of taken[field])
      it(`take ${field} ${JSON.stringify(value)}`, () => {
        assert.equal(sourceFaults[field](value), undefined);
      });
    for (const value of refused[field])
      it(`refuse ${field} ${JSON.stringify(value)}, and say what is possible`, () => {
        const fault = sourceFault({ [field]: value });
        const most = taken[field].at(-1)!;
        assert.match(fault?.told('en-US') ?? '', new RegExp(`to ${most}\\b`));
        assert.match(fault?.told('zh-CN') ?? '', new RegExp(`${most}`));
        assert.ok(fault?.told('en-US').includes(`"${value}"`));
      });
  }
});
