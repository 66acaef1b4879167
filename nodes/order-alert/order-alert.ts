import { HubError } from '../../core/errors.ts';
import type { RaisedAlert } from '../../core/insight/alert/alerts.ts';
import { validateTemplate } from '../../core/insight/alert/template.ts';
import { sentence } from '../../core/message.ts';
import { targetState, watchTargets } from '../alert-target/target-states.ts';
import { type BaseConfig, defineNode, type HubMessage } from '../shared/define-node.ts';
import { readOptionalProperty } from '../shared/optional-property.ts';
import { stableId } from '../shared/stable-id.ts';
import { alertContext, alertData, eventKey, orderIn } from './alert-context.ts';
import { chosenTargets } from './chosen-targets.ts';
import './messages.ts';
import { servePreview } from './preview-routes.ts';

export interface OrderAlertConfig extends BaseConfig {
  /** Name of the rule; alerts of one rule about the same event are one. Empty for a rule of this node alone. */
  rule: string;
  /** Ids of alert-targets: fields of their own, so that Node-RED knows who uses which target. */
  target: string;
  target2?: string;
  target3?: string;
  target4?: string;
  target5?: string;
  title: string;
  text: string;
  markdown: boolean;
  /** Where the order is; the kept one when there is none. */
  order: string;
  orderType: string;
  /** What tells one happening from the next. */
  event: string;
  eventType: string;
}

/** What became of the alert at one target, in `msg.alert.targets`. */
interface TargetOutcome {
  target: string;
  name: string;
  state: RaisedAlert['state'];
  /** Why the target sends nothing for now: the alert waits in the store until that is put right. */
  sentence?: string;
}

export default defineNode<OrderAlertConfig>({
  type: 'order-alert',
  version: 1,
  usesHub: true,
  load: servePreview,
  check(config) {
    if (targetIds(config).length === 0) throw new HubError('order-alert.no-target');
    if (!`${config.title ?? ''}${config.text ?? ''}`.trim()) throw new HubError('order-alert.no-wording');
  },
  setup({ RED, node, config, hub, status }) {
    const chosen = targetIds(config);
    const rule = config.rule?.trim() || stableId(node);
    const ruleName = config.rule?.trim() || config.name?.trim() || 'order-alert';
    const wording = {
      title: config.title ?? '',
      text: config.text ?? '',
      markdown: config.markdown === true,
    };
    for (const { sentence: reason } of [
      ...validateTemplate(wording.title),
      ...validateTemplate(wording.text),
    ]) {
      node.warn(new HubError('order-alert.template-wrong', { reason }).message);
    }
    let queued = 0;

    const read = (field: 'order' | 'event', usual: string, message: HubMessage) =>
      readOptionalProperty(
        RED,
        node,
        { value: config[field] || usual, type: config[`${field}Type`] || 'msg' },
        message,
        field,
      );

    const targets = () => chosenTargets(RED, chosen, config.store);

    function show(): void {
      const found = targets();
      const faulty = found.find(({ fault }) => fault);
      if (faulty) status.down(sentence('order-alert.waiting', { name: faulty.name }));
      else if (found.some(({ id }) => targetState(id)?.failing)) status.down('order-alert.status.failing');
      else if (queued > 0) status.ok(queued);
      else status.ready();
    }

    let storeIsOpen = false;
    hub.whenOpen(() => {
      storeIsOpen = true;
      show();
    });
    const unwatch = watchTargets(() => {
      if (storeIsOpen) show();
    });

    return {
      async input(message, send) {
        const { alerts, orders } = await hub.ready();
        const orderKey = keyIn(message);
        const event = eventKey(await read('event', 'event.id', message), message);
        if (event === undefined) throw new HubError('order-alert.nothing');

        const inMessage = orderIn(await read('order', 'payload', message));
        const order = inMessage ?? (orderKey === null ? undefined : (await orders.read(orderKey))?.order);
        const context = alertContext(message, order, ruleName, Date.now());
        const data = alertData(message, { rule: ruleName, orderKey, event });
        const found = targets();
        const raised = await alerts.raise({
          rule,
          orderKey,
          event,
          targets: found.map((target) => target.compose(wording, context, data)),
        });
        const outcomes = raised.map(({ target, state }, index): TargetOutcome => {
          const { name, fault } = found[index]!;
          return { target, name, state, ...(fault && { sentence: fault.message }) };
        });
        message.alert = { rule: ruleName, event, targets: outcomes };
        for (const { fault } of found) if (fault) node.warn(fault.message);
        const isNew = raised.some(({ state }) => state === 'queued');
        if (isNew) queued += 1;
        show();
        send(isNew ? [message, null] : [null, message]);
      },
      close: unwatch,
    };
  },
});

function targetIds(config: OrderAlertConfig): string[] {
  const { target, target2, target3, target4, target5 } = config;
  return [...new Set([target, target2, target3, target4, target5])].filter((id): id is string => Boolean(id));
}

/** The order a message is about, if it is about one: an alert may be about something else. */
function keyIn(message: HubMessage): string | null {
  const key = (message.order as { key?: unknown } | undefined)?.key;
  return typeof key === 'string' && key !== '' ? key : null;
}
