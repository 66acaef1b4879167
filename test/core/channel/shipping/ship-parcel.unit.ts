import assert from 'node:assert/strict';
import { callerFault, platformFault } from '../../../../core/channel/connection/fault.ts';
import type { Shipment, ShipmentTarget } from '../../../../core/channel/connection/shipment-target.ts';
import { type Parcel, shipParcel } from '../../../../core/channel/shipping/ship-parcel.ts';
import type { Store } from '../../../../core/store/store.ts';
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
    store = await place.open();
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
    assert.equal((await ship()).already, true);
    assert.equal(calls.length, 2);
    assert.equal(calls[0]!.key, calls[1]!.key);
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
