import type { NodeAPI } from 'node-red';
import { HubError } from '../../../core/errors.ts';
import { told } from '../../../core/insight/query/asking.ts';
import { type Asked, choiceOf, requiredText, textOf } from '../../../core/insight/query/parameters.ts';
import { askExplain, askStock } from '../../../core/insight/query/stock.ts';
import type { Adjustment } from '../../../core/stock/stock.ts';
import { writeDown } from './acts.ts';
import { type ApiResponse, type Call, keyPath, serve } from './request.ts';

/**
 * `GET stock?sku=&pool=&limit=&after=`, `GET stock/<sku>/explain?pool=`, and
 * `POST stock/adjust {kind, pool, lines, reason, opKey, bucket?}`: an op key is of one adjustment, and sent again with it
 * books nothing twice.
 */
export function serveStock(RED: NodeAPI): void {
  serve(RED, 'get', 'stock', 'order-hub.read', ({ asked, asking }) => askStock(asked, asking()));
  serve(RED, 'get', keyPath('stock', '/explain'), 'order-hub.read', ({ asked, params, asking }) =>
    askExplain({ ...asked, sku: params[0] }, asking()),
  );
  serve(RED, 'post', 'stock/adjust', 'order-hub.stock.adjust', adjust);
}

async function adjust(call: Call): Promise<object> {
  const { body, actor } = call;
  const hub = call.hub();
  const act = adjustmentFrom(body, actor);
  const answer = await hub.stock.adjust(act);
  const refusals = answer.refusals.map((refusal) => told(refusal, call.asking()));
  const [first] = refusals;
  if (answer.state === 'refused' && first) {
    const { code, params, sentence } = first;
    return {
      respond: (response: ApiResponse) =>
        response.status(409).json({ code, params, sentence, ...answer, refusals }),
    };
  }
  const { kind, opKey, reason, pool = 'main' } = act;
  const detail = { kind, opKey, reason, lines: answer.lines };
  const written = answer.replayed
    ? {}
    : await writeDown(call, { actor, act: 'stock.adjust', object: `pool:${pool}`, detail });
  return { ...answer, opKey, refusals, ...written };
}

function adjustmentFrom(body: Asked, actor: string): Adjustment {
  const { lines } = body;
  if (!Array.isArray(lines))
    throw new HubError('api.bad-field', { field: 'lines', expected: '[{sku, quantity}]' });
  const kind = choiceOf(body, 'kind', ['receive', 'correct', 'set']);
  requiredText(body, 'kind');
  const reason = requiredText(body, 'reason');
  const opKey = textOf(body, 'opKey');
  if (opKey === undefined) throw new HubError('api.no-op-key');
  const bucket = textOf(body, 'bucket');
  // What stock is made of is checked by core/stock, which says what is wrong with each line.
  return {
    kind,
    pool: textOf(body, 'pool') ?? 'main',
    opKey: `api|${opKey}`,
    actor,
    reason,
    lines,
    ...(bucket !== undefined && { bucket }),
  } as Adjustment;
}
