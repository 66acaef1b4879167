import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import type { NodeRedApp } from 'node-red';
import { eventually } from '../support/hub-client.ts';

/** How many of each thing that a runtime could heap up. */
export type Census = Record<string, number>;

interface Hooks {
  add(hookId: string, handler: unknown): void;
  remove(hookId: string): void;
}

/** Counts the listeners, hooks and timers of a runtime in this process. */
export class RuntimeCensus {
  readonly #events: EventEmitter;
  readonly #hooks: Hooks;
  readonly #own: Pick<Hooks, 'add' | 'remove'>;
  /** Hooks added since the census began, by their id. */
  readonly #added = new Map<string, number>();

  constructor(RED: NodeRedApp) {
    this.#events = RED.events as unknown as EventEmitter;
    this.#hooks = RED.hooks as unknown as Hooks;
    const { add, remove } = this.#hooks;
    this.#own = { add, remove };
    this.#hooks.add = (hookId, handler) => {
      add(hookId, handler);
      this.#count(hookId, 1);
    };
    this.#hooks.remove = (hookId) => {
      remove(hookId);
      const [hook = '', label = ''] = hookId.split('.');
      for (const id of this.#added.keys()) {
        if (id === hookId || (hook === '*' && id.endsWith(`.${label}`))) this.#added.delete(id);
      }
    };
  }

  /** Takes its hands off the runtime. */
  end(): void {
    Object.assign(this.#hooks, this.#own);
  }

  take(): Census {
    const census: Census = { hooks: this.#added.size };
    for (const name of this.#events.eventNames()) {
      census[`listeners for ${String(name)}`] = this.#events.listenerCount(name);
    }
    for (const type of process.getActiveResourcesInfo()) {
      // Sockets are the business of whoever holds the other end.
      if (type === 'Timeout' || type === 'Immediate') census[type] = (census[type] ?? 0) + 1;
    }
    return census;
  }

  /** The census once it has stopped falling: what was busy a moment ago lets go of its timers by and by. */
  async quiet(): Promise<Census> {
    let before = this.take();
    return eventually('nothing goes down any more', () => {
      const now = this.take();
      const falls = Object.entries(before).some(([thing, count]) => (now[thing] ?? 0) < count);
      before = now;
      return falls ? undefined : now;
    });
  }

  /** Resolves when there is no more of anything than there was; rejects when there still is after ten seconds. */
  async expectNoMoreThan(before: Census): Promise<void> {
    let grown: [string, number][] = [];
    try {
      await eventually('nothing has grown', () => {
        grown = Object.entries(this.take()).filter(([thing, count]) => count > (before[thing] ?? 0));
        return grown.length === 0 || undefined;
      });
    } catch {
      assert.deepEqual(Object.fromEntries(grown), before);
    }
  }

  #count(hookId: string, by: number): void {
    this.#added.set(hookId, (this.#added.get(hookId) ?? 0) + by);
  }
}
