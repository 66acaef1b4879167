import type { Row } from '../store/schema.ts';
import type {
  AdjustAnswer,
  AdjustedLine,
  DeductAnswer,
  KeyedAnswer,
  LockAnswer,
  LockedFrom,
  LockedLine,
  ReleaseAnswer,
} from './answers.ts';
import type { KeyedCommand } from './commands.ts';
import type { Hold } from './ledger.ts';
import { copyRefusal, type KeptRefusal, refusalFrom, type Told } from './refusals.ts';
import { type Lot, lotsOf, unitsOpened } from './taking/ordered-units.ts';

/** An answer while its batch is decided: new holds have no ids yet. */
export interface Draft {
  answer: KeyedAnswer;
  /** Holds whose ids the answer names. */
  holds: readonly Hold[];
  /** The refusals as an operation keeps them. */
  told: readonly Told[];
}

/** The first answer to an op key: in this batch (`draft`), or as it was read (`kept`). */
export interface Operation {
  kind: string;
  content: number;
  draft?: Draft;
  kept?: KeptAnswer;
}

/*
 * What is kept of an answer. A repeat brings its command along, and holds know their lines, so that only what
 * neither says is kept: of a lock that went well nothing but the ids of its holds.
 */
export interface KeptAnswer {
  /** Left out when all was done. */
  state?: string;
  holds?: number[];
  /** Lines and their units, when neither the command nor its holds say them. */
  lines?: unknown[];
  refusals?: KeptRefusal[];
}

/** @param answer the text that was kept of it, its own or that of the operation it shares one with */
export function readOperation(row: Row<'stock_operations'>, answer: string | null): Operation {
  const operation: Operation = { kind: row.kind, content: row.content };
  if (answer !== null) operation.kept = JSON.parse(answer) as KeptAnswer;
  return operation;
}

const allDone: Readonly<Record<KeyedCommand['kind'], string>> = {
  receive: 'done',
  correct: 'done',
  set: 'done',
  return: 'done',
  move: 'done',
  transfer: 'done',
  lock: 'locked',
  release: 'released',
  deduct: 'deducted',
  sale: 'deducted',
};

/** The text that is kept of an answer whose holds have ids. */
export function keep(kind: KeyedCommand['kind'], { answer, told }: Draft): string {
  const parts: string[] = [];
  if (answer.state !== allDone[kind]) parts.push(`"state":"${answer.state}"`);
  if ('holds' in answer && answer.holds.length > 0) parts.push(`"holds":[${answer.holds.join()}]`);
  const lines = keptLines(kind, answer);
  if (lines) parts.push(`"lines":${JSON.stringify(lines)}`);
  if (told.length > 0) parts.push(`"refusals":[${told.map((one) => one.json).join()}]`);
  return `{${parts.join()}}`;
}

/**
 * Text that two answers have in common only when what is kept of them is the same; undefined for answers that
 * say more than one refusal. On a SKU that is sold out most commands are refused alike.
 */
export function sharedText({ answer, told }: Draft): string | undefined {
  if (told.length !== 1 || ('holds' in answer && answer.holds.length > 0)) return undefined;
  return answer.lines.some((line) => 'locked' in line && line.locked > 0) ? undefined : told[0]!.json;
}

function keptLines(kind: KeyedCommand['kind'], answer: KeyedAnswer): unknown[] | undefined {
  if (answer.lines.length === 0) return undefined;
  switch (kind) {
    case 'lock': {
      if (answer.state === 'locked') return undefined;
      const { lines } = answer as LockAnswer;
      if (!lines.some(({ locked }) => locked > 0)) return undefined;
      return lines.map(({ lineId, sku, asked, locked }) => [lineId, sku, asked, locked]);
    }
    case 'sale':
      return undefined;
    case 'release':
      return (answer as ReleaseAnswer).lines.map((line) => [line.lineId, line.sku, line.released]);
    case 'deduct':
      return (answer as DeductAnswer).lines.map((line) => [line.lineId, line.sku, line.deducted]);
    default:
      return (answer as AdjustAnswer).lines.map((line) => [line.sku, line.quantity, line.available]);
  }
}

/**
 * The first answer again, for the repeat of its command.
 *
 * @param held all holds of the command's order
 */
export function replay(
  command: KeyedCommand,
  operation: Operation,
  held: readonly Hold[] | undefined,
): Draft {
  const { draft, kept } = operation;
  if (draft) {
    const { answer, holds, told } = draft;
    const again = {
      ...answer,
      lines: answer.lines.map((line) => ({ ...line })),
      refusals: answer.refusals.map(copyRefusal),
      replayed: true,
    } as KeyedAnswer;
    return { answer: again, holds, told };
  }
  if (!kept) throw new Error(`The operation ${command.opKey} has no answer`);
  const refusals = (kept.refusals ?? []).map(refusalFrom);
  const answer = {
    state: kept.state ?? allDone[command.kind],
    lines: linesAgain(command, kept, held),
    ...(holdsNamed(command) && { holds: kept.holds ?? [] }),
    refusals,
    replayed: true,
  } as KeyedAnswer;
  return { answer, holds: command.kind === 'lock' ? holdsAgain(kept, held) : [], told: [] };
}

/** The holds that a kept answer names, in its order. */
function holdsAgain(kept: KeptAnswer, held: readonly Hold[] | undefined): Hold[] {
  return (kept.holds ?? []).map((id) => {
    const hold = held?.find((one) => one.id === id);
    if (!hold) throw new Error(`The hold ${id} of an earlier answer is not there`);
    return hold;
  });
}

function holdsNamed({ kind }: KeyedCommand): boolean {
  return kind === 'lock' || kind === 'release' || kind === 'deduct' || kind === 'sale';
}

/** The lines of a lock that went well, from the holds it made: by line what was ordered, and where it came from. */
function lockedAgain(lots: readonly Lot[], pool: string): LockedLine[] {
  const lines = new Map<string, LockedLine>();
  for (const lot of lots) {
    const { lineId, sku } = lot;
    const units = unitsOpened(lot);
    const line = lines.get(lineId);
    if (line) {
      line.asked += units;
      line.locked += units;
      continue;
    }
    const from = fromAgain(lots, lineId, pool);
    lines.set(lineId, { lineId, sku, asked: units, locked: units, ...(from && { from }) });
  }
  return [...lines.values()];
}

/** Where a line's units came from when they were locked. */
function fromAgain(lots: readonly Lot[], lineId: string, pool: string): LockedFrom[] | undefined {
  const ofLine = lots.filter((lot) => lot.lineId === lineId);
  if (ofLine.every((lot) => lot.pool === pool && lot.holds[0]!.row.bundle === null)) return undefined;
  return ofLine.flatMap(({ holds }) =>
    holds.map(({ row }) => ({ pool: row.pool, sku: row.sku, quantity: row.quantity })),
  );
}

function linesAgain(
  command: KeyedCommand,
  kept: KeptAnswer,
  held: readonly Hold[] | undefined,
): KeyedAnswer['lines'] {
  switch (command.kind) {
    case 'lock':
      if (kept.lines) {
        const lots = lotsOf(holdsAgain(kept, held));
        return (kept.lines as [string, string, number, number][]).map(([lineId, sku, asked, locked]) => {
          const from = fromAgain(lots, lineId, command.pool);
          return { lineId, sku, asked, locked, ...(from && { from }) };
        });
      }
      if (kept.state !== undefined)
        return command.lines.map(({ lineId, sku, quantity }) => ({
          lineId,
          sku,
          asked: quantity,
          locked: 0,
        }));
      return lockedAgain(lotsOf(holdsAgain(kept, held)), command.pool);
    case 'sale':
      if (kept.state !== undefined) return [];
      return command.lines.map(({ lineId, sku, quantity }) => ({ lineId, sku, deducted: quantity }));
    case 'release':
      return ((kept.lines ?? []) as [string, string, number][]).map(([lineId, sku, released]) => ({
        lineId,
        sku,
        released,
      }));
    case 'deduct':
      return ((kept.lines ?? []) as [string, string, number][]).map(([lineId, sku, deducted]) => ({
        lineId,
        sku,
        deducted,
      }));
    default:
      return ((kept.lines ?? []) as [string, number, number][]).map(
        ([sku, quantity, available]): AdjustedLine => ({ sku, quantity, available }),
      );
  }
}
