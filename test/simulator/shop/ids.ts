/** How a platform numbers things. All ids are texts. */
export interface IdScheme {
  /** @param serial from 1 */
  order(serial: number, createdAt: number): string;
  /** @param index from 0 */
  line(orderId: string, serial: number, index: number, count: number): string;
  product(product: number): string;
  /** @param variant null for a product without variants; some platforms number its only SKU all the same */
  variant(product: number, variant: number | null): string | null;
}

/** Which product a listing belongs to, from 1, and its place among the variants; null where there is only one. */
export function productOf(index: number): { product: number; variant: number | null } {
  // Five listings make three products: two with two variants, one without.
  const product = Math.floor(index / 5) * 3 + [1, 1, 2, 2, 3][index % 5]!;
  return { product, variant: product % 3 === 0 ? null : (index % 5) % 2 };
}

/** A number behind a base that itself has more digits than a JavaScript number holds. */
export function idBeyond(base: bigint): (number: number) => string {
  return (number) => String(base + BigInt(number));
}
