import type { MessageParams } from '../../message.ts';
import type { ValidationProblem } from '../refusal.ts';
import type { Order } from '../schema.ts';

/** What an account contributes to every order that comes in by it. */
export interface AccountContext {
  channel: string;
  shop: string;
  /** ISO 4217 */
  currency?: string;
  /** IANA name; times without an offset are read in it when a rule says so. */
  zone?: string;
  scenario?: string;
}

export interface MapContext {
  account: AccountContext;
  /** Row of the inbox the record came from; becomes `raw.inboxId`. */
  inboxId?: number;
}

export type ConditionTest = 'present' | 'absent' | 'equals' | 'not-equals' | 'in' | 'not-in';

/** A question about the record. Values are compared as text, exactly; an empty text counts as absent. */
export interface Condition {
  path: string;
  is: ConditionTest;
  /** One text for `equals` and `not-equals`, a list for `in` and `not-in`, none otherwise. */
  value?: string | string[];
}

/**
 * A row of a first-match table: when all conditions hold (none: always), its value is taken: a fixed text
 * (`value`), a path, a template, or a sum of paths such as `total - deposit`, for money and whole numbers; what is not
 * there counts as nothing in a sum.
 */
export type MatchCase = { when: Condition[] } & (
  | { value: string }
  | { path: string }
  | { template: string }
  | { sum: string }
);

export type AccountField = 'channel' | 'shop' | 'currency' | 'zone' | 'scenario';

/** Where a rule takes its value from. */
export type Source =
  /**
   * `billing.city`, `items[0].id`, `items[-1].id` (the last), `items[*].total` (all), `parcels[state=sent].units` (those
   * whose `state` is this text), `parcels[state!=sent].units` (all others); `$root.` starts at the record, `$account.shop`
   * at the account, and `[line=$here.id]` compares with a field of the line.
   */
  | { kind: 'path'; value: string }
  /** A JSONata expression over the record (over the line in a line's rule), with $order and $account bound. */
  | { kind: 'jsonata'; value: string }
  | { kind: 'constant'; value: string | number | boolean }
  | { kind: 'account'; value: AccountField }
  /** `{first_name} {last_name}`: paths in braces; nothing when all of them are. */
  | { kind: 'template'; value: string }
  /** The first row that fits; `otherwise` when none does: a text, null for nothing; left out, it is a problem. */
  | { kind: 'first-match'; cases: MatchCase[]; otherwise?: string | null };

/** What a rule makes of its value. */
export type Transform =
  | {
      kind: 'text';
      /** Keeps what follows the last of this: with `/`, of `gid://shopify/Order/1` it is `1`. */
      after?: string;
    }
  | { kind: 'integer' }
  | {
      kind: 'money';
      unit: 'major' | 'minor';
      /**
       * `positive` takes the sign off, for channels that write refunds as negative amounts; `leave-out` writes nothing
       * for an amount below zero.
       */
      sign?: 'keep' | 'positive' | 'leave-out';
      /** What to do with more decimals than the currency has; `leave-out` writes nothing. */
      excess?: 'refuse' | 'leave-out';
    }
  | {
      kind: 'time';
      /** `iso`, `unix-seconds`, `unix-ms`, or a luxon format. */
      format: string;
      /** IANA name, or `account` for the account's; read in it unless the text has an offset. */
      zone?: string;
      /** 0001-01-01, 1970-01-01 and 0 mean that there is no time. */
      sentinels?: boolean;
    }
  /** `otherwise` when the table has no row: a text, null for nothing; left out, it is a problem. */
  | { kind: 'lookup'; table: { from: string; to: string }[]; otherwise?: string | null }
  /** Whole grams; 0 counts as not filled in. */
  | { kind: 'weight'; unit: 'g' | 'kg' | 'lb' | 'oz' };

export interface Rule {
  /** A field of the order such as `times.paid`, or of the line; `extra.` and any name for your own. */
  target: string;
  source: Source;
  transform: Transform;
  /** Whether it is a problem when the record has nothing there. */
  required: boolean;
  /** Read as if the record had said it, when it says nothing; with a lookup it is the value written. */
  default?: string;
}

/** Records that arrive on the same way but are no orders, and how to say so. */
export interface Guard {
  when: Condition[];
  code: 'map.not-an-order' | 'map.order-deleted';
  /** Path of the id to name in the sentence. */
  id?: string;
}

/** How records of a channel become canonical orders. Plain JSON: kept in a node's config, copied, exported. */
export interface Mapping {
  name: string;
  /** Counted up with each change, so that a parked record shows which one refused it. */
  version: number;
  /** The channel platform it was made for. */
  platform?: string;
  /**
   * Paths at which the order stands when it comes in the envelope of a platform's answer: the first with an object is
   * taken for the record, and without any the record itself.
   */
  envelopes?: string[];
  guards?: Guard[];
  rules: Rule[];
  lines: {
    /** Path to the list of lines; several lists are joined with ` + `. */
    source: string;
    /**
     * What to do with lines of the same id: refuse the order (the default), or `number` the second and those after it,
     * for platforms that give their lines no id.
     */
    repeated?: 'refuse' | 'number';
    rules: Rule[];
  };
}

/** Which rule of a mapping is meant. */
export interface RuleRef {
  table: 'order' | 'lines';
  /** Place in its table, from 0. */
  index: number;
  target: string;
}

/** One thing that keeps a record from becoming an order. */
export interface MapProblem extends ValidationProblem {
  /** Left out when no rule is at fault: the record as a whole, or a field no rule fills. */
  rule?: RuleRef;
  /** Number of the line, from 0. */
  line?: number;
  /** What the record said, cut to 80 characters. */
  value?: string;
}

/** Something to know about an order that was made all the same, such as a time that happened twice. */
export type MapWarning = MapProblem;

export type MapResult =
  | { ok: true; order: Order; mappingVersion: number; warnings?: MapWarning[] }
  | { ok: false; problems: MapProblem[]; mappingVersion: number };

/** A rule of a mapping that cannot work, whatever the record. */
export interface MappingProblem {
  /** Where in the mapping: `rules[3].source.value`. */
  path: string;
  rule?: RuleRef;
  code: string;
  params: MessageParams;
  sentence: string;
}
