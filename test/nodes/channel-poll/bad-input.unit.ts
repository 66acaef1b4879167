import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ChannelConnection } from '../../../core/channel/connection/connection.ts';
import { platformNamed, platformNames } from '../../../core/channel/platform.ts';
import { toldRun } from '../../../core/insight/query/channels.ts';
import { languages } from '../../../core/message.ts';
import { showPoll } from '../../../nodes/channel-poll/poll-status.ts';
import { NodeStatus } from '../../../nodes/shared/node-status.ts';
import { type Answer, answeringChannel } from '../../core/channel/answering-channel.ts';
import { minute } from '../../core/channel/polling/fake-shop.ts';
import { PollingCase } from '../../core/channel/polling/polling-case.ts';
import { openSimulated } from '../../core/channel/simulated-channel.ts';
import { makeSqlitePlace } from '../../core/store/sqlite-place.ts';
import type { RequestFault } from '../../simulator/faults.ts';
import { type PlatformName, platforms } from '../../simulator/platforms/index.ts';
import { type SimulatedShop, type Simulator, startSimulator } from '../../simulator/simulator.ts';

const readable = (Object.keys(platforms) as PlatformName[]).filter((name) =>
  platformNames.some((one) => one === name),
);

/** The simulated shop of one's own, read page by page with a cursor. */
const ownShop = {
  title: 'Own shop',
  authentication: { kind: 'bearer' },
  orders: {
    request: {
      path: '/orders',
      query: { updated_from: '{from}', updated_until: '{until}', limit: '{size}', cursor: '{cursor}' },
    },
    records: 'orders',
    id: 'id',
    modified: 'updated_at',
    paging: { kind: 'cursor', next: 'next_cursor' },
    pageSize: 50,
  },
  outcome: { code: 'error.code', message: 'error.message' },
};

/** The texts of a status in one language, as the node's catalogue has them. */
function textsOf(language: string): Record<string, string> {
  const file = new URL(`../../../nodes/channel-poll/locales/${language}/channel-poll.json`, import.meta.url);
  const { status } = (JSON.parse(readFileSync(file, 'utf8')) as Catalogue)['channel-poll'];
  return status;
}
interface Catalogue {
  'channel-poll': { status: Record<string, string> };
}

interface Row {
  /** What the status says: keys of the node's catalogue, any of them. */
  status: readonly string[];
  /** Codes of the sheet, any of them. */
  codes: readonly string[];
  /** Words of the platform's that the sentence has. */
  said?: RegExp;
}

/** What every platform must be said to do. Where one has no cursor, or numbers no pages, it cannot do that wrong. */
const struck: readonly (Row & { what: string; fault: RequestFault; only?: readonly PlatformName[] })[] = [
  {
    what: 'an expired token',
    fault: 'revoked-token',
    status: ['credentials'],
    codes: ['channel.credentials-refused'],
  },
  {
    what: 'a clock ten minutes off that the platform refuses',
    fault: 'clock-off',
    only: ['taobao', 'pinduoduo', 'douyin', 'jd'],
    status: ['clock'],
    codes: ['channel.clock-off'],
  },
  {
    what: 'an HTML page with status 200',
    fault: 'html-page',
    status: ['web-page'],
    codes: ['channel.answer-not-json'],
    said: /Please try again later/,
  },
  {
    what: 'truncated JSON',
    fault: 'truncated-json',
    status: ['cut'],
    codes: ['channel.answer-truncated'],
  },
  {
    what: 'a page that repeats for ever',
    fault: 'page-repeats',
    // Where pages are asked for by cursors, a page that comes again brings its cursor again, and the other way round.
    status: ['page-repeats', 'cursor-back'],
    codes: ['channel.page-repeats', 'polling.page-repeats', 'channel.cursor-back'],
  },
  {
    what: 'a cursor that goes back',
    fault: 'cursor-back',
    only: ['shopify', 'custom'],
    status: ['cursor-back', 'page-repeats'],
    codes: ['channel.cursor-back', 'channel.page-repeats'],
  },
];

/** What platforms answer whose owner took a right away: by their documentation. */
const withoutRight: Partial<Record<PlatformName, Answer>> = {
  taobao: {
    body: {
      error_response: {
        code: 11,
        msg: 'Insufficient isv permissions',
        sub_code: 'isv.permission-api-package-limit',
      },
    },
  },
  jd: {
    body: { error_response: { code: '901', zh_desc: '应用没有该接口的权限', en_desc: 'no permission' } },
  },
  pinduoduo: { body: { error_response: { error_code: 20031, error_msg: '用户没有授权访问此接口' } } },
  shopify: { body: { errors: [{ message: 'Access denied', extensions: { code: 'ACCESS_DENIED' } }] } },
  woocommerce: { status: 403, body: { code: 'woocommerce_rest_cannot_view', message: 'Sorry.' } },
  custom: { status: 403, body: {} },
};

/** The same connection, on which something happens behind the first page of a reading. */
function afterFirstPage({ orders, ...rest }: ChannelConnection, act: () => void): ChannelConnection {
  return {
    ...rest,
    orders: {
      ...orders!,
      window: orders!.window,
      async *changed(window, signal) {
        for await (const page of orders!.changed(window, signal)) {
          yield page;
          act();
        }
      },
    },
  };
}

for (const name of readable)
  describe(`reading ${name} says what is wrong, moves no watermark and loses nothing:`, function () {
    this.timeout(60_000);
    let one: PollingCase;
    let simulator: Simulator;
    let shop: SimulatedShop;
    let connection: ChannelConnection;
    const opened: { close(): void }[] = [];

    beforeEach(async () => {
      one = await PollingCase.begin(makeSqlitePlace);
      one.poller();
      await one.nextSheet();
      await one.pollers[0]!.stop();
      simulator = await startSimulator({
        seed: 1,
        clock: one.time,
        platforms: { [name]: { orders: 300, spanMs: 4 * minute, limit: null } },
      });
      shop = simulator.shop(name);
      connection = opens(shop.access);
      // The last minutes are read for themselves by some; that one page repeats takes several in the part before.
      one.time.jump(3 * minute);
    });
    afterEach(async () => {
      await one.end();
      for (const one of opened.splice(0)) one.close();
      await simulator.close();
    });

    function opens(access: SimulatedShop['access']): ChannelConnection {
      const { platform, address } = shop;
      const settings = { ...access, ...(name === 'custom' && { custom: JSON.stringify(ownShop) }) };
      const made = openSimulated({ platform, address, access }, one.time, settings);
      opened.push(made);
      return made.connection;
    }

    async function expectNamed({ status, codes, said }: Row): Promise<void> {
      const before = await one.watermark();
      const poller = one.poller({ connect: async () => connection });
      const sheet = await one.nextSheet();
      const shown: { text?: string; fill?: string }[] = [];
      showPoll(new NodeStatus({ status: (now) => shown.push(now as object) }), poller.state(), 0);
      assert.equal(shown[0]?.fill, 'red');
      const told = shown[0]?.text?.replace('channel-poll.status.', '') ?? '–';
      assert.ok(status.includes(told), `the status says "${told}"`);
      assert.ok(codes.includes(sheet.fault?.code ?? '–'), JSON.stringify(sheet.fault));
      assert.deepEqual([sheet.watermark, await one.watermark()], [before, before]);
      for (const language of languages) {
        assert.ok(textsOf(language)[told], `the status has no words in ${language}`);
        const { fault } = toldRun(sheet, language);
        assert.doesNotMatch(fault!.sentence, /undefined|\{[a-z]/);
        if (said) assert.match(fault!.sentence, said);
      }
    }

    /** Reads on once what was wrong was put right. */
    async function expectAllThere(): Promise<void> {
      const [last] = one.pollers.slice(-1);
      last!.pollNow();
      await one.until(() => one.sheets.at(-1)?.fault === null, 'it read on');
      const ids = await one.store.read.selectFrom('channel_orders').select('channel_order_id').execute();
      const there = new Set(ids.map(({ channel_order_id: id }) => id));
      const passed = shop.shop.listedOrders().filter(({ id }) => !there.has(id));
      // The rest changed before the reading begins.
      assert.ok(
        passed.length <= 5,
        `${passed.length} of ${shop.shop.listedOrders().length} were passed over`,
      );
    }

    for (const { what, fault, only, ...row } of struck) {
      if (only && !only.includes(name)) continue;
      it(what, async () => {
        const right = connection;
        const strike = (): void => shop.faults({ rate: 1, kinds: [fault] });
        if (fault === 'page-repeats') connection = afterFirstPage(right, strike);
        else strike();
        await expectNamed(row);
        shop.faults(null);
        connection = right;
        await expectAllThere();
      });
    }

    it('a wrong secret', async () => {
      const right = connection;
      connection = opens({ ...shop.access, appSecret: 'wrong', accessToken: 'wrong' });
      await expectNamed({ status: ['credentials'], codes: ['channel.credentials-refused'] });
      connection = right;
      await expectAllThere();
    });

    const refusal = withoutRight[name];
    if (refusal)
      it('a permission that was withdrawn', async () => {
        const right = connection;
        const settings = { ...shop.access, custom: JSON.stringify(ownShop) };
        const credentials = { ...shop.access };
        const { connect } = platformNamed(name);
        connection = answeringChannel(connect!, () => refusal, { settings, credentials }).connection;
        await expectNamed({ status: ['permission'], codes: ['channel.permission-missing'] });
        connection = right;
        await expectAllThere();
      });

    if (!struck[1]!.only!.includes(name))
      it('a clock ten minutes off that the platform puts up with', async () => {
        shop.faults({ rate: 1, kinds: ['clock-off'] });
        const before = await one.watermark();
        const poller = one.poller({ connect: async () => connection });
        const sheet = await one.nextSheet();
        const shown: { text?: string }[] = [];
        showPoll(new NodeStatus({ status: (now) => shown.push(now as object) }), poller.state(), 0);
        assert.equal(shown[0]?.text, 'channel-poll.status.clock-off');
        assert.deepEqual([sheet.note?.code, sheet.note?.params.minutes], ['polling.clock-off', 11]);
        assert.equal(await one.watermark(), before, 'the future of the platform was taken for read');
      });
  });
