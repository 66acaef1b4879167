import type { Node, NodeAPI } from 'node-red';
import type { ColumnNames } from '../../core/stock/count/columns.ts';
import { checkZone } from '../../core/stock/count/count-time.ts';
import type { CountAnswer, Counts } from '../../core/stock/count/counts.ts';
import { refusedSheet } from '../../core/stock/count/refused-sheet.ts';
import { thresholdsFrom } from '../../core/stock/count/settings.ts';
import type { CountLineState } from '../../core/store/schema.ts';
import { actorOf } from '../shared/actor.ts';
import { type BaseConfig, defineNode, type HubMessage, type Send } from '../shared/define-node.ts';
import { deliveryOf } from '../shared/message-order.ts';
import { readOptionalProperty } from '../shared/optional-property.ts';
import { stableId } from '../shared/stable-id.ts';
import { readDecision } from './decision.ts';

export interface StockCountConfig extends BaseConfig {
  pool: string;
  /** Whether all SKUs of the pool were to be counted, or some. */
  kind: 'cycle' | 'full';
  /** What becomes of SKUs that a full count does not have. */
  missing: 'report' | 'zero';
  /** Where the list, or the content of the file, is read. */
  data: string;
  dataType: string;
  /** Where the sheet's name is read; a message without one has a sheet without one. */
  sheet: string;
  sheetType: string;
  /** Up to so many units, percent, or money, a difference is corrected at once; empty for no limit. */
  units: string | number;
  percent: string | number;
  value: string | number;
  duplicates: 'refuse' | 'sum';
  /** Zone of times that name none; empty for that of the computer. */
  zone: string;
  /** Names of the columns; empty for the usual ones. */
  skuColumn: string;
  countedColumn: string;
  timeColumn: string;
  costColumn: string;
  /** Worksheet of an Excel file; empty for the first. */
  worksheet: string;
}

export default defineNode<StockCountConfig>({
  type: 'stock-count',
  version: 1,
  usesHub: true,
  check(config) {
    checkZone(zoneOf(config));
    thresholdsFrom(config);
  },
  setup({ RED, node, config, hub, status }) {
    return {
      async input(message, send) {
        const { counts } = await hub.ready();
        const read = (field: 'data' | 'sheet', usual: string) => {
          const property = { value: config[field] || usual, type: config[`${field}Type`] || 'msg' };
          return readOptionalProperty(RED, node, property, message, field);
        };
        const received = await read('data', 'payload');
        const name = await read('sheet', 'filename');
        const answer = await refusalsAnswered(() => {
          const decision = readDecision(received);
          return decision
            ? counts.decide({
                ...decision,
                actor: actorOf(message, node.id),
                opKey: decision.opKey ?? causeOf(node, message),
              })
            : take({ counts, config, node, message }, received, name);
        });
        leave(RED, send, message, answer);
        if (answer.waiting > 0) status.working('stock-count.status.waiting');
        else if (answer.state === 'refused') status.refused();
        else status.ok();
      },
    };
  },
});

function take(
  {
    counts,
    config,
    node,
    message,
  }: { counts: Counts; config: StockCountConfig; node: Node; message: HubMessage },
  received: unknown,
  name: unknown,
): Promise<CountAnswer> {
  return counts.take({
    received,
    pool: config.pool || 'main',
    kind: config.kind || 'cycle',
    missing: config.missing || 'report',
    duplicates: config.duplicates || 'refuse',
    thresholds: thresholdsFrom(config),
    zone: zoneOf(config),
    columns: columnsOf(config),
    actor: actorOf(message, node.id),
    cause: causeOf(node, message),
    ...(name !== undefined && name !== null && { name: String(name) }),
    ...(config.worksheet && { worksheet: config.worksheet }),
  });
}

/** A refusal becomes an answer; a fault stays one. */
async function refusalsAnswered(act: () => Promise<CountAnswer>): Promise<CountAnswer> {
  try {
    return await act();
  } catch (error) {
    const refused = refusedSheet(error);
    if (refused) return refused;
    throw error;
  }
}

const waiting: readonly CountLineState[] = ['waiting'];
const refused: readonly CountLineState[] = ['refused'];

/** Whether any line was compared with the ledger and needs nobody any more. */
function isSettledInPart(answer: CountAnswer): boolean {
  const { agreed, corrected, rejected, superseded, uncounted } = answer;
  return agreed + corrected + rejected + superseded + uncounted > 0;
}

/**
 * What is settled leaves by the first port; what waits for a second person by the second, and what cannot be used
 * by the third, each with the lines that belong there.
 */
function leave(RED: NodeAPI, send: Send, message: HubMessage, answer: CountAnswer): void {
  const ports: (CountAnswer | null)[] = [
    isSettledInPart(answer)
      ? withLines(answer, (state) => !waiting.includes(state) && !refused.includes(state))
      : null,
    answer.waiting > 0 ? withLines(answer, (state) => waiting.includes(state)) : null,
    answer.state === 'refused' || answer.refused > 0
      ? withLines(answer, (state) => refused.includes(state))
      : null,
  ];
  const leaving = ports.filter((stock) => stock !== null).length;
  send(
    ports.map((stock) => {
      if (!stock) return null;
      const out = leaving > 1 ? RED.util.cloneMessage(message) : message;
      out.stock = stock;
      return out;
    }),
  );
}

function withLines(answer: CountAnswer, belongs: (state: CountLineState) => boolean): CountAnswer {
  return { ...answer, lines: answer.lines.filter(({ state }) => belongs(state)) };
}

/** What tells an act from the next: the delivery that brought the message, else the message itself. */
function causeOf(node: Node, message: HubMessage): string {
  const part = (message.parts as { index?: number } | undefined)?.index;
  const cause = deliveryOf(message)?.id ?? message._msgid;
  return ['count', stableId(node), cause, ...(part === undefined ? [] : [part])].join('|');
}

function zoneOf({ zone }: StockCountConfig): string {
  return zone?.trim() || Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function columnsOf(config: StockCountConfig): ColumnNames {
  const entered = {
    sku: config.skuColumn,
    counted: config.countedColumn,
    at: config.timeColumn,
    cost: config.costColumn,
  };
  return Object.fromEntries(Object.entries(entered).filter(([, name]) => name?.trim()));
}
