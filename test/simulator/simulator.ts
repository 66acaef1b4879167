import { Chance } from '../support/seeded.ts';
import { type SimulatorClock, systemClock } from './clock.ts';
import { type FaultSettings, Faults } from './faults.ts';
import type { JsonForm } from './gateway/charset.ts';
import type { RateLimit } from './gateway/rate.ts';
import { GatewayServer } from './gateway/server.ts';
import { Journal } from './journal.ts';
import { type PlatformName, platforms } from './platforms/index.ts';
import type { OpenedPlatform, PlatformDefinition, ShopAccess } from './platforms/platform.ts';
import { PushSender } from './pushes.ts';
import type { Goods } from './shop/listing.ts';
import { Shop } from './shop/shop.ts';
import { ShopServer } from './shop-server.ts';

export interface ShopSettings {
  /** Orders that are there from the beginning. Default 0. */
  orders?: number;
  /** How far back they lie, milliseconds. Default two days. */
  spanMs?: number;
  /** Merchant codes of the goods. Default 25 codes `SKU-001` and so on. */
  codes?: readonly string[];
  /** The goods with their titles and prices, in place of `codes`. */
  goods?: readonly Goods[];
  /** What buyers write, in place of the simulator's own. */
  remarks?: readonly string[];
  /** What buyers are called, in place of `买家` and a number. */
  buyers?: readonly string[];
  /** How answers are written as JSON. Default: as the platform does. */
  json?: JsonForm;
  /** Answers in GBK, which no platform but a shop of one's own sends. */
  charset?: 'gbk';
  /** Keys and secrets in place of the simulator's own. */
  access?: Partial<ShopAccess>;
  /** Changes in the shop after each page that was read. Default 0. */
  changesPerPage?: number;
  /** Requests the platform takes; null for as many as come. Default: as documented. */
  limit?: RateLimit | null;
  /** The platform's own switches: see the README. */
  [setting: string]: unknown;
}

export interface SimulatorOptions {
  /** Everything that is drawn follows from it. */
  seed: number;
  platforms: Partial<Record<PlatformName, ShopSettings>>;
  /** Default: the system's. */
  clock?: SimulatorClock;
  /** Default 0: any free one. */
  port?: number;
}

const defaultCodes = Array.from({ length: 25 }, (_, index) => `SKU-${String(index + 1).padStart(3, '0')}`);

/** One simulated shop: what is in it, what it was asked, and how to make it misbehave. */
export class SimulatedShop {
  readonly platform: PlatformName;
  /** What an account has to enter as the platform's address. */
  readonly address: string;
  readonly access: ShopAccess;
  /** Orders, goods and what happens to them. */
  readonly shop: Shop;
  /** What was asked and told. */
  readonly journal: Journal;
  readonly #parts: OpenedShop;

  constructor(base: string, parts: OpenedShop) {
    const { platform, definition, access, shop, journal } = parts;
    this.platform = platform;
    this.address = `${base}/${platform}${definition.entry}`;
    this.access = access;
    this.shop = shop;
    this.journal = journal;
    this.#parts = parts;
  }

  /** Lets requests, pushes and the index fail; null ends it. */
  faults(settings: FaultSettings | null): void {
    this.#parts.faults.set(settings);
    this.shop.indexDelay.rate = this.#parts.faults.rateOf('index-delay');
  }

  /** How often each fault struck. */
  get faultCounts(): ReadonlyMap<string, number> {
    return this.#parts.faults.counts;
  }

  /** What happens in the shop after each page that was read. */
  set changesPerPage(changes: number) {
    this.#parts.server.changesPerPage = changes;
  }

  /** Pushes every event to this address from now on; null for no more. */
  pushTo(address: string | null): void {
    this.#sender().to(address);
  }

  /** Cuts the connections that messages come over; clients may come again. */
  disconnect(): void {
    this.#parts.opened.disconnect?.();
  }

  /** Resolves when every push was sent. */
  async pushed(): Promise<void> {
    await this.#parts.sender?.idle();
  }

  /** Whether the platform has stopped pushing since too many failed. */
  get pushesAreOff(): boolean {
    return this.#sender().isOff;
  }

  /** An order as the platform's detail request shows it; undefined when there is none. */
  record(id: string): unknown {
    const order = this.shop.order(id);
    return order && this.#parts.opened.record(order);
  }

  #sender(): PushSender {
    const { sender, platform } = this.#parts;
    if (!sender) throw new Error(`${platform} has no HTTP pushes.`);
    return sender;
  }
}

interface OpenedShop {
  platform: PlatformName;
  definition: PlatformDefinition;
  access: ShopAccess;
  shop: Shop;
  journal: Journal;
  faults: Faults;
  opened: OpenedPlatform;
  sender: PushSender | undefined;
  server: ShopServer;
}

/** The simulated platforms of one test or demonstration. */
export class Simulator {
  /** Such as `http://127.0.0.1:40123`. */
  readonly address: string;
  readonly #server: GatewayServer;
  readonly #shops: ReadonlyMap<string, SimulatedShop>;
  readonly #opened: readonly OpenedShop[];

  constructor(address: string, server: GatewayServer, opened: readonly OpenedShop[]) {
    this.address = address;
    this.#server = server;
    this.#opened = opened;
    this.#shops = new Map(opened.map((one) => [one.platform, new SimulatedShop(address, one)]));
  }

  /** @throws Error for a platform that was not started */
  shop(platform: PlatformName): SimulatedShop {
    const shop = this.#shops.get(platform);
    if (!shop) throw new Error(`The simulator was started without ${platform}.`);
    return shop;
  }

  get shops(): readonly SimulatedShop[] {
    return [...this.#shops.values()];
  }

  /** Faults of every shop; null ends them. */
  faults(settings: FaultSettings | null): void {
    for (const shop of this.shops) shop.faults(settings);
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map(({ sender }) => sender?.close()));
    for (const { opened } of this.#opened) opened.close?.();
    await this.#server.close();
  }
}

/** Starts the simulated platforms on 127.0.0.1. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const clock = options.clock ?? systemClock;
  const names = Object.keys(options.platforms) as PlatformName[];
  const opened = names.map((name) => openShop(name, options.platforms[name] ?? {}, options.seed, clock));
  const server = new GatewayServer(new Map(opened.map((one) => [one.platform, one.server])));
  return new Simulator(await server.listen(options.port ?? 0), server, opened);
}

function openShop(
  platform: PlatformName,
  settings: ShopSettings,
  seed: number,
  clock: SimulatorClock,
): OpenedShop {
  const definition: PlatformDefinition = platforms[platform];
  // Each has chance of its own, so that what one draws changes nothing for another.
  const chance = (stream: number): Chance => new Chance(seed * 64 + namesOf().indexOf(platform) * 4 + stream);
  const journal = new Journal();
  const faults = new Faults(chance(1));
  const shop = new Shop({
    clock,
    chance: chance(0),
    traits: definition.traits,
    remarks: settings.remarks,
    buyers: settings.buyers,
    goods: settings.goods ?? (settings.codes ?? defaultCodes).map((sku) => ({ sku })),
  });
  shop.fill(settings.orders ?? 0, settings.spanMs);
  const access = { ...definition.access, ...settings.access };
  const limit = settings.limit === undefined ? definition.limit : settings.limit;
  const opened = definition.open({
    shop,
    journal,
    faults,
    chance: chance(2),
    clock,
    access,
    limit,
    settings,
  });
  const sender = opened.pushes && new PushSender(opened.pushes, { journal, faults, now: () => clock.now() });
  shop.onEvent((event, order) => {
    sender?.push(event, order);
    opened.notify?.(event, order);
  });
  const server = new ShopServer({
    name: platform,
    shop,
    gateway: opened.gateway,
    journal,
    faults,
    clock,
    limit: opened.limitsItself ? null : limit,
    json: settings.json,
    charset: settings.charset,
    upgrade: opened.upgrade,
  });
  server.changesPerPage = settings.changesPerPage ?? 0;
  return { platform, definition, access, shop, journal, faults, opened, sender, server };
}

function namesOf(): string[] {
  return Object.keys(platforms);
}
