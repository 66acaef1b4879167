import type { Chance } from '../support/seeded.ts';

/** What can go wrong with a request. */
export const requestFaults = [
  'throttle',
  'server-error',
  'timeout',
  'half-open',
  'cut',
  'truncated-json',
  'html-page',
  'duplicate-rows',
  'page-repeats',
  'cursor-back',
  'revoked-token',
  'clock-off',
] as const;
/** What can go wrong with a push. */
export const pushFaults = ['push-delayed', 'push-disordered', 'push-duplicated', 'push-lost'] as const;
export const faultKinds = [...requestFaults, ...pushFaults, 'index-delay'] as const;

export type RequestFault = (typeof requestFaults)[number];
export type PushFault = (typeof pushFaults)[number];
export type FaultKind = (typeof faultKinds)[number];

export interface FaultSettings {
  /** How often a request, a push or a change is struck, from 0 to 1. */
  rate: number;
  /** Default: every kind. */
  kinds?: readonly FaultKind[];
}

/** Draws the faults of one shop: the same ones for the same seed and the same requests. */
export class Faults {
  /** How often each kind struck. */
  readonly counts = new Map<FaultKind, number>();
  readonly #chance: Chance;
  #rate = 0;
  #kinds: ReadonlySet<FaultKind> = new Set(faultKinds);

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** @param settings null for none any more */
  set(settings: FaultSettings | null): void {
    this.#rate = settings?.rate ?? 0;
    this.#kinds = new Set(settings?.kinds ?? faultKinds);
  }

  /** How often a kind strikes, from 0 to 1. */
  rateOf(kind: FaultKind): number {
    return this.#kinds.has(kind) ? this.#rate : 0;
  }

  /** One of the kinds that may strike here, or null. */
  draw<Kind extends FaultKind>(applicable: readonly Kind[]): Kind | null {
    const kinds = applicable.filter((kind) => this.#kinds.has(kind));
    if (this.#rate === 0 || kinds.length === 0 || !this.#chance.happens(this.#rate)) return null;
    const kind = this.#chance.pick(kinds);
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    return kind;
  }
}
