import assert from 'node:assert/strict';
import { ChannelFault, credentialsFault, platformFault } from '../../../../core/channel/connection/fault.ts';
import { keptRuns } from '../../../../core/channel/polling/poll-state.ts';
import { DeadLetters } from '../../../../core/delivery/dead-letters.ts';
import { orderKey } from '../../../../core/order/key.ts';
import { Orders } from '../../../../core/order/orders.ts';
import { pruneSheets } from '../../../../core/store/queries/channel-polls.ts';
import { inTx } from '../../delivery/deliveries.ts';
import { anOrder } from '../../order/an-order.ts';
import { onEachStore } from '../../store/each-store.ts';
import { hour, minute, throttled, usualRules } from './fake-shop.ts';
import { account, PollingCase } from './polling-case.ts';

onEachStore('reading a channel', (makePlace) => {
  let one: PollingCase;
  beforeEach(async () => {
    one = await PollingCase.begin(makePlace);
  });
  afterEach(() => one.end());

  it('stores what changed, once, and keeps the watermark behind now by the lag', async () => {
    const begun = one.time.now();
    one.poller();
    await one.nextSheet();
    one.shop.put('A', one.time.now() + 5_000);
    one.shop.put('B', one.time.now() + 6_000);
    const first = await one.sheetAfter(minute);
    assert.deepEqual([first.records, first.fresh, first.repeated, first.fault], [2, 2, 0, null]);
    assert.equal(await one.watermark(), begun, 'not before the lag has gone by');
    one.shop.put('B', one.time.now() + 1_000, 'shipped');
    const second = await one.sheetAfter(minute);
    assert.deepEqual([second.records, second.changed, second.repeated], [2, 1, 1]);
    for (let minutes = 0; minutes < 8; minutes += 1) await one.sheetAfter(minute);
    assert.equal(await one.watermark(), one.time.now() - usualRules.lagMs);
    assert.deepEqual(
      (await one.bodies()).map(({ id, state }) => `${id} ${state}`),
      ['A paid', 'B paid', 'B shipped'],
    );
  });

  it('leaves the watermark where it is when a page fails, and reads on without doubling', async () => {
    one.shop.pageSize = 2;
    const poller = one.poller();
    await one.nextSheet();
    const before = await one.watermark();
    for (const id of ['A', 'B', 'C']) one.shop.put(id, one.time.now() + 1_000);
    one.shop.faults = [undefined, throttled(20_000)];
    const failed = await one.sheetAfter(minute);
    assert.deepEqual([failed.pages, failed.fresh, failed.throttled], [1, 2, 1]);
    assert.equal(failed.fault?.code, 'channel.throttled');
    assert.equal(failed.watermark, before);
    assert.equal(await one.watermark(), before);
    assert.equal((await one.bodies()).length, 2, 'what was stored stays');
    assert.equal(poller.state().phase, 'trouble');
    assert.equal(poller.state().nextAt, failed.startedAt + 20_000, 'as long as the platform named');
  });

  it('says which records are news, and which older than what a webhook brought', async () => {
    const now = one.time.now();
    await new Orders(one.store).save({
      order: anOrder({
        channel: 'fake',
        shop: 'main',
        channelOrderId: 'W',
        times: { modified: { at: new Date(now + 3_000).toISOString(), text: '' } },
      }),
      inboxId: null,
      arrivedAt: now,
    });
    assert.ok(
      await one.store.read
        .selectFrom('orders')
        .where('key', '=', orderKey('fake', 'main', 'W'))
        .select('key')
        .executeTakeFirst(),
    );
    one.shop.put('W', now + 2_000);
    one.poller();
    const sheet = await one.sheetAfter(minute);
    assert.deepEqual([sheet.records, sheet.stale, sheet.fresh], [1, 1, 0]);
  });

  it('puts a bad record aside with its text, once, and goes on with the page', async () => {
    one.shop.bad = [{ at: 'trades[1]', code: 'polling.bad-id', params: { id: '' }, body: '{"tid":' }];
    one.shop.put('A', one.time.now() + 1_000);
    one.shop.put('', one.time.now() + 1_000);
    one.shop.put('x\u0000y', one.time.now() + 1_000);
    one.poller();
    const sheet = await one.sheetAfter(minute);
    assert.deepEqual([sheet.records, sheet.fresh, sheet.bad], [1, 1, 3]);
    await one.sheetAfter(minute);
    const dead = await new DeadLetters(one.store).list();
    assert.equal(dead.length, 3, 'the same bad record stands aside once');
    assert.deepEqual([...new Set(dead.map(({ reason }) => reason.code))], ['polling.bad-id']);
    const texts = await one.store.read.selectFrom('inbox').select('body').execute();
    assert.ok(texts.some(({ body }) => Buffer.from(body).toString() === '{"tid":'));
    const events = await one.store.read.selectFrom('events').select('type').execute();
    assert.deepEqual(
      events.map(({ type }) => type),
      ['died', 'died', 'died'],
    );
  });

  it('catches up after an outage in windows the platform takes, and says how far it is', async () => {
    one.poller();
    await one.nextSheet();
    await one.pollers[0]!.stop();
    const outage = one.time.now();
    for (let n = 0; n < 50; n += 1) one.shop.put(`o-${n}`, outage + n * 6 * minute);
    one.time.jump(5 * hour);
    one.shop.asked.length = 0;
    one.sheets.length = 0;
    one.states.length = 0;
    one.poller();
    await one.until(
      () => one.states.at(-1)?.phase === 'waiting' && one.states.at(-1)?.progress === null,
      'it caught up',
    );
    const { windows } = one.shop;
    assert.ok(windows.length >= 10, `read in ${windows.length} windows`);
    for (const { from, until } of windows) assert.ok(until - from <= usualRules.mostMs);
    for (const [index, window] of windows.slice(1).entries())
      assert.ok(window.from <= windows[index]!.until, 'no gap between windows');
    assert.equal(
      one.sheets.reduce((sum, { fresh }) => sum + fresh, 0),
      50,
    );
    assert.ok(
      one.sheets.reduce((sum, { repeated }) => sum + repeated, 0) <= 2,
      'the past is read once, only the last minutes twice',
    );
    assert.ok(one.sheets.every(({ kind }) => kind === 'catch-up'));
    const told = one.states.flatMap(({ progress }) => (progress ? [progress] : []));
    assert.equal(told[0]?.kind, 'catch-up');
    assert.ok(told[0]!.windows > 5 && told[0]!.orders !== null && told[0]!.endsAt !== null);
    const left = [...new Set(told.map(({ windows: count }) => count))];
    assert.deepEqual(
      left,
      [...left].sort((a, b) => b - a),
      'ever fewer windows are left',
    );
  });

  for (const code of ['channel.timeout', 'channel.answer-too-large'])
    it(`asks for shorter windows after ${code}, and for longer ones again in time`, async () => {
      one.poller();
      await one.nextSheet();
      await one.pollers[0]!.stop();
      const outage = one.time.now();
      for (let n = 0; n < 100; n += 1) one.shop.put(`o-${n}`, outage + n * 6 * minute);
      one.time.jump(10 * hour);
      one.shop.asked.length = 0;
      one.sheets.length = 0;
      one.states.length = 0;
      const connection = one.shop.connection();
      const source = connection.orders!;
      const windows: number[] = [];
      one.poller({
        connect: async () => ({
          ...connection,
          orders: {
            ...source,
            window: usualRules,
            changed(window, signal) {
              windows.push(window.until - window.from);
              // Half of the way the channel is well again.
              const mostMs = one.shop.windows.length < 40 ? 12 * minute : Number.POSITIVE_INFINITY;
              if (window.until - window.from > mostMs)
                throw new ChannelFault('platform', code, { host: 'x', call: 'orders', seconds: 30, most: 1 });
              return source.changed(window, signal);
            },
          },
        }),
      });
      const isThrough = () => one.states.at(-1)?.phase === 'waiting' && one.states.at(-1)?.progress === null;
      for (let steps = 0; steps < 2_000 && !isThrough(); steps += 1) {
        await one.until(() => one.time.pending > 0, 'the next step was planned');
        await one.time.advance(10_000);
      }
      assert.ok(isThrough(), 'it caught up');
      const { fault, note } = one.sheets.find((sheet) => sheet.fault !== null)!;
      assert.deepEqual(
        [fault?.code, note],
        [code, { code: 'polling.shorter-windows', params: { minutes: 15 } }],
      );
      // The last one ends at now.
      assert.ok(
        Math.min(...windows.slice(0, 30)) >= 2 * usualRules.overlapMs,
        'windows that short do not get on',
      );
      assert.ok(one.shop.windows.length > 30, 'it went on with shorter windows');
      assert.equal(
        Math.max(...one.shop.windows.slice(-15).map(({ from, until }) => until - from)),
        usualRules.mostMs,
      );
      assert.equal(one.sheets.at(-1)!.note?.code, 'polling.clock-untold', 'it says no more of short windows');
      assert.equal(new Set((await one.bodies()).map(({ id }) => id)).size, 100, 'something was passed over');
    });

  it('asks for shorter windows after one of many pages broke off, and not after the first page did', async () => {
    one.poller();
    await one.nextSheet();
    await one.pollers[0]!.stop();
    const outage = one.time.now();
    for (let n = 0; n < 400; n += 1) one.shop.put(`o-${n}`, outage + n * 1.5 * minute);
    one.time.jump(10 * hour);
    one.sheets.length = 0;
    one.states.length = 0;
    one.shop.asked.length = 0;
    one.shop.pageSize = 1;
    let isDown = true;
    one.shop.beforePage = (page) => {
      if (isDown || page > 15)
        throw platformFault({ platform: 'Fake', call: 'orders', code: '1', said: 'no' });
    };
    one.poller();
    await one.until(() => one.sheets.length === 1, 'the channel was down');
    assert.notEqual(one.sheets[0]!.note?.code, 'polling.shorter-windows');
    isDown = false;
    const isThrough = () => one.states.at(-1)?.phase === 'waiting' && one.states.at(-1)?.progress === null;
    for (let steps = 0; steps < 2_000 && !isThrough(); steps += 1) {
      await one.until(() => one.time.pending > 0, 'the next step was planned');
      await one.time.advance(10_000);
    }
    assert.ok(isThrough(), 'it caught up');
    const note = { code: 'polling.shorter-windows', params: { minutes: 15 } };
    assert.ok(one.sheets.some((sheet) => sheet.fault && sheet.note?.code === note.code));
    assert.deepEqual(one.sheets.find((sheet) => sheet.fault && sheet.pages > 10)?.note, note);
    assert.equal(new Set((await one.bodies()).map(({ id }) => id)).size, 400, 'something was passed over');
  });

  it('fills back from a date beside what changes now, and goes on after a crash', async () => {
    const now = one.time.now();
    for (let n = 0; n < 20; n += 1) one.shop.put(`old-${n}`, now - 5 * hour + n * 15 * minute);
    one.poller({
      since: now - 5 * hour,
      onSheet: (sheet) => {
        one.sheets.push(sheet);
        if (one.sheets.length === 5) void one.pollers[0]!.stop();
      },
    });
    await one.until(() => one.sheets.length === 5, 'four windows were filled');
    await one.pollers[0]!.stop();
    assert.equal(one.sheets[0]!.kind, 'live', 'what is new comes first');
    one.poller({ since: now - 5 * hour });
    await one.until(
      () => one.sheets.at(-1)!.windowUntil >= now && one.sheets.at(-1)!.kind === 'back-fill',
      'all was filled',
    );
    const filled = one.sheets.filter(({ kind }) => kind === 'back-fill');
    const starts = filled.map(({ windowFrom }) => windowFrom);
    assert.equal(new Set(starts).size, starts.length, 'no window is filled twice');
    assert.equal(
      one.sheets.reduce((sum, { fresh }) => sum + fresh, 0),
      20,
    );
    const row = await one.store.read.selectFrom('channel_polls').selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([row.backfill_next, row.covered_from], [null, now - 5 * hour]);
    await one.sheetAfter(minute);
    assert.equal(one.sheets.at(-1)!.kind, 'live', 'the same date does not begin again');
  });

  it('fills back and counts in turn where reading what is new takes longer than the interval', async () => {
    one.shop.beforePage = () => one.time.jump(2 * minute);
    one.poller({
      since: one.time.now() - 5 * hour,
      census: { everyMs: hour },
      onSheet: (sheet) => {
        one.sheets.push(sheet);
        // Keeping a sheet takes its time, too.
        one.time.jump(10);
      },
    });
    await one.until(() => one.sheets.length === 12, 'some windows were read');
    const kinds = one.sheets.map(({ kind }) => kind);
    assert.ok(kinds.filter((kind) => kind === 'back-fill').length >= 5, kinds.join(', '));
    await one.until(() => one.censuses.length === 1, 'it was counted');
    assert.ok(
      one.sheets.slice(-2).some(({ kind }) => kind === 'live'),
      'what is new was read meanwhile',
    );
  });

  it('is asked to fill back by hand, and refuses a date that is read already', async () => {
    const poller = one.poller();
    await assert.rejects(poller.backfill(0), { code: 'polling.unknown' });
    await one.nextSheet();
    await assert.rejects(poller.backfill(one.time.now() + 1), { code: 'polling.nothing-to-fill' });
    one.shop.put('old', one.time.now() - hour);
    await poller.backfill(one.time.now() - 2 * hour);
    await one.until(() => one.sheets.some(({ fresh }) => fresh === 1), 'the old order was fetched');
  });

  it('waits out what a throttling platform names, over a restart, too', async () => {
    one.shop.faults = [throttled(10 * minute)];
    one.poller();
    const failed = await one.nextSheet();
    await one.pollers[0]!.stop();
    await one.time.advance(minute);
    const poller = one.poller();
    await one.until(() => poller.state().phase === 'trouble', 'it knows of the wait');
    assert.equal(poller.state().nextAt, failed.startedAt + 10 * minute);
    await one.time.advance(8 * minute);
    assert.equal(one.sheets.length, 1, 'nothing was asked meanwhile');
    const after = await one.sheetAfter(minute);
    assert.equal(after.fault, null);
    assert.equal(poller.state().trouble, null);
  });

  it('asks less often while credentials are refused, and at once when the account was deployed again', async () => {
    const refused = () =>
      credentialsFault({ platform: 'Fake', call: 'orders', code: '27', said: 'Invalid session' });
    one.shop.faults = [refused(), refused()];
    const poller = one.poller();
    const failed = await one.nextSheet();
    assert.equal(failed.fault?.code, 'channel.credentials-refused');
    assert.ok(poller.state().nextAt! >= one.time.now() + 2 * minute);
    await one.time.advance(2 * minute);
    assert.equal(one.sheets.length, 1);
    await poller.stop();
    one.shop.faults = [];
    one.poller();
    assert.equal((await one.nextSheet()).fault, null, 'tried at once');
  });

  it('names a clock that is off, and never takes the future of the platform for read', async () => {
    one.shop.clockAheadMs = -10 * minute;
    one.poller();
    const first = await one.nextSheet();
    const platformNow = one.time.now() - 10 * minute;
    assert.equal(first.note?.code, 'polling.clock-off');
    assert.equal(first.note?.params.minutes, 10);
    assert.ok(one.shop.windows.every(({ until }) => until <= platformNow + usualRules.stepMs));
    for (let minutes = 0; minutes < 30; minutes += 1) await one.sheetAfter(minute);
    assert.equal(await one.watermark(), one.time.now() - 10 * minute - usualRules.lagMs);
  });

  it('asks again for a clock that could not be read, and says so until then', async () => {
    const connection = one.shop.connection();
    let looks = 0;
    one.poller({
      connect: async () => ({
        ...connection,
        async check() {
          looks += 1;
          if (looks < 3) throw platformFault({ platform: 'Fake', call: 'time', code: '500', said: '' });
          return { shop: null, clockAheadMs: -10 * minute, expiresAt: null };
        },
      }),
    });
    const unread = await one.nextSheet();
    assert.equal(unread.note?.code, 'polling.clock-unread');
    assert.match(String(unread.note?.params.reason), /Fake has trouble/);
    const again = await one.sheetAfter(minute);
    assert.deepEqual([looks, again.note?.code], [2, 'polling.clock-unread']);
    const told = await one.sheetAfter(minute);
    assert.deepEqual([looks, told.note?.code], [3, 'polling.clock-off']);
    await one.sheetAfter(minute);
    assert.equal(looks, 3, 'one that was read is asked for an hour later');
  });

  it('says that a channel tells no time of its own', async () => {
    const poller = one.poller();
    const { note } = await one.nextSheet();
    assert.equal(note?.code, 'polling.clock-untold');
    assert.equal(poller.state().note?.code, 'polling.clock-untold');
  });

  it('reads once more when that is asked for while it reads', async () => {
    const poller = one.poller();
    await one.nextSheet();
    let readings = 0;
    one.shop.beforePage = () => {
      readings += 1;
      if (readings === 1) poller.pollNow();
    };
    await one.sheetAfter(minute);
    await one.until(() => one.sheets.length === 3, 'it read once more, without any time going by');
    await one.until(() => one.time.nextIn > 0, 'the next reading was planned');
    assert.equal(readings, 2, 'once');
  });

  it('reads all that two back-fills were asked for, whichever was first', async () => {
    const now = one.time.now();
    for (let n = 0; n < 20; n += 1) one.shop.put(`old-${n}`, now - 5 * hour + n * 15 * minute);
    const poller = one.poller({
      onSheet: (sheet) => {
        one.sheets.push(sheet);
        // Another date each time that some windows were read: later, and earlier again.
        if (one.sheets.length === 3) void poller.backfill(now - hour);
        if (one.sheets.length === 6) void poller.backfill(now - 4 * hour);
      },
    });
    await one.nextSheet();
    await poller.backfill(now - 5 * hour);
    const row = () => one.store.read.selectFrom('channel_polls').selectAll().executeTakeFirstOrThrow();
    await one.until(
      () => one.sheets.at(-1)!.windowUntil >= now && one.sheets.at(-1)!.kind === 'back-fill',
      'all was filled',
    );
    assert.equal(new Set((await one.bodies()).map(({ id }) => id)).size, 20, 'something was passed over');
    const { backfill_next: next, covered_from: covered } = await row();
    assert.deepEqual([next, covered], [null, now - 5 * hour]);
  });

  it('goes on to the new end when a back-fill is asked for during the last window of another', async () => {
    const poller = one.poller();
    await one.nextSheet();
    const begun = one.time.now();
    await poller.backfill(begun - 2 * hour);
    let asked = 0;
    one.shop.beforePage = async () => {
      const window = one.shop.windows.at(-1)!;
      // What is new is read meanwhile, so that the watermark is further on.
      if (window.from === begun - 2 * hour) one.time.jump(20 * minute);
      if (window.until !== begun || asked > 0) return;
      asked = (await poller.backfill(begun - 10 * minute)).until;
    };
    await one.until(() => asked > 0, 'the last window was read');
    assert.ok(asked > begun, 'the watermark moved on');
    await one.until(
      () => one.sheets.some(({ kind, windowUntil }) => kind === 'back-fill' && windowUntil === asked),
      'it went on to the new end',
    );
    const { backfill_next: next, covered_from: covered } = await one.store.read
      .selectFrom('channel_polls')
      .selectAll()
      .executeTakeFirstOrThrow();
    assert.deepEqual([next, covered], [null, begun - 2 * hour]);
  });

  it('keeps a bounded number of sheets, whatever numbers they have', async () => {
    const sheet = (account: string, id: number) => ({
      id,
      account,
      kind: 'live',
      window_from: id,
      window_until: id,
      started_at: id,
      took_ms: 0,
      pages: 0,
      records: 0,
      fresh: 0,
      changed: 0,
      stale: 0,
      repeated: 0,
      bad: 0,
      throttled: 0,
      watermark: id,
      behind_ms: 0,
      next_at: id,
      fault: null,
      note: null,
    });
    const many = keptRuns + 1_500;
    await inTx(one.store, async (tx) => {
      for (let start = 1; start <= many; start += 500)
        await tx.db
          .insertInto('channel_poll_runs')
          .values(Array.from({ length: 500 }, (_, n) => sheet(account.path, start + n)))
          .execute();
      await tx.db
        .insertInto('channel_poll_runs')
        .values(sheet('other', many + 501))
        .execute();
    });
    const ids = async (path: string): Promise<number[]> => {
      const rows = await one.store.read
        .selectFrom('channel_poll_runs')
        .select('id')
        .where('account', '=', path)
        .orderBy('id')
        .execute();
      return rows.map(({ id }) => id);
    };
    const prune = () =>
      inTx(one.store, (tx) => pruneSheets(tx.db, account.path, { table: 'channel_poll_runs' }, keptRuns));
    await prune();
    assert.equal((await ids(account.path))[0], 1_001, 'a thousand at a time, the oldest first');
    await prune();
    assert.deepEqual(
      [(await ids(account.path)).length, (await ids(account.path))[0]],
      [keptRuns, 1_501],
      'the newest stay',
    );
    assert.equal((await ids('other')).length, 1);
  });

  it('removes sheets that are too many with its first reading, and every hundred readings', async () => {
    const pruned: boolean[] = [];
    const { execute } = one.store;
    one.store.execute = (handler, command) => {
      if (handler.name === 'channel.end-run') pruned.push((command as unknown as { prune: boolean }).prune);
      return execute.call(one.store, handler, command) as never;
    };
    one.poller();
    await one.nextSheet();
    for (let readings = 1; readings < 203; readings += 1) await one.sheetAfter(minute);
    assert.deepEqual(
      pruned.flatMap((prunes, index) => (prunes ? [index] : [])),
      [0, 101, 202],
    );
  });

  it('stands by while another process reads, and breaks off a window when that begins', async () => {
    one.leads = false;
    const poller = one.poller();
    await one.time.advance(0);
    assert.equal(poller.state().phase, 'standby');
    assert.throws(() => poller.pollNow(), { code: 'polling.not-active' });
    assert.equal(one.shop.asked.length, 0);
    one.leads = true;
    await one.sheetAfter(5_000);
    const before = await one.watermark();
    await one.time.advance(10 * minute);
    one.shop.put('A', one.time.now());
    one.shop.beforePage = () => {
      one.leads = false;
    };
    await one.time.advance(minute);
    await one.until(() => poller.state().phase !== 'reading', 'it broke off');
    assert.ok((await one.watermark()) >= before);
    assert.equal((await one.bodies()).length, 0, 'nothing is stored by one that leads no more');
  });

  it('gets an order that changes while it is read in its last state', async () => {
    one.shop.pageSize = 10;
    for (let n = 0; n < 40; n += 1) one.shop.put(`o-${n}`, one.time.now() + 1_000 + n * 100);
    one.poller();
    await one.nextSheet();
    one.shop.beforePage = (page) => {
      one.shop.put(`o-${page}`, one.time.now() - 1, `changed ${page}`);
    };
    await one.sheetAfter(minute);
    one.shop.beforePage = () => undefined;
    await one.sheetAfter(minute);
    const last = new Map((await one.bodies()).map(({ id, state }) => [id, state]));
    assert.equal(last.size, 40);
    for (const { id, state } of one.shop.orders.values()) assert.equal(last.get(id), state);
  });

  it('breaks off pages that go round in a circle', async () => {
    const connection = one.shop.connection();
    const orders = connection.orders!;
    let page = 0;
    one.poller({
      connect: async () => ({
        ...connection,
        orders: {
          ...orders,
          window: usualRules,
          async *changed() {
            for (;;) {
              page += 1;
              const records = [{ channelOrderId: 'A', modifiedAt: 1, body: '{"id":"A"}' }];
              yield { records, bad: [], page, pages: null, total: null };
            }
          },
        },
      }),
    });
    const sheet = await one.nextSheet();
    assert.equal(sheet.fault?.code, 'polling.page-repeats');
    assert.deepEqual(sheet.fault?.params, { channel: 'fake', shop: 'main', page: 3 });
    assert.equal(page, 3);
  });

  it('hands over a state that comes back within the second that the channel tells', async () => {
    const at = one.time.now();
    one.poller();
    await one.nextSheet();
    for (const state of ['paid', 'refund asked', 'refund asked', 'paid', 'paid']) {
      one.shop.put('A', at, state);
      await one.sheetAfter(minute);
    }
    assert.deepEqual(
      (await one.bodies()).map(({ state }) => state),
      ['paid', 'refund asked', 'paid'],
    );
  });

  it('hands over a state that comes back, where the channel tells no time of change', async () => {
    const connection = one.shop.connection();
    let state = 'A';
    one.poller({
      connect: async () => ({
        ...connection,
        orders: {
          ...connection.orders!,
          window: usualRules,
          async *changed() {
            const records = [
              { channelOrderId: '1', modifiedAt: null, body: JSON.stringify({ id: '1', state }) },
            ];
            yield { records, bad: [], page: 1, pages: 1, total: 1 };
          },
        },
      }),
    });
    await one.nextSheet();
    for (const next of ['A', 'B', 'B', 'A', 'A']) {
      state = next;
      await one.sheetAfter(minute);
    }
    assert.deepEqual(
      (await one.bodies()).map((body) => body.state),
      ['A', 'B', 'A'],
    );
  });

  it('tells what the platform no longer tells', async () => {
    one.poller();
    await one.nextSheet();
    await one.pollers[0]!.stop();
    one.shop.rules = { ...usualRules, mostMs: 24 * hour, reachMs: 24 * hour };
    one.time.jump(72 * hour);
    one.poller();
    const sheet = await one.nextSheet();
    assert.equal(sheet.note?.code, 'polling.beyond-reach');
  });

  it('keeps what it is told of an account without orders, and of a fault that is none of the channel', async () => {
    const poller = one.poller({ connect: async () => ({ check: one.shop.connection().check }) });
    const sheet = await one.nextSheet();
    assert.equal(sheet.fault?.code, 'polling.cannot-read');
    assert.equal(sheet.fault?.params.account, account.path);
    assert.equal(poller.state().trouble?.kind, 'hub');
  });
});
