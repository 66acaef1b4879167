import assert from 'node:assert/strict';
import {
  ChannelFault,
  callerFault,
  platformFault,
  throttledFault,
} from '../../../../core/channel/connection/fault.ts';
import type { Shipment, ShipmentTarget } from '../../../../core/channel/connection/shipment-target.ts';
import { isRefused, type Parcel, shipParcel } from '../../../../core/channel/shipping/ship-parcel.ts';
import type { CommandHandler, Store } from '../../../../core/store/store.ts';
import { type AnyPlace, onEachStore } from '../../store/each-store.ts';
import { idle } from '../answering-channel.ts';

const parcel: Parcel = {
  account: 'fake-main',
  orderKey: 'fake/main/1',
  channelOrderId: '1',
  carrier: 'SF',
  tracking: 'SF100',
  lines: null,
};
const said = { platform: 'Fake', call: 'ship', code: 'X', said: 'no' };

onEachStore('telling a channel of parcels', (makePlace) => {
  let place: AnyPlace;
  let store: Store;
  let now: number;
  let calls: Shipment[];
  let answer: () => Awaited<ReturnType<ShipmentTarget['ship']>> | Promise<never>;
  const target: ShipmentTarget = {
    partial: 'quantities',
    async ship(shipment) {
      calls.push(shipment);
      return answer();
    },
  };
  const ship = (more: Partial<Parcel> = {}) => shipParcel(store, target, { ...parcel, ...more }, idle);

  beforeEach(async () => {
    place = await makePlace();
    now = Date.UTC(2026, 8, 1);
    store = await place.open({ now: () => now });
    calls = [];
    answer = () => ({ kind: 'shipped', channelShipmentId: '77' });
  });
  afterEach(() => place.dispose());

  it('tells it once, and answers the same when asked again', async () => {
    const first = await ship();
    const second = await ship();
    assert.deepEqual([first.channelShipmentId, first.replayed], ['77', false]);
    assert.deepEqual(second, { ...first, replayed: true });
    assert.equal(calls.length, 1);
  });

  it('asks again with the same key when the answer was lost', async () => {
    answer = () => {
      throw platformFault(said);
    };
    await assert.rejects(ship(), { code: 'channel.platform-trouble' });
    answer = () => ({ kind: 'already', channelShipmentId: null });
    await assert.rejects(ship(), { code: 'shipping.under-way', retryable: true, retryAfterMs: 5_000 });
    assert.equal(calls.length, 1, 'asked again before the first call can have got through');
    now += 5_000;
    assert.equal((await ship()).already, true);
    assert.deepEqual(
      calls.map(({ key, lost }) => [key, lost]),
      [
        [calls[0]!.key, false],
        [calls[0]!.key, true],
      ],
    );
  });

  it('knows which attempts certainly came to nothing', async () => {
    answer = () => {
      throw throttledFault(said, 1_000);
    };
    await assert.rejects(ship(), { code: 'channel.throttled' });
    answer = () => {
      throw platformFault(said);
    };
    await assert.rejects(ship(), { code: 'channel.platform-trouble' });
    now += 5_000;
    answer = () => {
      throw throttledFault(said, 1_000);
    };
    await assert.rejects(ship(), { code: 'channel.throttled' });
    answer = () => ({ kind: 'shipped', channelShipmentId: null });
    now += 5_000;
    await ship();
    assert.deepEqual(
      calls.map(({ lost }) => lost),
      [false, false, true, true],
    );
  });

  it('tells parcels without a tracking number apart by their own numbers', async () => {
    const part = { tracking: '', lines: [{ lineId: '1', quantity: 1 }] };
    let id = 0;
    answer = () => ({ kind: 'shipped', channelShipmentId: String(++id) });
    const first = await ship({ ...part, parcel: 'P1' });
    const second = await ship({ ...part, parcel: 'P2' });
    assert.deepEqual([first.channelShipmentId, second.channelShipmentId], ['1', '2']);
    assert.equal((await ship({ ...part, parcel: 'P1' })).replayed, true);
    assert.deepEqual(
      calls.map(({ others }) => others),
      [[], ['1']],
      'what the channel has of another parcel may be taken for this one',
    );
    const without = await ship(part);
    assert.equal((await ship(part)).replayed, true, 'nothing says that it is another one');
    assert.equal(without.channelShipmentId, '3');
  });

  it('tells nothing else under a number that was told', async () => {
    await ship({ parcel: 'P1' });
    await assert.rejects(ship({ parcel: 'P1', tracking: 'SF200' }), { code: 'shipping.other-tracking' });
    const lines = [{ lineId: '1', quantity: 1 }];
    await assert.rejects(ship({ parcel: 'P1', lines }), { code: 'shipping.other-lines' });
    answer = () => {
      throw callerFault(said);
    };
    await assert.rejects(ship({ parcel: 'P2' }));
    answer = () => ({ kind: 'shipped', channelShipmentId: null });
    assert.equal((await ship({ parcel: 'P2', tracking: 'SF300', lines })).tracking, 'SF300');
    const rows = await store.read.selectFrom('channel_shipments').select(['tracking', 'lines']).execute();
    assert.ok(rows.some((row) => row.tracking === 'SF300' && row.lines === JSON.stringify(lines)));
  });

  it('takes a line that is named twice for the sum of both', async () => {
    const line = { lineId: '1', quantity: 1 };
    await ship({ lines: [line, { lineId: '2', quantity: 1 }, line] });
    assert.deepEqual(calls[0]!.lines, [
      { lineId: '1', quantity: 2 },
      { lineId: '2', quantity: 1 },
    ]);
    assert.equal(
      (
        await ship({
          lines: [
            { lineId: '2', quantity: 1 },
            { lineId: '1', quantity: 2 },
          ],
        })
      ).replayed,
      true,
    );
  });

  it('looks for what a killed process was telling, once that can have got through', async () => {
    answer = () => {
      throw platformFault(said);
    };
    await assert.rejects(ship());
    const killed: CommandHandler<string, string> = {
      name: 'test.killed',
      run: async (tx, commands) => {
        const set = { owner: 'dead/1', claimed_until: tx.now + 60_000 };
        for (const row of await tx.db.selectFrom('channel_shipments').select('key').execute())
          await tx.update('channel_shipments', [{ key: row, set }]);
        return [...commands];
      },
    };
    await store.execute(killed, '');
    answer = () => ({ kind: 'already', channelShipmentId: '77' });
    await assert.rejects(ship(), { code: 'shipping.under-way' });
    now += store.kind === 'sqlite' ? 5_000 : 60_000;
    assert.equal((await ship()).already, true);
    assert.equal(calls[1]!.lost, true);
  });

  it('keeps what was refused, and lets it be tried again', async () => {
    answer = () => {
      throw callerFault(said);
    };
    await assert.rejects(ship({ carrier: 'NOBODY' }), { code: 'channel.request-refused', kind: 'caller' });
    const row = await store.read.selectFrom('channel_shipments').selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([row.state, row.result, row.attempts], ['refused', 'channel.request-refused', 1]);
    answer = () => ({ kind: 'shipped', channelShipmentId: null });
    assert.equal((await ship()).state, 'shipped');
  });

  it('looks again after a look that was refused, and tells nothing else meanwhile', async () => {
    answer = () => {
      throw platformFault(said);
    };
    await assert.rejects(ship());
    now += 5_000;
    answer = () => {
      throw callerFault(said);
    };
    await assert.rejects(ship(), { code: 'channel.request-refused' });
    now += 5_000;
    await assert.rejects(ship({ carrier: 'YTO' }), { code: 'shipping.other-carrier' });
    answer = () => ({ kind: 'already', channelShipmentId: '77' });
    assert.equal((await ship()).already, true);
    assert.deepEqual(
      calls.map(({ lost }) => lost),
      [false, true, true],
    );
  });

  it('takes for refused what the channel refuses after it was looked at', async () => {
    answer = () => {
      throw platformFault(said);
    };
    await assert.rejects(ship({ carrier: 'NOBODY' }));
    now += 5_000;
    answer = () => {
      calls.at(-1)!.looked!();
      throw callerFault(said);
    };
    await assert.rejects(ship({ carrier: 'NOBODY' }), { code: 'channel.request-refused' });
    answer = () => ({ kind: 'shipped', channelShipmentId: null });
    assert.equal((await ship({ carrier: 'SF' })).state, 'shipped');
    assert.deepEqual(
      calls.map(({ lost }) => lost),
      [false, true, false],
    );
  });

  it('leaves to a person what only that one can find out, however often the message comes', async () => {
    answer = () => {
      throw platformFault(said);
    };
    await assert.rejects(ship());
    now += 5_000;
    answer = () => {
      throw new ChannelFault('caller', 'channel.outcome-unknown', { platform: 'Fake' });
    };
    for (let time = 0; time < 2; time += 1) await assert.rejects(ship(), { code: 'channel.outcome-unknown' });
    answer = () => ({ kind: 'shipped', channelShipmentId: '78' });
    assert.equal((await ship({ again: true })).channelShipmentId, '78');
    assert.equal((await ship({ again: true })).replayed, true);
    assert.deepEqual(
      calls.map(({ lost }) => lost),
      [false, true, true, false],
    );
  });

  it('tries a parcel again by itself after what is amiss at the address', async () => {
    answer = () => {
      throw new ChannelFault('caller', 'channel.certificate', { host: 'x' }, { retryable: true });
    };
    const fault = await ship().catch((error: unknown) => error);
    assert.equal(isRefused(fault), false);
    const row = await store.read.selectFrom('channel_shipments').selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([row.state, row.result], ['sending', 'not-taken']);
  });

  it('refuses another carrier for a parcel that was told, and takes another parcel of the order', async () => {
    await ship();
    await assert.rejects(ship({ carrier: 'YTO' }), { code: 'shipping.other-carrier' });
    await ship({ lines: [{ lineId: '1', quantity: 1 }] });
    await ship({ tracking: 'SF101' });
    assert.equal(new Set(calls.map(({ key }) => key)).size, 3);
  });

  it('lets only one of two at once call', async () => {
    let go: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => (go = resolve));
    const slow: ShipmentTarget = {
      partial: 'none',
      ship: async (shipment) => {
        calls.push(shipment);
        await waits;
        return { kind: 'shipped', channelShipmentId: null };
      },
    };
    const first = shipParcel(store, slow, parcel, idle);
    await assert.rejects(shipParcel(store, slow, parcel, idle), {
      code: 'shipping.under-way',
      retryable: true,
    });
    go();
    await first;
    assert.equal(calls.length, 1);
  });
});
