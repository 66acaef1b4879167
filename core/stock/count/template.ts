import type { Language } from '../../message.ts';

/** Names of the columns, which reading a sheet knows in both languages. */
const headers: Readonly<Record<Language, readonly string[]>> = {
  'en-US': ['sku', 'counted', 'counted at'],
  'zh-CN': ['商品编码', '实盘数量', '盘点时间'],
};

/**
 * A CSV file to fill in, one row a SKU. The byte order mark makes Excel read it as UTF-8.
 */
export function countTemplate(skus: readonly string[], language: Language): string {
  const rows = [headers[language], ...skus.map((sku) => [sku, '', ''])];
  return `\ufeff${rows.map((cells) => cells.map(quoted).join(',')).join('\r\n')}\r\n`;
}

function quoted(cell: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
