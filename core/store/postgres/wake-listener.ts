import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import type { Connections } from './connections.ts';

/** Bytes of one notification at most; PostgreSQL takes less than 8,000 (its NOTIFY page). */
const mostBytes = 7_500;
/** Waits before connecting again, milliseconds; the last one repeats. */
const defaultWaits: readonly number[] = [100, 500, 2_000, 5_000, 15_000];
/** How often the connection is asked whether it is alive: one that only listens notices nothing by itself. */
const askEveryMs = 30_000;

/** Stands for subscribers whose names are too long to be sent. */
const somebody = '';

/** The channel of a store; channels belong to the whole database. */
export function channelOf(schema: string): string {
  return `order_hub_${createHash('sha256').update(schema).digest('hex').slice(0, 24)}`;
}

/**
 * Statements that tell the other processes of subscribers, in as few notifications as they fit in.
 *
 * @param owner the process that tells: it has told its own listeners
 * @param literal writes a text as SQL does
 */
export function notifications(
  channel: string,
  owner: string,
  subscribers: readonly string[],
  literal: (text: string) => string,
): string[] {
  if (subscribers.length === 0) return [];
  const payloads: string[] = [];
  let names: string[] = [];
  const told = () => JSON.stringify([owner, ...names]);
  for (const subscriber of subscribers) {
    const name = Buffer.byteLength(JSON.stringify([owner, subscriber])) > mostBytes ? somebody : subscriber;
    names.push(name);
    if (Buffer.byteLength(told()) <= mostBytes) continue;
    names.pop();
    payloads.push(told());
    names = [name];
  }
  payloads.push(told());
  return payloads.map((payload) => `select pg_notify(${literal(channel)}, ${literal(payload)})`);
}

export interface WakeListenerOptions {
  connections: Connections;
  channel: string;
  owner: string;
  /** Tells of a subscriber that has new deliveries. */
  woken(subscriber: string): void;
  /** The subscribers that have deliveries waiting. */
  waiting(): Promise<string[]>;
  /** Waits before connecting again, milliseconds. */
  waits?: readonly number[];
}

/**
 * Hears what other processes on the store write for whom. While its connection is away nothing is heard, so
 * whenever it is back everybody for whom something waits is woken.
 */
export class WakeListener {
  readonly #options: WakeListenerOptions;
  #client: Client | undefined;
  #stopped = false;
  #attempts = 0;
  #timer: NodeJS.Timeout | undefined;
  #connecting: Promise<void> | undefined;

  constructor(options: WakeListenerOptions) {
    this.#options = options;
  }

  /** Connects; when that fails it goes on trying. */
  start(): Promise<void> {
    this.#connecting = this.#connect();
    return this.#connecting;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#connecting;
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  async #connect(): Promise<void> {
    const { connections, channel } = this.#options;
    let client: Client | undefined;
    try {
      client = await connections.connect();
      const listening = client;
      client.on('notification', ({ payload }) => this.#heard(payload));
      client.once('end', () => this.#lost(listening));
      await client.query(`listen ${channel}`);
    } catch {
      // The writer meets the same trouble and tells of it; here it is only tried again.
      await client?.end();
      this.#again();
      return;
    }
    if (this.#stopped) {
      await client.end();
      return;
    }
    this.#client = client;
    this.#plan(askEveryMs, () => this.#ask(client));
    const missed = this.#attempts > 0;
    this.#attempts = 0;
    if (missed) await this.#wakeWaiting();
  }

  #heard(payload: string | undefined): void {
    const [owner, ...subscribers] = JSON.parse(payload ?? '[]') as string[];
    if (owner === this.#options.owner) return;
    for (const subscriber of subscribers) if (subscriber !== somebody) this.#options.woken(subscriber);
    if (subscribers.includes(somebody)) void this.#wakeWaiting();
  }

  async #wakeWaiting(): Promise<void> {
    try {
      for (const subscriber of await this.#options.waiting()) this.#options.woken(subscriber);
    } catch {
      // The store is away again: its return wakes them.
      if (this.#client) this.#lost(this.#client);
    }
  }

  #ask(client: Client): void {
    client.query('select 1').then(
      () => this.#plan(askEveryMs, () => this.#ask(client)),
      () => this.#lost(client),
    );
  }

  #lost(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    void client.end();
    this.#again();
  }

  #again(): void {
    if (this.#stopped) return;
    const waits = this.#options.waits ?? defaultWaits;
    const wait = waits[Math.min(this.#attempts, waits.length - 1)]!;
    this.#attempts += 1;
    this.#plan(wait * (0.5 + Math.random() / 2), () => {
      this.#connecting = this.#connect();
    });
  }

  #plan(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(act, ms);
    this.#timer.unref();
  }
}
