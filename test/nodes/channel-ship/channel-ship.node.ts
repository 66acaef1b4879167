import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import channelAccount from '../../../nodes/channel-account/channel-account.ts';
import channelShip from '../../../nodes/channel-ship/channel-ship.ts';
import { helper } from '../shared/helper.ts';
import { type HubCase, startHubCase } from '../shared/hub-case.ts';

const account = 'c0a5000000000004';

interface Shipment {
  state: string;
  replayed?: boolean;
  carrier?: string;
  sentence?: string;
  code?: string;
}

describe('channel-ship', function () {
  this.timeout(30_000);
  let shop: Server;
  let hub: HubCase;
  let notes: string[];

  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(async () => {
    notes = [];
    shop = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const answer = (status: number, body: unknown) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        const isNote = /\/notes(\?|$)/.test(request.url ?? '');
        const isOrder = /\/orders\/\d+(\?|$)/.test(request.url ?? '');
        if (request.method === 'PUT') answer(200, {});
        else if (isOrder) answer(200, { status: 'processing' });
        else if (!isNote) answer(404, { code: 'rest_no_route', message: 'No route was found.' });
        else if (request.method === 'GET') answer(200, []);
        else {
          notes.push((JSON.parse(Buffer.concat(parts).toString()) as { note: string }).note);
          answer(201, { id: 7 });
        }
      });
    });
    shop.listen(0, '127.0.0.1');
    await once(shop, 'listening');
    hub = await startHubCase(
      channelShip,
      { type: 'channel-ship', ports: 2, account, carriers: [{ name: 'sf', code: 'SF Express' }] },
      [
        {
          node: channelAccount,
          config: {
            id: account,
            type: 'channel-account',
            platform: 'woocommerce',
            path: 'woo',
            channel: '',
            shop: 'main',
            currency: 'EUR',
            zone: 'UTC',
            repeats: 'platform',
            address: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`,
            version: 2,
          },
        },
      ],
      { [account]: { appKey: 'ck_test', appSecret: 'cs_test' } },
    );
  });
  afterEach(async () => {
    await hub.stop();
    shop.close();
  });
  const send = async (payload: object, key = 'woocommerce/main/1001') => {
    const { port, message } = await hub.send({ order: { key }, payload });
    return { port, shipment: message.shipment as Shipment };
  };

  it('tells a shop of a parcel once, by the code of its carrier', async () => {
    const first = await send({ carrier: 'SF', tracking: 'SF100' });
    assert.deepEqual([first.port, first.shipment.carrier, first.shipment.replayed], [0, 'SF Express', false]);
    const second = await send({ carrier: 'SF', tracking: 'SF100' });
    assert.deepEqual([second.port, second.shipment.replayed], [0, true]);
    assert.deepEqual(notes, ['SF Express SF100']);
  });

  it('tells parcels without a tracking number apart by their own numbers', async () => {
    const sent = { carrier: 'sf', tracking: '' };
    for (const parcel of ['P1', 'P2', 'P1', undefined, undefined]) await send({ ...sent, parcel });
    assert.deepEqual(notes, ['SF Express', 'SF Express', 'SF Express']);
    const { port, shipment } = await send({ ...sent, parcel: 'P1', tracking: 'SF9' });
    assert.deepEqual([port, shipment.code], [1, 'shipping.other-tracking']);
  });

  it('refuses a part where whole orders go only, another shop and a parcel without a carrier', async () => {
    const part = await send({ carrier: 'SF', tracking: '1', lines: [{ lineId: '1', quantity: 1 }] });
    assert.deepEqual([part.port, part.shipment.code], [1, 'woocommerce.whole-orders-only']);
    const other = await send({ carrier: 'SF', tracking: '1' }, 'jd/main/1');
    assert.deepEqual([other.port, other.shipment.code], [1, 'shipping.other-shop']);
    const none = await send({ tracking: '1' });
    assert.match(none.shipment.sentence!, /carrier is missing/);
    assert.deepEqual(notes, []);
  });
});
