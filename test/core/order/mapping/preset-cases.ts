import assert from 'node:assert/strict';
import type { Mapping, MapResult } from '../../../../core/order/mapping/types.ts';
import type { Order, OrderStatus, RefundStatus } from '../../../../core/order/schema.ts';
import { map, orderOf, problemOf } from './a-mapping.ts';

/** A status a platform may have, and where it puts an order: status, refund, and why it is held if it is. */
export type StandingCase = [
  fields: Record<string, unknown>,
  status: OrderStatus,
  refund: RefundStatus,
  hold?: string,
];

/** An account of a platform in a zone that is not the platform's, which has to be of no account. */
export function accountOf(channel: string) {
  return { account: { channel, shop: 'tea', zone: 'America/New_York', currency: 'USD' } };
}

export interface Preset {
  mapped(record: unknown): Order;
  result(record: unknown): MapResult;
  /** Changes of a record, and where each puts the order. */
  standings(record: Record<string, unknown>, cases: readonly StandingCase[]): void;
  /** Changes that are not understood: nothing but a problem may come of each, in which the value is named. */
  unknown(
    record: Record<string, unknown>,
    cases: readonly (readonly [Record<string, unknown>, RegExp])[],
  ): void;
}

/** Maps records with a preset as an account of its platform would. */
export function presetOf(mapping: Mapping): Preset {
  const context = accountOf(mapping.platform!);
  const result = (record: unknown) => map(mapping, record, context);
  const mapped = (record: unknown) => orderOf(result(record));
  return {
    result,
    mapped,
    standings(record, cases) {
      for (const [fields, ...expected] of cases) {
        const { status, refundStatus, hold } = mapped({ ...record, ...fields });
        const told = hold ? [status, refundStatus, hold.reason] : [status, refundStatus];
        assert.deepEqual(told, expected, JSON.stringify(fields));
      }
    },
    unknown(record, cases) {
      for (const [fields, named] of cases) {
        const problem = problemOf(result({ ...record, ...fields }));
        assert.equal(problem.code, 'map.no-case', JSON.stringify(fields));
        assert.match(problem.sentence, named);
      }
    },
  };
}

/** Texts every channel may send: each Unicode plane in use, marks, emoji of several parts, markup, what breaks lines. */
export const texts = [
  'Nespresso® Vertuo™ ©',
  '👩‍👩‍👧‍👦 🇨🇳 👍🏽',
  '𠮷野家 㐂 \u{20000} \u{30000}',
  'שלום عليكم ไทย Ελληνικά',
  '𝓣𝓮𝓪 𐍈 \u{E0101}',
  '\u{10FFFD} \uE000',
  '½ ﬁ ² Å',
  '一\n二\r\n三\t四',
  '<b>&amp;</b> "引号" \\ / \u2028',
];

/** JSON as some gateways write it: everything outside ASCII escaped, and slashes. */
export function escapedJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/');
}

/** Every text goes through a field of the order and one of its lines, plain and escaped, without a change. */
export function assertTextKept(
  preset: Preset,
  withText: (text: string) => unknown,
  textsOf: (order: Order) => (string | undefined)[],
): void {
  for (const text of texts) {
    for (const json of [JSON.stringify(withText(text)), escapedJson(withText(text))]) {
      for (const found of textsOf(preset.mapped(Buffer.from(json))))
        assert.equal(found, text.normalize('NFC'));
    }
  }
}
