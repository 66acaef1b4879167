import type { MessageParams } from '../../message.ts';

/** What a repair is done to, by name; the numbers in the store. */
export type RepairTarget = Readonly<Record<string, string | number>>;
/** Numbers and states that a repair changes, by name. */
export type Sheet = Readonly<Record<string, string | number | null>>;

/** The acts that put a finding right; `none` when only a person can. */
export type RepairAct =
  | 'none'
  | 'rebuild-balance'
  | 'rebuild-hold'
  | 'rebuild-line'
  | 'release'
  | 'deduct'
  | 'lock'
  | 'sweep'
  | 'recompute-share';

/** The smallest repair of a finding: what would be done, and the numbers before and after it. */
export interface RepairPlan {
  act: RepairAct;
  target: RepairTarget;
  before: Sheet;
  after: Sheet;
  /** Units that change their place or their number; a second person is asked above a limit. */
  units: number;
}

/** Something that is not as it must be. */
export interface AuditFinding {
  /** `audit.…`, with a sentence in the catalogue. */
  code: string;
  /** What it is about; with the code it tells a finding from others. */
  object: string;
  params: MessageParams;
  /** `hint`: it may well be right, but somebody should know. */
  level: 'wrong' | 'hint';
  repair: RepairPlan;
}

/** No act of the hub puts it right by itself: call who looks after it. */
export const noRepair: RepairPlan = { act: 'none', target: {}, before: {}, after: {}, units: 0 };

/** Tells a finding from all others of a round. */
export function keyOf({ code, object }: Pick<AuditFinding, 'code' | 'object'>): string {
  return `${code} ${object}`;
}
