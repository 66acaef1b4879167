import { showPoll } from '../../../nodes/channel-poll/poll-status.ts';
import { NodeStatus } from '../../../nodes/shared/node-status.ts';
import { account, PollingCase } from '../../core/channel/polling/polling-case.ts';
import { openSimulated } from '../../core/channel/simulated-channel.ts';
import { makeSqlitePlace } from '../../core/store/sqlite-place.ts';
import type { PlatformName } from '../../simulator/platforms/index.ts';
import { startSimulator } from '../../simulator/simulator.ts';

/*
 * Reads simulated shops for two days by a virtual clock, and tells the parent what came of it. Its one argument is a
 * ZoneTask as JSON; the zone of this process is its environment's.
 */

export interface ZoneTask {
  /** Epoch milliseconds. */
  begin: number;
  clockAheadMinutes: number;
}

export interface ZoneRead {
  platform: string;
  orders: number;
  /** Orders that are not here in their last state. */
  passedOver: string[];
  faults: number;
  /** What status and sheet say in the end. */
  status: string;
  note: string | null;
  /** Counted days: name, hours, how many of how many. */
  days: string[];
}

export interface ZoneAnswer {
  serverZone: string;
  reads: ZoneRead[];
}

const minute = 60_000;
const hour = 60 * minute;
const everyMs = 30 * minute;
const hours = 44;

async function readShop(platform: PlatformName, zone: string, task: ZoneTask): Promise<ZoneRead> {
  const one = await PollingCase.begin(makeSqlitePlace);
  one.time.jump(task.begin - one.time.now());
  const clock = { now: () => one.time.now() + task.clockAheadMinutes * minute };
  const simulator = await startSimulator({ seed: 11, clock, platforms: { [platform]: { limit: null } } });
  const shop = simulator.shop(platform);
  const { connection, close } = openSimulated(shop, one.time);
  try {
    const poller = one.poller({
      account: { ...account, zone },
      connect: async () => connection,
      intervalMs: everyMs,
      census: { everyMs: 24 * hour },
    });
    await one.nextSheet();
    for (let step = 0; step < (hours * hour) / everyMs; step += 1) {
      await one.until(() => one.time.nextIn > 0, 'it had nothing to do');
      shop.shop.live(3);
      await one.sheetAfter(everyMs);
    }
    // What a clock that is ahead has stamped is read when that time has come.
    for (let quiet = 0; quiet < 2; quiet += 1) await one.sheetAfter(everyMs);
    await one.until(() => one.time.nextIn > 0, 'it had nothing to do');
    const rows = await one.store.read.selectFrom('channel_orders').selectAll().execute();
    const here = new Map(rows.map((row) => [row.channel_order_id, row.modified_at]));
    const shown: { text?: string }[] = [];
    showPoll(new NodeStatus({ status: (now) => shown.push(now as object) }), poller.state(), rows.length);
    return {
      platform,
      orders: rows.length,
      passedOver: shop.shop
        .listedOrders()
        .filter(({ id, times }) => here.get(id) !== times.modified)
        .map(({ id }) => id),
      faults: one.sheets.filter(({ fault }) => fault !== null).length,
      status: shown[0]?.text ?? '',
      note: one.sheets.at(-1)!.note?.code ?? null,
      days: one.censuses
        .filter(({ kind }) => kind === 'day')
        .map(({ day, windowFrom, windowUntil, had, listed }) => {
          const long = (windowUntil - windowFrom) / hour;
          return `${day} ${long} h ${had} of ${listed}`;
        }),
    };
  } finally {
    await one.end();
    close();
    await simulator.close();
  }
}

if (!process.send) throw new Error('This file is a child process of the tests of time zones.');
const task = JSON.parse(process.argv[2] ?? '{}') as ZoneTask;
const answer: ZoneAnswer = {
  serverZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  reads: [
    await readShop('taobao', 'Asia/Shanghai', task),
    await readShop('woocommerce', 'America/New_York', task),
  ],
};
process.send(answer, () => process.exit());
