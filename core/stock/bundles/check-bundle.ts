import type { MessageParams } from '../../message.ts';
import type { StockRefusal } from '../answers.ts';
import { isName, mostCharacters, shown, wholeUnits } from '../check.ts';
import { ContentNumber } from '../content-number.ts';
import type { DefineBundle, ReadyBundle, RemoveBundle } from './definitions.ts';
import './messages.ts';
import { refusalFrom } from '../refusals.ts';

/** The most components on one level of a bundle, and SKUs in all of it. */
export const mostComponents = 100;
/** The most units of one SKU in a bundle. */
export const mostInBundle = 1_000_000;

export type CheckedBundle =
  | { command: ReadyBundle; refusals?: undefined }
  | { command?: undefined; refusals: StockRefusal[] };

export function checkDefine(act: DefineBundle): CheckedBundle {
  const refusals: StockRefusal[] = [];
  const refuse = (code: string, params: MessageParams): void => {
    refusals.push(refusalFrom({ code, params }));
  };
  checkNames(act, refuse);
  const components: { sku: string; quantity: number }[] = [];
  const { components: given } = act;
  if (!Array.isArray(given) || given.length === 0) refuse('stock.bad-lines', { found: shown(given) });
  else if (given.length > mostComponents)
    refuse('stock.too-many-lines', { count: given.length, most: mostComponents });
  else {
    given.forEach((line: unknown, index) => {
      const { sku, quantity } = (typeof line === 'object' && line !== null ? line : {}) as Record<
        string,
        unknown
      >;
      const field = `components[${index}].sku`;
      if (!isName(sku)) {
        refuse('stock.bad-field', { field, most: mostCharacters, found: shown(sku) });
        return;
      }
      const units = wholeUnits(quantity, 1, mostInBundle);
      if (units === undefined)
        refuse('stock.bad-quantity', { line: sku, value: shown(quantity), least: 1, most: mostInBundle });
      else if (components.some((one) => one.sku === sku))
        refuse('stock.bundle-duplicate', { component: sku });
      else components.push({ sku, quantity: units });
    });
  }
  components.sort((a, b) => (a.sku < b.sku ? -1 : 1));
  return refusals.length > 0 ? { refusals } : { command: ready('bundle', act, components) };
}

export function checkRemove(act: RemoveBundle): CheckedBundle {
  const refusals: StockRefusal[] = [];
  checkNames(act, (code, params) => refusals.push(refusalFrom({ code, params })));
  return refusals.length > 0 ? { refusals } : { command: ready('unbundle', act, []) };
}

function checkNames(act: RemoveBundle, refuse: (code: string, params: MessageParams) => void): void {
  for (const field of ['bundle', 'opKey', 'actor'] as const) {
    if (!isName(act[field]))
      refuse('stock.bad-field', { field, most: mostCharacters, found: shown(act[field]) });
  }
}

function ready(
  kind: ReadyBundle['kind'],
  { bundle, opKey, actor }: RemoveBundle,
  components: ReadyBundle['components'],
): ReadyBundle {
  const content = new ContentNumber();
  content.add(kind);
  content.add(bundle);
  for (const { sku, quantity } of components) {
    content.add(sku);
    content.addNumber(quantity);
  }
  return { kind, bundle, components, opKey, actor, content: content.value };
}
