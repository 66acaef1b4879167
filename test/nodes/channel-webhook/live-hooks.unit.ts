import assert from 'node:assert/strict';
import { platformNamed } from '../../../core/channel/platform.ts';
import { type LiveHook, LiveHooks } from '../../../nodes/channel-webhook/live-hooks.ts';

const longMs = 60_000;

function hook(ready: () => boolean): LiveHook {
  return {
    account: {
      platform: platformNamed('shopify'),
      rules: { secrets: [], replayWindowMs: 0, contentRepeats: true },
      disabled: false,
    },
    ready,
    store: async () => ({ repeated: false }),
    answered: () => undefined,
  };
}

describe('the hooks behind the route', () => {
  it('answers at once with a hook that is ready', async () => {
    const hooks = new LiveHooks();
    const here = hook(() => true);
    hooks.open('a', here);
    assert.equal(await hooks.find('a', longMs), here);
  });

  it('answers at once that there is none while the flows run', async () => {
    const hooks = new LiveHooks();
    hooks.flowsRun = true;
    assert.equal(await hooks.find('a', longMs), undefined);
  });

  it('waits for a hook that is opened during a deploy', async () => {
    const hooks = new LiveHooks();
    const found = hooks.find('a', longMs);
    const other = hook(() => true);
    hooks.open('b', other);
    const here = hook(() => true);
    hooks.open('a', here);
    assert.equal(await found, here);
  });

  it('waits for the store of a hook to open', async () => {
    const hooks = new LiveHooks();
    let ready = false;
    const here = hook(() => ready);
    hooks.open('a', here);
    const found = hooks.find('a', longMs);
    ready = true;
    hooks.changed();
    assert.equal(await found, here);
  });

  it('stops waiting when the deploy is over and no hook came', async () => {
    const hooks = new LiveHooks();
    const found = hooks.find('a', longMs);
    hooks.flowsRun = true;
    assert.equal(await found, undefined);
  });

  it('stops waiting after its patience', async () => {
    const hooks = new LiveHooks();
    const here = hook(() => false);
    hooks.open('a', here);
    assert.equal(await hooks.find('a', 5), here);
  });

  it('has one hook a path, and an old one cannot close a new one', () => {
    const hooks = new LiveHooks();
    const close = hooks.open(
      'a',
      hook(() => true),
    );
    assert.equal(
      hooks.open(
        'a',
        hook(() => true),
      ),
      undefined,
    );
    close?.();
    assert.ok(
      hooks.open(
        'a',
        hook(() => true),
      ),
    );
    close?.();
    assert.equal(
      hooks.open(
        'a',
        hook(() => true),
      ),
      undefined,
    );
  });
});
