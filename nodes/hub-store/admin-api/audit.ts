import type { NodeAPI } from 'node-red';
import { HubError } from '../../../core/errors.ts';
import { told } from '../../../core/insight/query/asking.ts';
import { askAudit, askAuditNow } from '../../../core/insight/query/audit.ts';
import { idOf, requiredText } from '../../../core/insight/query/parameters.ts';
import { sentence } from '../../../core/message.ts';
import { writeDown } from './acts.ts';
import { type ApiResponse, type Call, serve } from './request.ts';

/**
 * `GET audit?state=&limit=&after=`, `POST audit/run`, and `POST audit/findings/<id>/repair {reason, opKey}`: 202 while
 * a second person has to agree.
 */
export function serveAudit(RED: NodeAPI): void {
  serve(RED, 'get', 'audit', 'order-hub.read', ({ asked, asking }) => askAudit(asked, asking()));
  serve(RED, 'post', 'audit/run', 'order-hub.write', ({ asking }) => askAuditNow(asking()));
  serve(RED, 'post', 'audit/findings/:id/repair', 'order-hub.stock.adjust', repair);
}

async function repair(call: Call): Promise<object> {
  const { params, body, actor, language } = call;
  const hub = call.hub();
  const findingId = idOf(params, 'id');
  if (findingId === undefined) throw new HubError('query.missing', { field: 'id' });
  const reason = requiredText(body, 'reason');
  const opKey = requiredText(body, 'opKey');
  // Without users everybody has the same name, so that nobody could be the second person.
  const knowsUsers = actor !== 'anonymous';
  const answer = await hub.audit.repair({ findingId, actor, reason, opKey, knowsUsers });
  const refusals = answer.refusals.map((refusal) => told(refusal, call.asking()));
  const { act, object, before, after } = answer;
  const written = answer.replayed
    ? {}
    : await writeDown(call, {
        actor,
        act: 'stock.repair',
        object,
        detail: { findingId, state: answer.state, act, reason, opKey, before, after },
      });
  if (answer.state === 'repaired') return { ...answer, refusals, ...written };
  const [first] = refusals;
  const code = first?.code ?? 'audit.waiting';
  const values = first?.params ?? { units: answer.units, limit: hub.audit.settings.secondPersonAbove };
  const words = first?.sentence ?? sentence(code, values, language);
  return {
    respond: (response: ApiResponse) =>
      response
        .status(answer.state === 'waiting' ? 202 : 409)
        .json({ code, params: values, sentence: words, ...answer, refusals, ...written }),
  };
}
