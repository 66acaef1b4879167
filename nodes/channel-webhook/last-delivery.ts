import type { NodeAPI } from 'node-red';
import { type MessageParams, sentence } from '../../core/message.ts';
import { languageOf } from '../shared/admin-route.ts';
import './messages.ts';

/** What the last call at an account's address came to. */
export interface LastDelivery {
  /** Epoch milliseconds of the last call, or of the last stored one from before the start. */
  at: number | null;
  status: number | null;
  code: string | null;
  params: MessageParams;
  /** Calls since the node was started, by the status they were answered with. */
  counts: Record<number, number>;
}

/** The last call as the node's dialog gets it: with the sentence in the viewer's language. */
export interface LastCallAnswer extends LastDelivery {
  sentence: string | null;
}

const shown = new Map<string, LastDelivery>();

/** A node that was never deployed, or could not start: no fault, the dialog may be opened before the deploy. */
const notRunning: LastDelivery = {
  at: null,
  status: null,
  code: 'webhook.not-running',
  params: {},
  counts: {},
};

/** Lets the dialog of a node see its last delivery; answers how to undo that. */
export function showLastDelivery(nodeId: string, last: LastDelivery): () => void {
  shown.set(nodeId, last);
  return () => {
    if (shown.get(nodeId) === last) shown.delete(nodeId);
  };
}

/** Every node's last delivery, for metrics. */
export function lastDeliveries(): ReadonlyMap<string, LastDelivery> {
  return shown;
}

/** `GET order-hub/v1/webhooks/<node id>`, in the language of `?lang=` or of the browser. */
export function serveLastDelivery(RED: NodeAPI): void {
  const mayRead = RED.auth.needsPermission('order-hub.read');
  RED.httpAdmin.get('/order-hub/v1/webhooks/:node', mayRead, (request, response) => {
    const language = languageOf(request);
    const last = shown.get(String(request.params.node)) ?? notRunning;
    const answer: LastCallAnswer = {
      ...last,
      sentence: last.code === null ? null : sentence(last.code, last.params, language),
    };
    response.json(answer);
  });
}
