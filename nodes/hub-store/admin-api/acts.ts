import type { NodeAPI } from 'node-red';
import { HubError, reasonOf } from '../../../core/errors.ts';
import { type Act, askActs, recordAct } from '../../../core/insight/acts.ts';
import { sentence } from '../../../core/message.ts';
import { type Call, serve } from './request.ts';

/** `GET acts?actor=&act=&object=&limit=&after=`: who did what by hand. */
export function serveActs(RED: NodeAPI): void {
  serve(RED, 'get', 'acts', 'order-hub.read', ({ asked, asking }) => askActs(asked, asking()));
}

/**
 * Writes down what was just done by hand. It is done by then: a fault that keeps it from being written down becomes a
 * warning of the answer, since an answer that failed would have it done once more.
 */
export async function writeDown(
  { hub, language }: Pick<Call, 'hub' | 'language'>,
  act: Act,
): Promise<{ warnings?: { code: string; params: { reason: string }; sentence: string }[] }> {
  try {
    await recordAct(hub().store, act);
    return {};
  } catch (error) {
    const reason = HubError.is(error) ? error.told(language) : reasonOf(error);
    const code = 'api.act-not-written';
    return { warnings: [{ code, params: { reason }, sentence: sentence(code, { reason }, language) }] };
  }
}
