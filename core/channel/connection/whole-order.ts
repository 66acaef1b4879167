/** Units of an order's line. */
interface Units {
  lineId: string;
  quantity: number;
}

/**
 * Whether a parcel holds every unit of an order whose platform names lines by their SKU: further lines of the same SKU
 * are numbered by the presets, `-2` and so on.
 */
export function isWholeOrder(parcel: readonly Units[], ordered: readonly Units[]): boolean {
  const left = new Map<string, number>();
  for (const { lineId, quantity } of ordered) left.set(lineId, (left.get(lineId) ?? 0) + quantity);
  for (const { lineId, quantity } of parcel) {
    const sku = lineId.replace(/-\d+$/, '');
    left.set(sku, (left.get(sku) ?? 0) - quantity);
  }
  return [...left.values()].every((quantity) => quantity <= 0);
}
