import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import channelAccount from '../../../nodes/channel-account/channel-account.ts';
import channelStock from '../../../nodes/channel-stock/channel-stock.ts';
import { helper } from '../shared/helper.ts';
import { type HubCase, startHubCase } from '../shared/hub-case.ts';

const account = 'c0a5000000000003';

interface Push {
  pushed?: { listing: string; state: string; newer?: number }[];
  refusals?: { listing?: string; code: string; sentence: string }[];
}

describe('channel-stock', function () {
  this.timeout(30_000);
  let shop: Server;
  let hub: HubCase;
  let asked: { id: number; stock_quantity: number }[][];

  before(() => helper.startServer());
  after(() => helper.stopServer());
  beforeEach(async () => {
    asked = [];
    shop = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { update } = JSON.parse(Buffer.concat(parts).toString()) as { update: (typeof asked)[number] };
        asked.push(update);
        const rows = update.map((row) =>
          row.id === 99 ? { id: 99, error: { code: 'x', message: 'Invalid ID.' } } : row,
        );
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ update: rows }));
      });
    });
    shop.listen(0, '127.0.0.1');
    await once(shop, 'listening');
    hub = await startHubCase(
      channelStock,
      { type: 'channel-stock', ports: 3, account, readBackPercent: '0' },
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
  const send = async (payload: unknown) => {
    const { port, message } = await hub.send({ payload });
    return { port, push: message.push as Push, message };
  };

  it('tells a shop a state once it is answered, and none that is older', async () => {
    const first = await send({ listing: '11', sellable: 7, version: 2 });
    assert.equal(first.port, 0);
    assert.equal(first.push.pushed![0]!.state, 'pushed');
    const older = await send({ listing: '11', sellable: 9, version: 1 });
    assert.deepEqual(
      [older.port, older.push.pushed![0]!.state, older.push.pushed![0]!.newer],
      [0, 'newer', 2],
    );
    assert.deepEqual(asked, [[{ id: 11, manage_stock: true, stock_quantity: 7 }]]);
  });

  it('lets a refused listing leave by its own port, with the words of the shop', async () => {
    const { port, push } = await send({ listing: '99', sellable: 1, version: 1 });
    assert.equal(port, 1);
    assert.equal(push.refusals![0]!.listing, '99');
    assert.match(push.refusals![0]!.sentence, /Invalid ID/);
  });

  it('refuses what is no state, and says which field is wrong', async () => {
    const { port, push } = await send([{ listing: '11', sellable: -1, version: 1 }]);
    assert.equal(port, 1);
    assert.match(push.refusals![0]!.sentence, /Entry 1 .*sellable/);
    assert.equal((await send([])).push.refusals![0]!.code, 'pushes.nothing');
    assert.equal(asked.length, 0);
  });

  it('hands on what belongs to another shop', async () => {
    const state = { channel: 'taobao', shop: 'main', listing: '11', sellable: 1, version: 1 };
    const { port, message } = await send(state);
    assert.deepEqual([port, message.payload], [2, state]);
    assert.equal(asked.length, 0);
  });
});
