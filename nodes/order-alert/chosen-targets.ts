import type { NodeAPI } from 'node-red';
import { HubError } from '../../core/errors.ts';
import { alertFor, type TargetReader } from '../../core/insight/alert/for-target.ts';
import { nearestLanguage } from '../../core/message.ts';
import type { AlertTargetApi } from '../alert-target/alert-target.ts';
import { type AlertTargetConfig, kindOf, readerOf } from '../alert-target/target-settings.ts';
import { zoneFault } from '../channel-account/account-fields.ts';
import { apiOf } from '../shared/node-api.ts';
import { stableId } from '../shared/stable-id.ts';

/** A target that a rule names: one that sends, or one whose alerts wait in the store until it does. */
export interface ChosenTarget extends Pick<AlertTargetApi, 'id' | 'name' | 'compose'> {
  /** Why nothing is sent for now. */
  fault?: HubError;
}

/**
 * The targets with these ids, each once. They are looked up for each alert: Node-RED restarts a node with the targets
 * its settings name, but inside a subflow or after an error a target may come and go by itself.
 *
 * @param store id of the hub-store that alerts are raised in
 */
export function chosenTargets(
  RED: NodeAPI,
  ids: readonly string[],
  store: string | undefined,
): ChosenTarget[] {
  const chosen = new Map<string, ChosenTarget>();
  for (const id of ids) {
    const target = chosenTarget(RED, id, store);
    if (!chosen.has(target.id)) chosen.set(target.id, target);
  }
  return [...chosen.values()];
}

function chosenTarget(RED: NodeAPI, id: string, store: string | undefined): ChosenTarget {
  let target: AlertTargetApi;
  try {
    target = apiOf<AlertTargetApi>(RED, id, 'alert-target');
  } catch (error) {
    if (!HubError.is(error)) throw error;
    return absentTarget(RED, id);
  }
  if (target.store === store) return target;
  const { name, compose } = target;
  return { id: target.id, name, compose, fault: new HubError('order-alert.other-store', { name }) };
}

/** A target that is disabled, has an error or was deleted: the alert is worded by what is known of its settings. */
function absentTarget(RED: NodeAPI, id: string): ChosenTarget {
  const node = RED.nodes.getNode(id);
  const queue = node ? stableId(node) : id;
  const reader = readerFor(RED, id);
  return {
    id: queue,
    name: reader.name,
    compose: (wording, context, data) => ({ id: queue, message: alertFor(reader, wording, context, data) }),
    fault: new HubError('order-alert.target-missing', { name: reader.name }),
  };
}

function readerFor(RED: NodeAPI, id: string): TargetReader {
  const language = nearestLanguage((RED.settings as { lang?: string }).lang);
  let config: AlertTargetConfig | undefined;
  RED.nodes.eachNode((node) => {
    if (node.id === id && node.type === 'alert-target') config = node as unknown as AlertTargetConfig;
  });
  // Of a deleted target nothing is known: its alert is masked, and harmless in any kind of chat.
  if (!config || !hasKind(config))
    return { name: config?.name || id, kind: 'feishu', language, showPersonal: false, variables: [] };
  const { zone, ...reader } = readerOf(config, language);
  return { ...reader, ...(zone && !zoneFault(zone) && { zone }) };
}

function hasKind(config: AlertTargetConfig): boolean {
  try {
    return kindOf(config) === config.kind;
  } catch (error) {
    if (!HubError.is(error)) throw error;
    return false;
  }
}
