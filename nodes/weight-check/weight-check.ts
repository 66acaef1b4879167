import { HubError } from '../../core/errors.ts';
import type { ParcelLine } from '../../core/fulfilment/weighing.ts';
import { type Explanation, explain } from '../../core/fulfilment/weight/explain.ts';
import { isReading, parseReading, type WeightUnit } from '../../core/fulfilment/weight/reading.ts';
import type { Hub } from '../../core/hub.ts';
import { actorOf } from '../shared/actor.ts';
import { type BaseConfig, defineNode, type HubMessage, type Send } from '../shared/define-node.ts';
import { orderOf } from '../shared/message-order.ts';
import { readOptionalProperty } from '../shared/optional-property.ts';
import { bandFault, bandFrom } from './band-fields.ts';

export interface WeightCheckConfig extends BaseConfig {
  /** What a message does: it carries a reading, lifts a block, or enters unit weights. */
  action: 'check' | 'lift' | 'set';
  reading: string;
  readingType: string;
  /** What a reading without a unit is in. */
  unit: WeightUnit;
  /** Where the parcel's lines are; the kept order's lines when there is nothing. */
  lines: string;
  linesType: string;
  /** Grams of carton, filler and inserts together. */
  packaging: string;
  packagingType: string;
  percent: string | number;
  floorGrams: string | number;
  ceilingGrams: string | number;
  /** Names of those who may lift a block, with commas or new lines between them. */
  lifters: string;
  reason: string;
  reasonType: string;
  /** Where the unit weights to enter are. */
  weights: string;
  weightsType: string;
}

type Field = 'reading' | 'lines' | 'packaging' | 'reason' | 'weights';

/** What is read where the dialog says nothing. */
const usual: Readonly<Record<Field, { value: string; type: string }>> = {
  reading: { value: 'reading', type: 'msg' },
  lines: { value: 'payload.lines', type: 'msg' },
  packaging: { value: '0', type: 'num' },
  reason: { value: 'reason', type: 'msg' },
  weights: { value: 'payload', type: 'msg' },
};

export default defineNode<WeightCheckConfig>({
  type: 'weight-check',
  version: 1,
  usesHub: true,
  check(config) {
    const fault = bandFault(config);
    if (fault) throw fault;
  },
  setup({ RED, node, config, hub, status }) {
    const band = bandFrom(config);
    const lifters = new Set(namesIn(config.lifters));
    let passed = 0;

    const read = (field: Field, message: HubMessage) =>
      readOptionalProperty(
        RED,
        node,
        {
          value: config[field] || usual[field].value,
          type: config[`${field}Type`] || usual[field].type,
        },
        message,
        field,
      );

    async function check(message: HubMessage, send: Send, { weights }: Hub): Promise<void> {
      const { key } = orderOf(message);
      const reading = parseReading(await read('reading', message), config.unit || 'g');
      const lines = await read('lines', message);
      const packagingGrams = Number(await read('packaging', message));
      if (!isReading(reading)) return unknown(message, send, reading);
      try {
        const answer = await weights.weigh({
          orderKey: key,
          ...(lines !== undefined && lines !== null && { lines: listOf(lines) }),
          readingGrams: reading.grams,
          packagingGrams,
          band,
          actor: actorOf(message, node.id),
        });
        message.weight = { ...answer, recorded: true };
        if (answer.verdict === 'blocked') {
          status.refused('weight-check.status.blocked');
          send([null, message, null]);
        } else if (answer.verdict === 'unknown') {
          status.refused('weight-check.status.unknown');
          send([null, null, message]);
        } else {
          passed += 1;
          status.ok(passed);
          send([message, null, null]);
        }
      } catch (error) {
        unknown(message, send, explanationOf(error));
      }
    }

    /** What the scale sent is no weight: there is nothing to record. */
    function unknown(message: HubMessage, send: Send, explanation: Explanation): void {
      message.weight = { verdict: 'unknown', recorded: false, explanation, warnings: [] };
      status.refused('weight-check.status.unknown');
      send([null, null, message]);
    }

    async function lift(message: HubMessage, send: Send, { weights }: Hub): Promise<void> {
      const { key } = orderOf(message);
      const actor = typeof message.actor === 'string' ? message.actor.trim().normalize() : '';
      const reason = await read('reason', message);
      try {
        if (actor !== '' && !lifters.has(actor)) throw new HubError('weight.lift-not-allowed', { actor });
        const answer = await weights.lift({
          orderKey: key,
          actor,
          reason: typeof reason === 'string' ? reason : '',
        });
        message.weight = { ...answer, warnings: [] };
        status.ok('weight-check.status.lifted');
        send([message, null, null]);
      } catch (error) {
        const explanation = explanationOf(error);
        const state = await weights.stateOf(key);
        message.weight = { verdict: state?.verdict ?? null, refused: true, explanation, warnings: [] };
        status.refused();
        send([null, message, null]);
      }
    }

    async function set(message: HubMessage, send: Send, { weights }: Hub): Promise<void> {
      const entered = await read('weights', message);
      try {
        message.weight = await weights.setWeights(entered, actorOf(message, node.id));
        status.ok('weight-check.status.set');
        send([message, null, null]);
      } catch (error) {
        message.weight = { refused: true, explanation: explanationOf(error) };
        status.refused();
        send([null, message, null]);
      }
    }

    const act = { check, lift, set }[config.action] ?? check;
    return {
      async input(message, send) {
        await act(message, send, await hub.ready());
      },
    };
  },
});

/** Lines as they are: what is wrong with them is for the check to say. */
function listOf(lines: unknown): ParcelLine[] {
  return (Array.isArray(lines) ? lines : [lines]) as ParcelLine[];
}

/** What the weight check says of a refusal. @throws anything that is none, such as a fault of the store */
function explanationOf(error: unknown): Explanation {
  if (HubError.is(error) && error.code.startsWith('weight.')) return explain(error.code, error.params);
  throw error;
}

function namesIn(given: string | undefined): string[] {
  return (given ?? '')
    .split(/[,，、;；\n]/)
    .map((name) => name.trim().normalize())
    .filter((name) => name !== '');
}
