import assert from 'node:assert/strict';
import { hardTexts } from '../support/hard-texts.ts';
import { jsonIn, jsonInGbk } from './gateway/charset.ts';
import { phpJson } from './json.ts';
import { type PlatformName, platforms } from './platforms/index.ts';
import { startSimulator } from './simulator.ts';

describe('How the simulator writes its answers', () => {
  const value = { texts: hardTexts, slash: 'a/b\\/c\\\\/d', quote: '"', '名/字': '\\u4e2d' };

  it('escapes all but ASCII, and slashes, or nothing that need not be, with one meaning', () => {
    const escaped = jsonIn('escaped', JSON.stringify(value));
    assert.match(escaped, /^[ -~]*$/);
    assert.doesNotMatch(escaped, /[^\\]\//);
    assert.deepEqual(JSON.parse(escaped), value);
    const plain = jsonIn('plain', phpJson(value));
    assert.match(plain, /平面/);
    assert.match(plain, /a\/b/);
    assert.deepEqual(JSON.parse(plain), value);
  });

  it('writes GBK, and escapes what that does not have', () => {
    const bytes = jsonInGbk(JSON.stringify(value));
    assert.deepEqual(
      bytes.subarray(bytes.indexOf(0xc6)).subarray(0, 2),
      Buffer.from([0xc6, 0xbd]),
      '平 is C6BD',
    );
    assert.deepEqual(JSON.parse(new TextDecoder('gbk').decode(bytes)), value);
  });

  it('does so for every platform: all answer JSON that says it is JSON', async () => {
    const names = Object.keys(platforms) as PlatformName[];
    const simulator = await startSimulator({
      seed: 1,
      platforms: Object.fromEntries(names.map((name) => [name, { json: 'escaped' }])),
    });
    try {
      for (const { platform, address } of simulator.shops) {
        // Where there is nothing, Douyin answers a page.
        const path = platform === 'douyin' ? '/order/searchList' : '';
        const answer = await fetch(`${address}${path}`, { method: 'POST' });
        assert.match(answer.headers.get('content-type') ?? '', /json/, platform);
        assert.match(await answer.text(), /^[ -~]*$/, platform);
      }
    } finally {
      await simulator.close();
    }
  });
});
