import type { NodeAPI } from 'node-red';
import { HubError } from '../../../core/errors.ts';
import { told } from '../../../core/insight/query/asking.ts';
import { askBundles } from '../../../core/insight/query/bundles.ts';
import { type Asked, choiceOf, requiredText, textOf } from '../../../core/insight/query/parameters.ts';
import { askExplain, askStock } from '../../../core/insight/query/stock.ts';
import type { Adjustment, BundleAnswer } from '../../../core/stock/stock.ts';
import { writeDown } from './acts.ts';
import { type ApiResponse, type Call, keyPath, serve } from './request.ts';

/**
 * `GET bundles?bundle=&limit=&after=`, `POST bundles {bundle, components: [{sku, quantity}], opKey}`,
 * `DELETE bundles/<sku>?opKey=`, and `GET stock?sku=&pool=&limit=&after=`, `GET stock/<sku>/explain?pool=`, and
 * `POST stock/adjust {kind, pool, lines, reason, opKey, bucket?}`, with `orderKey` for a return, `from` and `to` for a move,
 * and `to` (a pool) for a transfer: an op key is of one adjustment, and sent again with it books nothing twice.
 */
export function serveStock(RED: NodeAPI): void {
  serve(RED, 'get', 'stock', 'order-hub.read', ({ asked, asking }) => askStock(asked, asking()));
  serve(RED, 'get', keyPath('stock', '/explain'), 'order-hub.read', ({ asked, params, asking }) =>
    askExplain({ ...asked, sku: params[0] }, asking()),
  );
  serve(RED, 'post', 'stock/adjust', 'order-hub.stock.adjust', adjust);
  serve(RED, 'get', 'bundles', 'order-hub.read', ({ asked, asking }) => askBundles(asked, asking()));
  serve(RED, 'post', 'bundles', 'order-hub.stock.adjust', defineBundle);
  serve(RED, 'delete', keyPath('bundles'), 'order-hub.stock.adjust', removeBundle);
}

async function defineBundle(call: Call): Promise<object> {
  const { body, actor } = call;
  const bundle = requiredText(body, 'bundle');
  const { components } = body;
  if (!Array.isArray(components))
    throw new HubError('api.bad-field', { field: 'components', expected: '[{sku, quantity}]' });
  const opKey = opKeyOf(body);
  return bundleAnswer(call, opKey, await call.hub().stock.defineBundle({ bundle, components, opKey, actor }));
}

async function removeBundle(call: Call): Promise<object> {
  const { asked, actor, params } = call;
  const opKey = opKeyOf(asked);
  const bundle = params[0] ?? '';
  return bundleAnswer(call, opKey, await call.hub().stock.removeBundle({ bundle, opKey, actor }));
}

function opKeyOf(asked: Asked): string {
  const opKey = textOf(asked, 'opKey');
  if (opKey === undefined) throw new HubError('api.no-op-key');
  return `api|${opKey}`;
}

/** Written down in the same transaction: nothing is left to be noted. */
function bundleAnswer(call: Call, opKey: string, answer: BundleAnswer): object {
  const refusals = answer.refusals.map((refusal) => told(refusal, call.asking()));
  const [first] = refusals;
  if (!first) return { ...answer, opKey };
  const { code, params, sentence } = first;
  return {
    respond: (response: ApiResponse) =>
      response.status(409).json({ code, params, sentence, ...answer, refusals }),
  };
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
  const kind = choiceOf(body, 'kind', ['receive', 'correct', 'set', 'return', 'move', 'transfer']);
  requiredText(body, 'kind');
  const reason = requiredText(body, 'reason');
  const opKey = opKeyOf(body);
  const bucket = textOf(body, 'bucket');
  // What stock is made of is checked by core/stock, which says what is wrong with each line.
  return {
    kind,
    pool: textOf(body, 'pool') ?? 'main',
    opKey,
    actor,
    reason,
    lines,
    ...(bucket !== undefined && { bucket }),
    ...(kind === 'return' && { orderKey: requiredText(body, 'orderKey') }),
    ...(kind === 'move' && { from: requiredText(body, 'from') }),
    ...((kind === 'move' || kind === 'transfer') && { to: requiredText(body, 'to') }),
  } as Adjustment;
}
