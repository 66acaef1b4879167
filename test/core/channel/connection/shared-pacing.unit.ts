import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AccountCall } from '../../../../core/channel/connection/call/account-call.ts';
import { SharedPacing } from '../../../../core/channel/connection/call/shared-pacing.ts';
import { ChannelFault } from '../../../../core/channel/connection/fault.ts';
import { HubError } from '../../../../core/errors.ts';
import { heldUntil, takeTurn } from '../../../../core/store/queries/channel-paces.ts';
import type { Store } from '../../../../core/store/store.ts';
import { inTx } from '../../delivery/deliveries.ts';
import { type AnyPlace, onEachStore } from '../../store/each-store.ts';
import { makePostgresPlace, type PostgresPlace } from '../../store/postgres-place.ts';
import { idle } from '../answering-channel.ts';
import type { TurnsTask } from './turns-process.ts';

const hour = 3_600_000;
const program = fileURLToPath(new URL('./turns-process.ts', import.meta.url));

onEachStore('The pace of an account', (makePlace) => {
  let place: AnyPlace;
  let store: Store;
  beforeEach(async () => {
    place = await makePlace();
    store = await place.open();
  });
  afterEach(() => place.dispose());

  const pacingOn = (on: Store, perSecond = 10_000): SharedPacing => {
    const pacing = new SharedPacing('shop-main', perSecond);
    pacing.keepIn(on);
    return pacing;
  };

  it('lets requests go that nobody holds back', async () => {
    const pacing = pacingOn(store);
    assert.deepEqual(await Promise.all([pacing.take(1, idle, 0), pacing.take(1, idle, 0)]), [0, 0]);
    assert.equal(pacing.heldUntil(), null);
  });

  it('obeys after a restart what the platform demanded before', async () => {
    pacingOn(store).hold(hour);
    await inTx(store, async () => undefined);
    await store.close();
    const reopened = await place.open();
    const pacing = pacingOn(reopened);
    await pacing.learn();
    const until = pacing.heldUntil() ?? 0;
    assert.ok(until > Date.now() + hour - 60_000, 'what the platform demanded was forgotten');
    const left = await pacing.take(1, idle, 10_000);
    assert.ok(left > hour - 60_000 && left <= hour, `it is held for ${left} ms`);
    // Who may wait goes once that is over: not before, so this one is still waiting when it is given up.
    const giveUp = new AbortController();
    const waiting = pacing.take(1, giveUp.signal, 2 * hour);
    giveUp.abort(new Error('given up'));
    await assert.rejects(waiting, /given up/);
  });

  it('keeps the longer of two demands, and each account its own', async () => {
    const pacing = pacingOn(store);
    pacing.hold(hour);
    pacing.hold(1_000);
    await pacing.take(1, idle, 0);
    const until = await heldUntil(store.read, 'shop-main');
    assert.ok(until > store.now() + hour - 60_000, 'a shorter demand took the place of the longer one');
    assert.equal(await heldUntil(store.read, 'shop-second'), 0);
  });

  it('tells a demand to a store that comes back, and lets nothing go meanwhile', async () => {
    const pacing = pacingOn(store);
    await pacing.take(1, idle, 0);
    await store.close();
    pacing.hold(hour);
    await assert.rejects(
      pacing.take(1, idle, 0),
      (error) => HubError.is(error) && error.code === 'store.closed',
    );
    const reopened = await place.open();
    pacing.keepIn(reopened);
    assert.ok((await pacing.take(1, idle, 0)) > 0, 'a request went while the platform wanted none');
    assert.ok((await heldUntil(reopened.read, 'shop-main')) > 0, 'the store was not told');
  });

  it('keeps an account from being called that was told to wait before the restart', async () => {
    pacingOn(store).hold(hour);
    await inTx(store, async () => undefined);
    const account = new AccountCall({ platform: 'Shop', pacing: pacingOn(store) });
    try {
      let made = 0;
      const request = () => {
        made += 1;
        return { name: 'orders', method: 'GET' as const, url: 'http://127.0.0.1:1/', repeatable: true };
      };
      const fault = await account.call(request, () => 'answered', idle).catch((error: unknown) => error);
      assert.ok(ChannelFault.is(fault), String(fault));
      assert.deepEqual([fault.kind, fault.code], ['throttled', 'channel.held']);
      assert.ok((fault.retryAfterMs ?? 0) > hour - 60_000, 'it does not say for how long');
      assert.match(fault.told('zh-CN'), /暂停请求/);
      assert.equal(made, 1, 'it is asked for its weight, and not sent');
      assert.ok(account.state().heldUntil !== null, 'it does not show that it is held');
    } finally {
      account.close();
    }
  });
});

describe('One pace for all processes on a PostgreSQL store', () => {
  let place: PostgresPlace;
  beforeEach(async () => {
    place = await makePostgresPlace();
  });
  afterEach(() => place.dispose());

  it('is heard of by another process that the platform wants no requests', async () => {
    const [one, two] = [new SharedPacing('shop', 10_000), new SharedPacing('shop', 10_000)];
    one.keepIn(await place.open());
    const other = await place.open();
    two.keepIn(other);
    assert.equal(await two.take(1, idle, 0), 0);
    one.hold(hour);
    await one.take(1, idle, 0);
    assert.ok((await two.take(1, idle, 0)) > hour - 60_000, 'the other process goes on calling');
    assert.ok(two.heldUntil() !== null, 'it does not show why it waits');
  });

  it('takes no turn for a request that is held back', async () => {
    const pacing = new SharedPacing('shop', 1);
    const store = await place.open();
    pacing.keepIn(store);
    pacing.hold(hour);
    for (let index = 0; index < 50; index += 1) await pacing.take(1, idle, 0);
    const row = await store.read.selectFrom('channel_paces').selectAll().executeTakeFirstOrThrow();
    assert.equal(row.arrival_us, 0);
  });

  it('weighs requests: who comes after a heavy one waits for it', async () => {
    const store = await place.open();
    const ask = (costUs: number) => takeTurn(store.shared!, { account: 'shop', costUs, aheadUs: 100_000 });
    const heavy = await ask(20_000_000);
    assert.ok(heavy.at <= heavy.now, 'the first request waits');
    const light = await ask(1_000);
    assert.ok(Math.abs(light.at - heavy.now - 19_900) < 1, `it goes after ${light.at - heavy.now} ms`);
  });

  it('is kept by two processes together', async function () {
    this.timeout(60_000);
    // Makes the tables, so that neither of the two does while the other looks.
    await place.open();
    const [count, perSecond] = [150, 100];
    const task: TurnsTask = {
      connectionString: place.server.connectionString(),
      schema: place.schema,
      account: 'shop',
      count,
      perSecond,
    };
    const asking = ['one', 'two'].map(() => {
      const execArgv = ['--disable-warning=ExperimentalWarning'];
      const child = fork(program, [JSON.stringify(task)], { execArgv });
      const gone = new Promise<never>((_resolve, reject) => {
        child.once('exit', (code) => reject(new Error(`It ended with ${code} and told nothing`)));
      });
      const told = () => Promise.race([once(child, 'message'), gone]);
      return { child, told };
    });
    await Promise.all(asking.map(({ told }) => told()));
    for (const { child } of asking) child.send('go');
    const turns = await Promise.all(asking.map(async ({ told }) => (await told())[0] as number[]));
    const all = turns.flat().sort((a, b) => a - b);
    assert.equal(all.length, 2 * count);
    // Turns are a rate's step apart but for the burst, whoever asks for them and however late they are asked for.
    const burst = 1 + perSecond / 10;
    const most = Math.max(...all.map((from) => all.filter((at) => at >= from && at < from + 500).length));
    assert.ok(most <= perSecond / 2 + burst, `${most} turns in half a second at ${perSecond} a second`);
  });
});
