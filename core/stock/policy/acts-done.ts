import { operationsByKey } from '../../store/queries/stock-operations.ts';
import type { Store } from '../../store/store.ts';
import type { KeptAnswer } from '../operation.ts';
import { refusalFrom } from '../refusals.ts';
import type { PolicyAct } from './answer.ts';

/** Most acts of one event: more are a loop, not work. */
export const mostActs = 32;

/** An act that an event did before. */
export interface DoneAct {
  opKey: string;
  /** Its number among those of the event. */
  number: number;
  kind: 'lock' | 'release' | 'deduct' | 'sale';
  /** As it is told again. Of a lock the stock itself knows whether it still holds. */
  act: PolicyAct;
}

/** The op key of one act of an event. */
export function actKey(opKey: string, number: number): string {
  return `${opKey}|${number}`;
}

/** The acts that an event did before, when its message was delivered the first time. */
export async function actsDone(store: Store, opKey: string): Promise<DoneAct[]> {
  const keys = Array.from({ length: mostActs }, (_, number) => actKey(opKey, number));
  const rows = await operationsByKey(store.read, keys);
  return rows.map(({ opKey: key, kind, answer }) => ({
    opKey: key,
    number: keys.indexOf(key),
    kind: kind as DoneAct['kind'],
    act: again(kind, answer === null ? {} : (JSON.parse(answer) as KeptAnswer)),
  }));
}

const whole = { lock: 'locked', release: 'released', deduct: 'deducted', sale: 'deducted' } as const;

function again(kind: string, kept: KeptAnswer): PolicyAct {
  const known = kind as keyof typeof whole;
  const units = known === 'release' ? 'released' : 'deducted';
  return {
    act: known === 'sale' ? 'deduct' : known,
    state: (kept.state as PolicyAct['state'] | undefined) ?? whole[known],
    lines: ((kept.lines ?? []) as [string, string, number][]).map(([lineId, sku, quantity]) => ({
      lineId,
      sku,
      [units]: quantity,
    })),
    refusals: (kept.refusals ?? []).map(refusalFrom),
    replayed: true,
  };
}
