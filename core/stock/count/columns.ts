import { HubError } from '../../errors.ts';
import './messages.ts';
import { type Cell, isBlank } from './table.ts';

export const columnFields = ['sku', 'counted', 'at', 'cost'] as const;
export type ColumnField = (typeof columnFields)[number];

/** Names of columns as somebody entered them; an absent one is found by the names below. */
export type ColumnNames = Partial<Record<ColumnField, string>>;

/** Where each field stands in a row; `at` and `cost` need not be there. */
export type Columns = { sku: number; counted: number } & Partial<Record<ColumnField, number>>;

/** Names as `plain` makes them; the first that a file has is taken. */
const knownNames: Readonly<Record<ColumnField, readonly string[]>> = {
  sku: [
    'sku',
    'skucode',
    '商品编码',
    'sku编码',
    '规格编码',
    '商家编码',
    '货号',
    '商品货号',
    '编码',
    'itemcode',
    'itemno',
    'productcode',
  ],
  counted: [
    'counted',
    'countedqty',
    'countedquantity',
    '实盘数量',
    '实盘数',
    '实盘',
    '盘点数量',
    '盘点数',
    '实际数量',
    '数量',
    'count',
    'qty',
    'quantity',
  ],
  at: ['countedat', 'counttime', 'time', 'at', '盘点时间', '清点时间', '时间'],
  cost: ['unitcost', 'cost', '单位成本', '成本价', '成本'],
};

const wanted: Readonly<Record<'sku' | 'counted', string>> = {
  sku: 'sku (商品编码)',
  counted: 'counted (实盘数量)',
};

/**
 * Finds the columns by the names in a file's first row.
 *
 * @throws HubError count.columns-missing with the columns found and those that are not there; count.column-twice
 */
export function findColumns(header: readonly Cell[], names: ColumnNames = {}): Columns {
  const found = header.map((cell) => (isBlank(cell) ? '' : plain(String(cell))));
  const columns: Partial<Record<ColumnField, number>> = {};
  const missing: string[] = [];
  for (const field of columnFields) {
    const name = names[field]?.trim();
    const candidates = name ? [plain(name)] : knownNames[field];
    const taken = candidates.find((candidate) => found.includes(candidate));
    if (taken !== undefined) {
      const index = found.indexOf(taken);
      if (found.includes(taken, index + 1))
        throw new HubError('count.column-twice', { column: String(header[index]).trim() });
      columns[field] = index;
    } else if (name || field === 'sku' || field === 'counted') {
      // A column somebody named must be there, also one that could be left out.
      missing.push(name || wanted[field as 'sku' | 'counted']);
    }
  }
  if (missing.length > 0) {
    const shown = header.filter((cell) => !isBlank(cell)).map((cell) => String(cell).trim().slice(0, 40));
    throw new HubError('count.columns-missing', {
      found: shown.slice(0, 30).join(', ') || '–',
      missing: missing.join(', '),
    });
  }
  return columns as Columns;
}

/** A name without what people write differently: case, width, spaces, dashes, and a unit in brackets. */
function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\(.*?\)|\[.*?\]/g, '')
    .replace(/[\s_\-:*.]/g, '');
}
