import type { NodeAPI } from 'node-red';
import { HubError } from '../../../core/errors.ts';
import { askCount, askCounts, shownLine, timed } from '../../../core/insight/query/counts.ts';
import { limitOf, textOf } from '../../../core/insight/query/parameters.ts';
import { countTemplate } from '../../../core/stock/count/template.ts';
import { writeDown } from './acts.ts';
import { type ApiResponse, type Call, root, serve } from './request.ts';

/**
 * `GET counts?pool=&state=&limit=&after=`, `GET counts/<id>?state=&limit=&after=`, `GET counts/template?pool=&limit=`
 * (a CSV file of the SKUs to count next), and `POST counts/<id>/approve` or `…/reject` with `{lines?, reason?, opKey}`.
 */
export function serveCounts(RED: NodeAPI): void {
  serve(RED, 'get', 'counts', 'order-hub.read', ({ asked, asking }) => askCounts(asked, asking()));
  serve(RED, 'get', 'counts/template', 'order-hub.read', template);
  serve(RED, 'get', byId(), 'order-hub.read', ({ asked, params, asking }) =>
    askCount(Number(params[0]), asked, asking()),
  );
  for (const verdict of ['approve', 'reject'] as const)
    serve(RED, 'post', byId(`/${verdict}`), 'order-hub.stock.adjust', (call) => decide(call, verdict));
}

function byId(after = ''): RegExp {
  return new RegExp(`^${root}/counts/(\\d{1,15})${after}$`);
}

async function template({ asked, hub, language }: Call): Promise<object> {
  const skus = await hub().counts.suggest(textOf(asked, 'pool') ?? 'main', limitOf(asked));
  const file = countTemplate(
    skus.map(({ sku }) => sku),
    language,
  );
  return { respond: (response: ApiResponse) => response.type('text/csv; charset=utf-8').send(file) };
}

async function decide(call: Call, verdict: 'approve' | 'reject'): Promise<object> {
  const { body, params, actor } = call;
  const countId = Number(params[0]);
  const opKey = textOf(body, 'opKey');
  if (opKey === undefined) throw new HubError('api.no-op-key');
  const reason = textOf(body, 'reason');
  const { lines } = body;
  const answer = await call.hub().counts.decide({
    verdict,
    countId,
    actor,
    opKey: `api|${opKey}`,
    ...(reason !== undefined && { reason }),
    // What a list of lines is made of is checked by core/stock/count.
    ...(lines !== undefined && { lines: lines as number[] }),
  });
  const detail = { opKey, ...(reason !== undefined && { reason }), ...(lines !== undefined && { lines }) };
  const act = { actor, act: `count.${verdict}`, object: `count:${countId}`, detail };
  const written = answer.replayed ? {} : await writeDown(call, act);
  return {
    ...answer,
    count: answer.count && timed(answer.count),
    lines: answer.lines.map((line) => shownLine(line, call.asking())),
    opKey,
    ...written,
  };
}
