/** An order to lock. */
export interface Order {
  key: string;
  lines: { lineId: string; sku: string; quantity: number }[];
}

/** `spread`: over all SKUs; `hot`: nine of ten orders want one SKU that has half the units asked for. */
export type Work = 'spread' | 'hot';

export interface Load {
  orders: Order[];
  /** Units each SKU starts with. */
  stock: Map<string, number>;
  hotSku: string | undefined;
}

const hotSku = 'SKU-HOT';

/**
 * The orders of one run; the same for everybody. One to three lines of one unit each, no SKU twice.
 *
 * @param inPool SKUs that have stock, where they are more than those that are ordered
 */
export function makeLoad(work: Work, orderCount: number, skuCount = 1_000, inPool = skuCount): Load {
  const random = seeded(20_260_101);
  const orders: Order[] = [];
  let hot = 0;
  for (let index = 0; index < orderCount; index += 1) {
    const skus = new Set<string>();
    if (work === 'hot' && random() < 0.9) {
      skus.add(hotSku);
      hot += 1;
    }
    const lines = 1 + Math.floor(random() * 3);
    while (skus.size < lines) skus.add(`SKU-${Math.floor(random() * skuCount)}`);
    orders.push({
      key: `bench/shop/${1_000_000 + index}`,
      lines: [...skus].map((sku, line) => ({ lineId: String(line + 1), sku, quantity: 1 })),
    });
  }
  const stock = new Map<string, number>();
  for (let index = 0; index < inPool; index += 1) stock.set(`SKU-${index}`, orderCount);
  if (work === 'hot') stock.set(hotSku, Math.floor(hot / 2));
  return { orders, stock, hotSku: work === 'hot' ? hotSku : undefined };
}

/** Generator of numbers in [0, 1), linear congruential; the seed makes every run the same. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}
