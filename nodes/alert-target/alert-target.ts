import { HubError } from '../../core/errors.ts';
import { type AlertTarget, alertSubscriber } from '../../core/insight/alert/alerts.ts';
import type { AlertKind, AlertMessage } from '../../core/insight/alert/channel.ts';
import { type AlertWording, alertFor } from '../../core/insight/alert/for-target.ts';
import { AlertSender } from '../../core/insight/alert/sender.ts';
import { type TemplateContext, validateTemplate } from '../../core/insight/alert/template.ts';
import { nearestLanguage } from '../../core/message.ts';
import { zoneFault } from '../channel-account/account-fields.ts';
import { defineNode, type NodeContext } from '../shared/define-node.ts';
import { keepRunning } from '../shared/running-source.ts';
import { stableId } from '../shared/stable-id.ts';
import './messages.ts';
import { attemptsFault, credentialNames, rateFault } from './target-fields.ts';
import {
  type AlertTargetConfig,
  channelSecrets,
  channelSettings,
  kindOf,
  rateOf,
  readerOf,
  targetProblems,
} from './target-settings.ts';
import { reportTarget } from './target-states.ts';
import { serveTest } from './test-route.ts';

/** What the nodes that raise alerts ask of a target. */
export interface AlertTargetApi {
  /** Names the target's queue, also after a restart. */
  readonly id: string;
  readonly name: string;
  readonly kind: AlertKind;
  /** Id of the hub-store that the queue is in. */
  readonly store: string;
  /** An alert as this target gets it. */
  compose(wording: AlertWording, context: TemplateContext, data?: AlertMessage['data']): AlertTarget;
}

/** Alerts sent to one target at once. */
const maxInFlight = 4;
/** Ten attempts take a quarter of an hour at most, unless the target itself asks to wait longer. */
const usualRetry = { baseMs: 2_000, factor: 2, capMs: 10 * 60_000, attempts: 10 };
/** Milliseconds a deploy waits for what is being sent, and then for it to end as broken off. */
const graceMs = { finish: 900, breakOff: 400 };

export default defineNode<AlertTargetConfig>({
  type: 'alert-target',
  version: 1,
  usesHub: true,
  credentials: Object.fromEntries(credentialNames.map((name) => [name, { type: 'password' as const }])),
  load: serveTest,
  check(config) {
    kindOf(config);
    const fault =
      rateFault(config.perMinute) ??
      attemptsFault(config.attempts) ??
      (config.zone ? zoneFault(config.zone) : undefined);
    if (fault) throw fault;
  },
  setup(context) {
    const { node, config } = context;
    const id = stableId(node);
    const language = nearestLanguage((context.RED.settings as { lang?: string }).lang);
    const reader = readerOf(config, language);
    const { name, kind } = reader;
    warnOfVariables(context, reader.variables);

    const api: AlertTargetApi = {
      id,
      name,
      kind,
      store: config.store ?? '',
      compose: (wording, values, data) => ({ id, message: alertFor(reader, wording, values, data) }),
    };
    const secrets = channelSecrets(kind, context.credentials);
    const [wrong] = targetProblems(config, secrets).filter(({ level }) => level === 'error');
    if (wrong) {
      // Alerts are still taken: they wait in the store, and go out once the settings are put right.
      const fault = new HubError('alert-target.not-sending', { name, reason: wrong.sentence });
      node.error(fault.message);
      reportTarget(id, { name, failing: wrong.sentence });
      return { api, close: () => reportTarget(id, undefined) };
    }
    reportTarget(id, { name, failing: null });
    const queue = runQueue(context, id, name);
    return {
      api,
      async close() {
        reportTarget(id, undefined);
        await queue.close();
      },
    };
  },
});

/** Sends what waits for the target, as long as the store is open and the flows run. */
function runQueue(
  context: NodeContext<AlertTargetConfig>,
  id: string,
  name: string,
): { close(): Promise<void> } {
  const { node, config, credentials } = context;
  const { kind } = config;
  const rate = rateOf(config);
  const attempts = Number(config.attempts) || usualRetry.attempts;
  let failingCode: string | null = null;
  const sender = new AlertSender({
    kind,
    settings: (markdown) => channelSettings(config, markdown),
    secrets: channelSecrets(kind, credentials),
    now: () => Date.now(),
    onOutcome(outcome) {
      if ('failure' in outcome) {
        const { code, message } = outcome.failure;
        // The same trouble again is told by the dead letters, not by a line for every attempt.
        if (code !== failingCode) {
          node.warn(new HubError('alert-target.failed', { name, reason: message }).message);
        }
        failingCode = code;
        reportTarget(id, { name, failing: message });
        return;
      }
      failingCode = null;
      reportTarget(id, { name, failing: null });
      const { refused } = outcome.receipt;
      if (refused.length === 0) return;
      const recipients = refused.map(({ recipient }) => recipient).join(', ');
      const reason = refused[0]!.reason;
      node.warn(new HubError('alert-target.part-refused', { name, recipients, reason }).message);
    },
  });
  const running = keepRunning(context, {
    source: () => ({
      subscriber: alertSubscriber(id),
      handler: (delivery) => sender.handle(delivery),
      maxInFlight,
      maxPerMinute: rate.perMinute,
      ...(rate.perSecond !== undefined && { maxPerSecond: rate.perSecond }),
      retry: { ...usualRetry, attempts },
    }),
  });
  return {
    async close() {
      sender.close();
      const timer = setTimeout(() => sender.breakOff(), graceMs.finish);
      await running.close(graceMs.finish + graceMs.breakOff);
      clearTimeout(timer);
    },
  };
}

function warnOfVariables(
  { node }: NodeContext<AlertTargetConfig>,
  variables: readonly { name: string; template: string }[],
): void {
  for (const { name, template } of variables) {
    for (const { sentence: reason } of validateTemplate(template)) {
      node.warn(new HubError('alert-target.variable-wrong', { variable: name, reason }).message);
    }
  }
}
