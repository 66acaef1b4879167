import type { ChannelConnection } from '../../../core/channel/connection/connection.ts';
import type { FaultKind } from '../../../core/channel/connection/fault.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import type { PlatformName } from '../../simulator/platforms/index.ts';
import { type ShopSettings, type SimulatedShop, startSimulator } from '../../simulator/simulator.ts';
import { faultOf, idle } from './answering-channel.ts';
import { openSimulated } from './simulated-channel.ts';

/** A shop of a platform, as a connection of the hub sees it. Its time goes on when the test says so. */
export interface ConnectedShop {
  clock: VirtualClock;
  shop: SimulatedShop;
  connection: ChannelConnection;
  /** What kind of trouble the test of an account has that is entered otherwise, or on a machine with this clock. */
  kindWith(access: Partial<SimulatedShop['access']>, at?: VirtualClock): Promise<FaultKind>;
}

/** The simulated shops of a test, and how they are closed after it. */
export class SimulatedShops {
  readonly #platform: PlatformName;
  readonly #open: (() => unknown)[] = [];

  constructor(platform: PlatformName) {
    this.#platform = platform;
  }

  /** @param at where its time begins, epoch milliseconds */
  async open(at: number, seed: number, settings: ShopSettings): Promise<ConnectedShop> {
    const clock = new VirtualClock(at);
    const platforms = { [this.#platform]: { limit: null, ...settings } };
    const simulator = await startSimulator({ seed, clock, platforms });
    this.#open.push(() => simulator.close());
    const shop = simulator.shop(this.#platform);
    const connect = (to: Pick<SimulatedShop, 'platform' | 'address' | 'access'>, by: VirtualClock) => {
      const { connection, close } = openSimulated(to, by);
      this.#open.push(close);
      return connection;
    };
    return {
      clock,
      shop,
      connection: connect(shop, clock),
      async kindWith(access, by = clock) {
        const { platform, address } = shop;
        const other = connect({ platform, address, access: { ...shop.access, ...access } }, by);
        return (await faultOf(other.check(idle))).kind;
      },
    };
  }

  async close(): Promise<void> {
    for (const close of this.#open.splice(0).reverse()) await close();
  }
}
