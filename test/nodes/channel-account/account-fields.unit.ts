import assert from 'node:assert/strict';
import {
  channelFault,
  currencyFault,
  numberFaults,
  pathFault,
  shopFault,
  zoneFault,
} from '../../../nodes/channel-account/account-fields.ts';

interface Field {
  faultOf: (value: string) => { code: string } | undefined;
  code: string;
  good: string[];
  bad: string[];
}

const fields: Record<string, Field> = {
  path: {
    faultOf: pathFault,
    code: 'account.bad-path',
    good: ['shopify', 'a', '1-2', 'a'.repeat(64)],
    bad: ['', 'Shop', 'a/b', '-a', 'a'.repeat(65), '店', 'a b', '../x'],
  },
  currency: {
    faultOf: currencyFault,
    code: 'account.bad-currency',
    good: ['CNY', 'USD'],
    bad: ['', 'cny', 'CNYX', '¥'],
  },
  zone: {
    faultOf: zoneFault,
    code: 'account.bad-zone',
    good: ['Asia/Shanghai', 'UTC', 'Europe/Berlin'],
    bad: ['', 'Beijing', 'Asia/Nowhere'],
  },
  'minutes that a signature holds': {
    faultOf: numberFaults.replayMinutes,
    code: 'account.bad-number',
    good: ['', ' ', '1', '0.5', '15', '1440'],
    bad: ['0', '-1', 'five', 'Infinity', 'NaN', '1441'],
  },
  'megabytes of a webhook': {
    faultOf: numberFaults.maxMegabytes,
    code: 'account.bad-number',
    good: ['', '0.5', '100'],
    bad: ['0', '101'],
  },
  'requests a second': {
    faultOf: numberFaults.callsPerSecond,
    code: 'account.bad-number',
    good: ['', '0.1', '5', '1000'],
    bad: ['0', '1e9'],
  },
  'seconds of a request': {
    faultOf: numberFaults.timeoutSeconds,
    code: 'account.bad-number',
    good: ['', '1', '30', '600'],
    bad: ['0', '0.5', '601', '3000000'],
  },
};

describe('the fields of an account', () => {
  for (const [name, { faultOf, code, good, bad }] of Object.entries(fields)) {
    for (const value of good) {
      it(`takes ${JSON.stringify(value)} as ${name}`, () => assert.equal(faultOf(value), undefined));
    }
    for (const value of bad) {
      it(`refuses ${JSON.stringify(value)} as ${name}`, () => assert.equal(faultOf(value)?.code, code));
    }
  }

  it('needs a shop and no channel', () => {
    assert.equal(shopFault(' ')?.code, 'account.no-shop');
    assert.equal(shopFault('旗舰店 1/2'), undefined);
    assert.equal(channelFault(''), undefined);
    assert.equal(channelFault('线下 pos'), undefined);
  });

  it('refuses names that cannot be stored or told apart', () => {
    for (const name of ['a\nb', 'a\u0000', '\ud800', 'x'.repeat(256)]) {
      assert.equal(shopFault(name)?.code, 'account.bad-name');
      assert.equal(channelFault(name)?.code, 'account.bad-name');
    }
  });
});
