import type { CensusSheet } from '../../../../core/channel/polling/census/sheet.ts';
import {
  ChannelPoller,
  type PollerOptions,
  type PollState,
} from '../../../../core/channel/polling/channel-poller.ts';
import type { RunSheet } from '../../../../core/channel/polling/poll-state.ts';
import type { Store } from '../../../../core/store/store.ts';
import { inTx } from '../../delivery/deliveries.ts';
import { VirtualTime } from '../../delivery/virtual-time.ts';
import type { AnyPlace } from '../../store/each-store.ts';
import { FakeShop, minute } from './fake-shop.ts';

export const account = { path: 'fake-main', channel: 'fake', shop: 'main', zone: 'Asia/Shanghai' };

/** A fake shop and those who read it, on a clock that only moves when it is told to. */
export class PollingCase {
  readonly time = new VirtualTime();
  readonly shop = new FakeShop();
  readonly sheets: RunSheet[] = [];
  readonly censuses: CensusSheet[] = [];
  readonly states: PollState[] = [];
  readonly pollers: ChannelPoller[] = [];
  leads = true;
  store!: Store;
  readonly #place: AnyPlace;

  private constructor(place: AnyPlace) {
    this.#place = place;
  }

  static async begin(makePlace: () => Promise<AnyPlace>): Promise<PollingCase> {
    const one = new PollingCase(await makePlace());
    one.store = await one.#place.open({ now: one.time.now });
    return one;
  }

  async end(): Promise<void> {
    for (const poller of this.pollers) await poller.stop();
    await this.#place.dispose();
  }

  poller(options: Partial<PollerOptions> = {}): ChannelPoller {
    const made = new ChannelPoller({
      store: this.store,
      candidacy: { leads: () => this.leads, resign: async () => undefined },
      account,
      subscriber: `poll:${account.path}`,
      connect: async () => this.shop.connection(),
      intervalMs: minute,
      since: null,
      census: null,
      onState: (state) => this.states.push(state),
      onSheet: (sheet) => this.sheets.push(sheet),
      onCensus: (sheet) => this.censuses.push(sheet),
      timers: this.time,
      random: () => 0.5,
      ...options,
    });
    this.pollers.push(made);
    made.start();
    return made;
  }

  /** Lets what is due happen, without any time going by, until something is so. */
  async until(isSo: () => boolean, what: string): Promise<void> {
    for (let turn = 0; turn < 20_000; turn += 1) {
      if (isSo()) return;
      await this.time.advance(0);
      // Writes go in the order they are asked for: what was asked before is done now.
      await inTx(this.store, async () => undefined);
    }
    throw new Error(`In vain waited until ${what}; last state: ${JSON.stringify(this.states.at(-1))}`);
  }

  /** The sheet of the reading that is due now. */
  async nextSheet(): Promise<RunSheet> {
    const before = this.sheets.length;
    await this.until(() => this.sheets.length > before, 'a sheet was kept');
    return this.sheets[before]!;
  }

  /** The sheet of the reading that is due when so much time has gone by. */
  async sheetAfter(ms: number): Promise<RunSheet> {
    // A server answers when it does: the poller may still be at its last reading, and plans the next one after it.
    await this.until(() => this.time.nextIn > 0 && this.time.nextIn <= ms, 'the next reading was planned');
    const before = this.sheets.length;
    await this.time.advance(ms);
    await this.until(() => this.sheets.length > before, 'a sheet was kept');
    return this.sheets.at(-1)!;
  }

  async bodies(): Promise<{ id: string; state: string }[]> {
    const rows = await this.store.read.selectFrom('inbox').select('body').orderBy('id').execute();
    return rows.map(({ body }) => JSON.parse(Buffer.from(body).toString()) as { id: string; state: string });
  }

  async watermark(): Promise<number> {
    const row = await this.store.read
      .selectFrom('channel_polls')
      .select('watermark')
      .executeTakeFirstOrThrow();
    return row.watermark;
  }
}
