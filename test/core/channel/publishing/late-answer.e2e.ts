import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { AccountPacing } from '../../../../core/channel/connection/call/account-pacing.ts';
import { openChannel } from '../../../../core/channel/open-channel.ts';
import { platformNamed } from '../../../../core/channel/platform.ts';
import { StockPusher } from '../../../../core/channel/publishing/stock-pusher.ts';
import { systemTimers, type Timers } from '../../../../core/delivery/timers.ts';
import type { Store } from '../../../../core/store/store.ts';
import { makeSqlitePlace, type SqlitePlace } from '../../store/sqlite-place.ts';

/** Ten times as fast as the wall's clock. */
const speed = 10;
const began = Date.now();
const now = (): number => began + (Date.now() - began) * speed;
const timers: Timers = { after: (ms, act) => systemTimers.after(ms / speed, act) };

describe('a shop that goes on with a request whose connection was cut', () => {
  let place: SqlitePlace;
  let store: Store;
  let server: http.Server;
  let close: () => void;
  /** What the shop was told, in the order in which it took it. */
  let taken: number[];
  let late: Promise<void>;
  let pusher: StockPusher;

  beforeEach(async () => {
    place = await makeSqlitePlace();
    store = await place.open({ now });
    taken = [];
    let requests = 0;
    let isLate = (): void => undefined;
    late = new Promise((resolve) => {
      isLate = resolve;
    });
    server = http.createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { update } = JSON.parse(Buffer.concat(parts).toString()) as {
          update: { stock_quantity: number }[];
        };
        const take = (): void => void taken.push(...update.map(({ stock_quantity: units }) => units));
        requests += 1;
        if (requests > 1) {
          take();
          response.setHeader('content-type', 'application/json').end(JSON.stringify({ update }));
          return;
        }
        request.socket.destroy();
        systemTimers.after(2_500 / speed, () => {
          take();
          isLate();
        });
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const opened = await openChannel(platformNamed('woocommerce'), {
      shop: 'main',
      address: `http://127.0.0.1:${port}`,
      credentials: { appKey: 'ck', appSecret: 'cs' },
      settings: {},
      zone: 'UTC',
      currency: 'EUR',
      pacing: new AccountPacing(1e6),
      firstWaitMs: 1,
    });
    close = () => opened.close();
    pusher = new StockPusher({
      store,
      account: { account: 'woo', channel: 'woocommerce', shop: 'main' },
      connect: async () => opened.connection.stock,
      timers,
      readBackPercent: 0,
    });
  });
  afterEach(async () => {
    await pusher.close();
    close();
    server.close();
    server.closeAllConnections();
    await place.dispose();
  });

  it('is told a newer number only after the older one had time to get through', async () => {
    const told = { share: 's1', listing: '1', open: true };
    await assert.rejects(pusher.push({ ...told, version: 5, sellable: 9 }));
    const newer = pusher.push({ ...told, version: 6, sellable: 0, open: false });
    await Promise.all([newer, late]);
    assert.deepEqual(taken, [9, 0]);
  });
});
