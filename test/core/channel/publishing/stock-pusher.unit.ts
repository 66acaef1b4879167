import assert from 'node:assert/strict';
import { AccountPacing } from '../../../../core/channel/connection/call/account-pacing.ts';
import {
  ChannelFault,
  callerFault,
  platformFault,
  throttledFault,
} from '../../../../core/channel/connection/fault.ts';
import type {
  ListingOnChannel,
  StockNumber,
  StockTarget,
} from '../../../../core/channel/connection/stock-target.ts';
import type { ListingNumber } from '../../../../core/channel/publishing/listing-number.ts';
import { type PusherOptions, StockPusher } from '../../../../core/channel/publishing/stock-pusher.ts';
import type { Asking } from '../../../../core/insight/query/asking.ts';
import { askPushes } from '../../../../core/insight/query/pushes.ts';
import type { Store, Tx } from '../../../../core/store/store.ts';
import { Chance } from '../../../support/seeded.ts';
import { inTx } from '../../delivery/deliveries.ts';
import { VirtualTime } from '../../delivery/virtual-time.ts';
import { type AnyPlace, onEachStore } from '../../store/each-store.ts';
import { idle } from '../answering-channel.ts';

const said = { platform: 'Fake', call: 'stock.set', code: 'X', said: 'no' };
const state = (listing: string, version: number, more: Partial<ListingNumber> = {}): ListingNumber => ({
  share: 's1',
  listing,
  version,
  sellable: version * 10,
  open: true,
  ...more,
});

const productOf = (listing: string): string => listing.split('/')[0]!;

/** A channel that takes numbers at a pace, and remembers them. */
class FakeChannel {
  readonly calls: StockNumber[][] = [];
  readonly shown = new Map<string, number>();
  readonly sales: string[] = [];
  readonly opened = new Map<string, boolean>();
  before: (numbers: readonly StockNumber[]) => void | Promise<void> = () => undefined;
  refuses: (listing: string) => boolean = () => false;
  target(more: Partial<StockTarget> = {}): StockTarget {
    return {
      most: 20,
      groupOf: () => '',
      set: async (numbers) => {
        this.calls.push([...numbers]);
        await this.before(numbers);
        return numbers.map(({ listing, sellable }) => {
          if (this.refuses(listing)) return { listing, fault: callerFault(said) };
          this.shown.set(listing, sellable);
          return { listing };
        });
      },
      sale: null,
      ...more,
    };
  }

  sale(unitOf = (listing: string): string => listing): NonNullable<StockTarget['sale']> {
    return {
      unitOf,
      set: async (listing, open) => {
        this.sales.push(`${listing} ${open ? 'opens' : 'closes'}`);
      },
    };
  }

  read = async (listings: readonly string[]): Promise<Map<string, ListingOnChannel>> =>
    new Map(listings.map((listing) => [listing, { sellable: this.shown.get(listing) ?? null, open: null }]));
}

onEachStore('pushing stock to a channel', function (makePlace) {
  this.timeout(120_000);
  let place: AnyPlace;
  let store: Store;
  let time: VirtualTime;
  let channel: FakeChannel;
  let pushers: StockPusher[];
  /** Whether the store's clock goes on by a millisecond with each look at it. */
  let isTicking: boolean;
  let ticks: number;

  const pusher = (options: Partial<PusherOptions> = {}, target = channel.target()) => {
    const made = new StockPusher({
      store,
      account: { account: 'fake-main', channel: 'fake', shop: 'main' },
      connect: async () => target,
      timers: time,
      readBackPercent: 0,
      random: () => 0,
      ...options,
    });
    pushers.push(made);
    return made;
  };
  /** Puts the clock forward, and waits for what was asked of the store meanwhile. */
  const step = async (ms: number): Promise<void> => {
    await time.advance(ms);
    await inTx(store, async () => undefined);
  };
  /** Lets the clock go on until a promise has ended. */
  const ended = async <T>(promised: Promise<T>): Promise<T> => {
    let over = false;
    promised.then(
      () => (over = true),
      () => (over = true),
    );
    for (let turn = 0; turn < 4_000 && !over; turn += 1) await step(20);
    assert.ok(over, 'it never ended');
    return promised;
  };
  /** Lets the clock go on until something is so. */
  const gone = async (isSo: () => boolean, what: string, ms = 10): Promise<void> => {
    for (let turn = 0; turn < 8_000 && !isSo(); turn += 1) await step(ms);
    assert.ok(isSo(), `in vain waited for ${what}`);
  };
  const row = (listing: string) =>
    store.read
      .selectFrom('channel_pushes')
      .selectAll()
      .where('listing', '=', listing)
      .executeTakeFirstOrThrow();

  beforeEach(async () => {
    place = await makePlace();
    time = new VirtualTime();
    ticks = 0;
    isTicking = false;
    const now = () => {
      if (isTicking) ticks += 1;
      return time.now() + ticks;
    };
    store = await place.open({ now });
    channel = new FakeChannel();
    pushers = [];
  });
  afterEach(async () => {
    await Promise.all(pushers.map((one) => ended(one.close())));
    await place.dispose();
  });

  it('gathers states into batches, the newest of each listing', async () => {
    const one = pusher();
    const outcomes = await ended(
      Promise.all([
        one.push(state('a', 1)),
        one.push(state('a', 3)),
        one.push(state('a', 2)),
        one.push(state('b', 1)),
      ]),
    );
    assert.deepEqual(
      outcomes.map((outcome) => outcome.kind),
      ['newer', 'pushed', 'newer', 'pushed'],
    );
    assert.deepEqual(
      channel.calls.map((call) => call.map(({ key, sellable }) => [key, sellable])),
      [
        [
          ['s1/a/3', 30],
          ['s1/b/1', 10],
        ],
      ],
    );
    assert.equal((await row('a')).version, 3);
  });

  it('never tells an older state after a newer one, not by another process either', async () => {
    assert.equal((await ended(pusher().push(state('a', 5)))).kind, 'pushed');
    assert.deepEqual(await ended(pusher().push(state('a', 4))), { kind: 'newer', version: 5 });
    assert.equal(channel.calls.length, 1);
    assert.equal((await ended(pusher().push(state('a', 5)))).kind, 'pushed', 'the same again may go');
  });

  it('waits for another one that tells the listing at the moment', async () => {
    let answer: () => void = () => undefined;
    channel.before = ([number]) =>
      number!.version === 1 ? new Promise<void>((resolve) => (answer = resolve)) : undefined;
    const first = pusher().push(state('a', 1));
    await gone(() => channel.calls.length === 1, 'the first call');
    const second = pusher().push(state('a', 2));
    await step(1_000);
    assert.equal(channel.calls.length, 1);
    answer();
    assert.equal((await ended(first)).kind, 'pushed');
    assert.equal((await ended(second)).kind, 'pushed');
    assert.equal(channel.shown.get('a'), 20);
  });

  it('lets a refused listing hold up no other, even when the request is refused as a whole', async () => {
    channel.refuses = (listing) => listing === 'bad';
    const one = pusher();
    const each = await ended(Promise.all([one.push(state('bad', 1)), one.push(state('a', 1))]));
    assert.deepEqual(
      each.map(({ kind }) => kind),
      ['refused', 'pushed'],
    );
    assert.equal((await row('bad')).result, 'channel.request-refused');
    assert.equal(one.state().refusal?.listing, 'bad');
    const { listings } = await askPushes('fake-main', { result: 'refused' }, {
      hub: { store },
      language: 'en-US',
    } as Asking);
    assert.match(listings[0]!.refusal!.sentence, /Fake refused the request/);
    assert.equal(listings.length, 1);
    channel.before = (numbers) => {
      if (numbers.some(({ listing }) => listing === 'bad')) throw callerFault(said);
    };
    const whole = await ended(Promise.all([one.push(state('bad', 2)), one.push(state('a', 2))]));
    assert.deepEqual(
      whole.map(({ kind }) => kind),
      ['refused', 'pushed'],
    );
  });

  it('gives back what is throttled, and tells the same state again after a lost answer', async () => {
    const one = pusher();
    channel.before = () => {
      throw throttledFault(said, 1_000);
    };
    await assert.rejects(ended(one.push(state('a', 1))), { code: 'channel.throttled', retryable: true });
    // Not after it: on a busy machine the clock goes on while its end is waited for.
    const from = time.now();
    channel.before = () => {
      throw platformFault(said);
    };
    await assert.rejects(ended(one.push(state('a', 1))), { code: 'channel.platform-trouble' });
    channel.before = () => undefined;
    assert.equal((await ended(one.push(state('a', 1)))).kind, 'pushed');
    assert.ok(time.now() - from >= 5_000, 'the call whose answer was lost had time to get through');
    assert.deepEqual(new Set(channel.calls.map(([number]) => number!.key)), new Set(['s1/a/1']));
  });

  it('gives a repeat that is meant a key of its own, and keeps that for its retries', async () => {
    const one = pusher();
    const lost = () => {
      throw platformFault(said);
    };
    await ended(one.push(state('a', 1)));
    channel.before = lost;
    await assert.rejects(ended(one.push(state('a', 1))));
    // Another process, or this one started anew, tries the same again.
    const other = pusher();
    await assert.rejects(ended(other.push(state('a', 1))));
    channel.before = () => undefined;
    await ended(other.push(state('a', 1)));
    await ended(other.push(state('a', 1)));
    const keys = channel.calls.map(([number]) => number!.key);
    assert.equal(keys[0], 's1/a/1');
    assert.deepEqual([keys[2], keys[3]], [keys[1], keys[1]], 'attempts at one telling have one key');
    assert.equal(new Set(keys).size, 3, `a telling has the key of another: ${keys.join(', ')}`);
  });

  it('gives what is to be corrected a key of its own, so that no platform takes it for a repeat', async () => {
    const told = new Set<string>();
    channel.before = ([number]) => {
      // A platform that knows keys does nothing for one it has seen.
      if (told.has(number!.key)) channel.refuses = () => true;
      told.add(number!.key);
    };
    const one = pusher({ readBackPercent: 100 }, channel.target({ read: channel.read }));
    await ended(one.push(state('a', 1)));
    channel.shown.set('a', 7);
    await gone(() => channel.calls.length === 2, 'it was told again');
    assert.equal(channel.shown.get('a'), 10);
  });

  /** A process dies that has begun to tell version 2 of a listing. */
  async function killedWhileTelling(listing: string, leaseMs: number): Promise<void> {
    const killed = {
      name: 'test.killed',
      run: async (tx: Tx, commands: readonly string[]) => {
        await tx.update(
          'channel_pushes',
          commands.map((listing) => ({
            key: { listing },
            set: { owner: 'dead/1', claimed_version: 2, claimed_until: tx.now + leaseMs },
          })),
        );
        return commands;
      },
    };
    await store.execute(killed, listing);
  }

  it('lets what a killed process sent come through before it tells a newer state', async () => {
    await ended(pusher().push(state('a', 1)));
    await killedWhileTelling('a', 60_000);
    const from = time.now();
    assert.equal((await ended(pusher().push(state('a', 3)))).kind, 'pushed');
    const waited = time.now() - from;
    const [least, most] = store.kind === 'sqlite' ? [5_000, 10_000] : [60_000, 70_000];
    assert.ok(waited >= least && waited < most, `told after ${waited} ms`);
  });

  it('tells what had to wait though the clock goes on while it is looked at', async () => {
    // Timers that ring early make it look again and again right before the time has come.
    const one = pusher({ timers: { after: (ms, act) => time.after(Math.floor(ms / 2), act) } });
    for (let round = 0; round < 20; round += 1) {
      isTicking = false;
      const listing = `listing ${round}`;
      await ended(one.push(state(listing, 1)));
      await killedWhileTelling(listing, 300 + 17 * round);
      isTicking = true;
      assert.equal((await ended(one.push(state(listing, 3)))).kind, 'pushed', listing);
    }
  });

  it('tells others at once while a listing waits after a lost answer', async () => {
    channel.before = (numbers) => {
      if (channel.calls.length === 1) throw platformFault(said);
      assert.ok(numbers.length > 0);
    };
    const one = pusher();
    await assert.rejects(ended(one.push(state('a', 1))));
    const from = time.now();
    const again = one.push(state('a', 1));
    await step(500);
    await ended(one.push(state('b', 1)));
    assert.ok(time.now() - from < 2_000, `b was told after ${time.now() - from} ms`);
    await ended(again);
    assert.ok(time.now() - from >= 4_000, 'what was lost has time to get through');
  });

  it('goes on soon after another one is through with the listing', async () => {
    let answer = (): void => undefined;
    channel.before = (numbers) =>
      numbers[0]!.version === 1
        ? new Promise<void>((resolve) => {
            answer = resolve;
          })
        : undefined;
    const first = pusher().push(state('a', 1));
    await gone(() => channel.calls.length === 1, 'the first one to be at it');
    const second = pusher().push(state('a', 2));
    await step(500);
    answer();
    await ended(first);
    const from = time.now();
    await ended(second);
    assert.ok(time.now() - from < 3_000, `told ${time.now() - from} ms after the first one was through`);
  });

  it('gives back what cannot be told for a reason at the address, such as its certificate', async () => {
    channel.before = () => {
      const params = { host: 'shop', reason: 'CERT_HAS_EXPIRED' };
      throw new ChannelFault('caller', 'channel.certificate', params, { retryable: true });
    };
    const fault = await ended(
      pusher()
        .push(state('a', 1))
        .catch((error: unknown) => error),
    );
    assert.equal((fault as ChannelFault).code, 'channel.certificate');
  });

  it('gives back listings that an adapter fails on, and goes on', async () => {
    const target = channel.target({ groupOf: (listing) => encodeURIComponent(listing) });
    const one = pusher({}, target);
    await assert.rejects(ended(one.push(state('\ud800', 1))));
    assert.equal((await ended(one.push(state('a', 1)))).kind, 'pushed');
  });

  it('leaves a product open for other listings whose numbers a flow made itself', async () => {
    const target = channel.target({ sale: channel.sale(productOf), groupOf: (listing) => listing });
    const one = pusher({}, target);
    const own = { share: 'flow' };
    await ended(one.push(state('p/1', 1, own)));
    await ended(one.push(state('p/2', 1, { ...own, sellable: 0, open: false })));
    assert.deepEqual(channel.sales, []);
    await ended(one.push(state('p/1', 2, { ...own, sellable: 0, open: false })));
    assert.deepEqual(channel.sales, ['p/1 closes']);
  });

  it('closes a listing below the line, and opens only what it closed', async () => {
    const target = channel.target({ sale: channel.sale() });
    const one = pusher({}, target);
    await ended(one.push(state('a', 1)));
    await ended(one.push(state('a', 2, { sellable: 0, open: false })));
    await ended(one.push(state('a', 3)));
    await ended(one.push(state('a', 4)));
    assert.deepEqual(channel.sales, ['a closes', 'a opens']);
    assert.deepEqual(
      channel.calls.map(([number]) => number!.sellable),
      [10, 0, 30, 40],
    );
  });

  /** Has a share want a listing open or closed. */
  const wants = (listing: string, open: number): Promise<unknown> =>
    store.execute(
      {
        name: 'test.wants',
        run: async (tx, commands: readonly number[]) => {
          const key = { share: 's1', channel: 'fake', shop: 'main', listing };
          const [row] = await tx.find('share_states', [key]);
          const more = { sku: 'x', why: '{}', version: 1, at: 0, active: 1, sellable: 1 };
          if (row) await tx.update('share_states', [{ key, set: { open: commands[0]! } }]);
          else await tx.insert('share_states', [{ ...key, ...more, open: commands[0]! }]);
          return commands;
        },
      },
      open,
    );

  it('closes a product with its last open listing only', async () => {
    await wants('p/2', 1);
    const setOpen = (open: number) => wants('p/2', open);
    const target = channel.target({
      sale: channel.sale(productOf),
      groupOf: (listing) => listing,
    });
    const one = pusher({}, target);
    await ended(one.push(state('p/1', 1, { sellable: 0, open: false })));
    assert.deepEqual(channel.sales, []);
    await setOpen(0);
    await ended(one.push(state('p/2', 1, { sellable: 0, open: false })));
    assert.deepEqual(channel.sales, ['p/2 closes']);
    await ended(one.push(state('p/1', 2)));
    assert.deepEqual(channel.sales, ['p/2 closes', 'p/1 opens']);
  });

  it('leaves a product closed until the listing that is to open has its number', async () => {
    const sale = channel.sale(productOf);
    const close = sale.set;
    sale.set = async (listing, open, signal) => {
      // Without any stock a platform puts nothing on sale.
      if (open && (channel.shown.get(listing) ?? 0) === 0 && (channel.shown.get('p/2') ?? 0) === 0)
        throw callerFault(said);
      await close(listing, open, signal);
      // While it is closed, the other listing is worked out to be open.
      if (!open) await wants('p/2', 1);
    };
    const one = pusher({}, channel.target({ sale }));
    assert.equal((await ended(one.push(state('p/1', 1, { sellable: 0, open: false })))).kind, 'pushed');
    assert.deepEqual(channel.sales, ['p/1 closes']);
    assert.equal((await ended(one.push(state('p/2', 1)))).kind, 'pushed');
    assert.deepEqual(channel.sales, ['p/1 closes', 'p/2 opens']);
  });

  it('opens a product again that another process told an open listing of meanwhile', async () => {
    const sale = channel.sale(productOf);
    const close = sale.set;
    const other = pusher({}, channel.target({ sale: channel.sale(productOf) }));
    sale.set = async (listing, open, signal) => {
      if (!open) {
        await wants('p/2', 1);
        await store.execute(
          {
            name: 'test.told',
            run: async (tx, commands: readonly string[]) => {
              const key = { share: 's1', channel: 'fake', shop: 'main', listing: 'p/2' };
              await tx.put('channel_pushes', [
                { ...key, account: 'fake-main', claimed_version: 1, open: 1, differs: 0 },
              ]);
              return commands;
            },
          },
          '',
        );
      }
      await close(listing, open, signal);
    };
    const one = pusher({}, channel.target({ sale }));
    await ended(one.push(state('p/1', 1, { sellable: 0, open: false })));
    assert.deepEqual(channel.sales, ['p/1 closes', 'p/1 opens']);
    await ended(other.push(state('p/2', 1)));
    assert.equal(channel.sales.length, 2, 'it is open');
  });

  it('tells one listing of a product at a time where products are opened and closed', async () => {
    const under: string[] = [];
    const target = channel.target({ most: 1, groupOf: (listing) => listing, sale: channel.sale(productOf) });
    const go: (() => void)[] = [];
    channel.before = ([number]) => {
      under.push(number!.listing);
      return new Promise<void>((resolve) => go.push(resolve));
    };
    const one = pusher({ lanes: 3 }, target);
    const all = Promise.all(['p/1', 'p/2', 'q/1'].map((listing) => one.push(state(listing, 1))));
    await gone(() => under.length === 2, 'the first calls');
    await step(1_000);
    assert.deepEqual(under, ['p/1', 'q/1']);
    go[0]!();
    await gone(() => under.length === 3, 'the second listing of the product');
    for (const answer of go) answer();
    await ended(all);
  });

  it('reads a sample back and tells again what still differs at the second look', async () => {
    const found: unknown[] = [];
    const one = pusher(
      { readBackPercent: 100, onDifference: ({ shown }) => found.push(shown.sellable) },
      channel.target({ read: channel.read }),
    );
    await ended(one.push(state('a', 1)));
    channel.shown.set('a', 7);
    for (let turn = 0; turn < 2_000 && (await row('a')).differs === 0; turn += 1) await step(10);
    assert.equal((await row('a')).differs, 1);
    assert.deepEqual(found, [], 'the order that lowered it may be on its way');
    await gone(() => channel.calls.length === 2, 'it was told again');
    assert.deepEqual(found, [7]);
    assert.equal(channel.shown.get('a'), 10);
  });

  it('looks again at what could not be read, and tells again until the channel takes it', async () => {
    const troubles: unknown[] = [];
    let reads = 0;
    const one = pusher(
      { readBackPercent: 100, onTrouble: (error) => troubles.push(error) },
      channel.target({
        read: (listings) => {
          reads += 1;
          if (reads === 1 || reads === 3) throw platformFault(said);
          return channel.read(listings);
        },
      }),
    );
    await ended(one.push(state('a', 1)));
    channel.shown.set('a', 7);
    channel.before = () => {
      if (channel.calls.length < 3) throw platformFault(said);
    };
    await gone(() => channel.shown.get('a') === 10, 'it was told again', 1_000);
    assert.equal(channel.calls.length, 3, 'told, told again in vain, told again');
    assert.equal(troubles.length, 3, 'two looks and a telling came to nothing');
  });

  it('does not look again where the channel says that it never shows the listing', async () => {
    const troubles: unknown[] = [];
    let reads = 0;
    const read = (): never => {
      reads += 1;
      throw callerFault(said);
    };
    const one = pusher(
      { readBackPercent: 100, onTrouble: (error) => troubles.push(error) },
      channel.target({ read }),
    );
    await ended(one.push(state('a', 1)));
    await gone(() => troubles.length > 0, 'the look');
    await step(120_000);
    assert.equal(reads, 1);
  });

  it('makes of 50,000 changes of 1,000 listings what the pace allows, the newest last', async () => {
    const chance = new Chance();
    const perSecond = 5;
    const pacing = new AccountPacing(perSecond, { timers: time, now: time.now });
    channel.before = async () => {
      await pacing.take(1, idle, 0);
    };
    const one = pusher();
    const from = time.now();
    const newest = new Map<string, number>();
    const all: Promise<unknown>[] = [];
    while (all.length < 50_000) {
      for (let change = 0; change < 1_000; change += 1) {
        const listing = `l${chance.between(1, 1_000)}`;
        const sellable = chance.between(1, 10_000);
        newest.set(listing, sellable);
        all.push(one.push(state(listing, all.length + 1, { sellable })));
      }
      await step(200);
    }
    await ended(Promise.all(all));
    const seconds = (time.now() - from) / 1_000;
    const where = `${channel.calls.length} calls in ${seconds} s, seed ${chance.seed}`;
    const allowed = perSecond * seconds;
    assert.ok(channel.calls.length <= allowed + perSecond, `more than the pace allows: ${where}`);
    assert.ok(channel.calls.length >= allowed * 0.9, `the pace was not made use of: ${where}`);
    assert.deepEqual(channel.shown, newest, `not the newest numbers: ${where}`);
    const told = new Map<string, number>();
    for (const { listing, version } of channel.calls.flat()) {
      assert.ok(version > (told.get(listing) ?? 0), `${listing} was told an older number: ${where}`);
      told.set(listing, version);
    }
  });
});
