import { AccountCalls } from './channel/account-calls.ts';
import { ChannelPolls } from './channel/polling/channel-polls.ts';
import { Attendance } from './delivery/attendance.ts';
import { DeadLetters } from './delivery/dead-letters.ts';
import { Inbox } from './delivery/inbox.ts';
import { Leadership } from './delivery/leadership.ts';
import { Maintenance } from './delivery/maintenance.ts';
import { DeliveryQueue } from './delivery/queue.ts';
import { Subscribers } from './delivery/subscribers.ts';
import { systemTimers, type Timers } from './delivery/timers.ts';
import { Weighings } from './fulfilment/weighing.ts';
import { Alerts } from './insight/alert/alerts.ts';
import { Orders } from './order/orders.ts';
import { Auditor } from './stock/audit/auditor.ts';
import { Counts } from './stock/count/counts.ts';
import { HoldSweeper } from './stock/hold-sweeper.ts';
import { AppliedPolicies } from './stock/policy/applied.ts';
import { Shares } from './stock/shares/shares.ts';
import { Stock } from './stock/stock.ts';
import type { Store } from './store/store.ts';

/** Work that the hub does by itself and that does not go through at the moment. */
export interface BackgroundFault {
  /**
   * `policies`: saying to other processes which stock policies are applied; `leases`: putting back what nobody finished in time; `holds`: tidying locks whose time is up; `audit`: comparing
   * the stock with its ledger; `shares`: working out what channels show; `channels`: reading them;
   * `leadership`: agreeing with the other processes who does that.
   */
  work: 'policies' | 'leases' | 'holds' | 'audit' | 'shares' | 'channels' | 'leadership';
  error: unknown;
}

/** Everything one store's users share. Made when the store opens, and gone when it closes. */
export class Hub {
  readonly store: Store;
  readonly inbox: Inbox;
  readonly deliveries: DeliveryQueue;
  readonly subscribers: Subscribers;
  readonly deadLetters: DeadLetters;
  /** Who takes messages in this process. */
  readonly attendance = new Attendance();
  readonly orders: Orders;
  readonly stock: Stock;
  readonly counts: Counts;
  /** The stock policies that nodes apply, here and in other processes on the store. */
  readonly policies: AppliedPolicies;
  readonly weights: Weighings;
  readonly alerts: Alerts;
  readonly audit: Auditor;
  /** What the channels show of the stock. */
  readonly shares: Shares;
  /** The channels this process reads. */
  readonly channels: ChannelPolls;
  /** The accounts of this process that call their platforms. */
  readonly calls = new AccountCalls();
  /** Who of the processes on this store does what one at a time does. */
  readonly leadership: Leadership;
  readonly #maintenance: Maintenance;
  readonly #holdSweeper: HoldSweeper;

  private constructor(store: Store, timers: Timers) {
    this.store = store;
    this.inbox = new Inbox(store);
    this.deliveries = new DeliveryQueue(store);
    this.subscribers = new Subscribers(store);
    this.deadLetters = new DeadLetters(store);
    this.orders = new Orders(store);
    this.stock = new Stock(store);
    this.counts = new Counts(store);
    this.weights = new Weighings(store);
    this.alerts = new Alerts(store);
    this.policies = new AppliedPolicies(store, timers);
    this.leadership = new Leadership(store, { timers });
    const { leads: looksAfterLeases } = this.leadership.candidate('deliveries.leases');
    this.#maintenance = new Maintenance(store, { timers, leads: looksAfterLeases });
    const { leads: tidiesHolds } = this.leadership.candidate('stock.holds');
    this.#holdSweeper = new HoldSweeper(this.stock, timers, tidiesHolds);
    const { leads: audits } = this.leadership.candidate('stock.audit');
    this.audit = new Auditor(store, this.stock, { timers, leads: audits, policies: this.policies });
    this.shares = new Shares(store, this.leadership, timers);
    this.channels = new ChannelPolls(store, this.leadership, timers);
  }

  /** The hub of a store that was just opened: what this process had leased before it died is free again. */
  static async open(store: Store, { timers = systemTimers }: { timers?: Timers } = {}): Promise<Hub> {
    const hub = new Hub(store, timers);
    await hub.deliveries.reclaimOwn();
    hub.policies.start();
    hub.#maintenance.start();
    hub.#holdSweeper.start();
    hub.audit.start();
    return hub;
  }

  /** What of the work in the background failed when it was last done; it is done again by itself. */
  faults(): BackgroundFault[] {
    const last: BackgroundFault[] = [
      { work: 'policies', error: this.policies.fault },
      { work: 'leases', error: this.#maintenance.fault },
      { work: 'holds', error: this.#holdSweeper.fault },
      { work: 'audit', error: this.audit.fault },
      { work: 'shares', error: this.shares.fault },
      { work: 'channels', error: this.channels.fault },
      { work: 'leadership', error: this.leadership.fault },
    ];
    return last.filter(({ error }) => error !== null);
  }

  async close(): Promise<void> {
    await Promise.all([
      this.policies.stop(),
      this.#maintenance.stop(),
      this.#holdSweeper.stop(),
      this.audit.stop(),
      this.shares.stopAll(),
      this.channels.stopAll(),
    ]);
    await this.leadership.stop();
    await this.store.close();
  }
}
