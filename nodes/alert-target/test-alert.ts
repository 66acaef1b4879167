import { randomUUID } from 'node:crypto';
import { HubError } from '../../core/errors.ts';
import type { SendReceipt } from '../../core/insight/alert/channel.ts';
import { alertFor } from '../../core/insight/alert/for-target.ts';
import { sampleOrder } from '../../core/insight/alert/sample-order.ts';
import { AlertSender } from '../../core/insight/alert/sender.ts';
import { type Language, type MessageParams, sentence } from '../../core/message.ts';
import { orderKey } from '../../core/order/key.ts';
import {
  type AlertTargetConfig,
  channelSecrets,
  channelSettings,
  kindOf,
  readerOf,
  targetProblems,
} from './target-settings.ts';

/** What came of a test, told in the language of the one who asked. */
export interface TestOutcome {
  sent: boolean;
  code: string;
  sentence: string;
  /** What is worth mending although it was sent. */
  warnings: string[];
  /** Settings that are wrong, for the dialog to mark. */
  fields: string[];
}

/**
 * Sends a message that says it is a test, once, past the queue and its rate.
 *
 * @param language of the answer; the message itself is in the target's
 */
export async function sendTest(
  config: AlertTargetConfig,
  credentials: Readonly<Record<string, string | undefined>>,
  language: Language,
): Promise<TestOutcome> {
  const kind = kindOf(config);
  const secrets = channelSecrets(kind, credentials);
  const problems = targetProblems(config, secrets);
  const errors = problems.filter(({ level }) => level === 'error');
  const told = ({ code, params }: { code: string; params: MessageParams }) =>
    sentence(code, params, language);
  const warnings = problems.filter(({ level }) => level === 'warning').map(told);
  const [first] = errors;
  if (first) {
    const fields = errors.map(({ field }) => field);
    return { sent: false, code: first.code, sentence: errors.map(told).join(' '), warnings, fields };
  }
  const sender = new AlertSender({
    kind,
    settings: (markdown) => channelSettings(config, markdown),
    secrets,
    now: () => Date.now(),
    onOutcome: () => undefined,
  });
  try {
    const receipt = await sender.send({ ...testMessage(config, language), id: `test|${randomUUID()}` });
    const code = 'alert-target.test-sent';
    return {
      sent: true,
      code,
      sentence: sentence(code, {}, language),
      warnings: [...warnings, ...refusalsIn(receipt, config, language)],
      fields: [],
    };
  } catch (error) {
    if (!HubError.is(error)) throw error;
    return { sent: false, code: error.code, sentence: told(error), warnings, fields: [] };
  }
}

function testMessage(config: AlertTargetConfig, language: Language) {
  const reader = readerOf(config, language);
  const wording = {
    title: sentence('alert-target.test-title', {}, reader.language),
    text: sentence('alert-target.test-text', { order: sampleOrder.channelOrderId }, reader.language),
    markdown: false,
  };
  const { channel, shop, channelOrderId } = sampleOrder;
  const context = {
    order: sampleOrder,
    event: { type: 'paid', at: Date.now(), sequence: 1 },
    rule: { name: 'test' },
    now: Date.now(),
  };
  return alertFor(reader, wording, context, { test: true, order: orderKey(channel, shop, channelOrderId) });
}

function refusalsIn({ refused }: SendReceipt, config: AlertTargetConfig, language: Language): string[] {
  if (refused.length === 0) return [];
  const recipients = refused.map(({ recipient }) => recipient).join(', ');
  const params = { name: config.name ?? '', recipients, reason: refused[0]!.reason };
  return [sentence('alert-target.part-refused', params, language)];
}
