import type { Chance } from '../../support/seeded.ts';
import { type IdScheme, productOf } from './ids.ts';

/** One SKU of a shop as it is offered. */
export interface Listing {
  readonly serial: number;
  /** The merchant's own code: the same goods have the same one in every simulated shop. */
  readonly sku: string;
  readonly title: string;
  /** The variant in words, such as `颜色:白色`; empty where the product has none. */
  readonly spec: string;
  /** Per unit, minor units. */
  readonly price: number;
  readonly productId: string;
  readonly productCode: string;
  /** Null where a product has no variants. */
  readonly variantId: string | null;
  /** What the shop believes to have, units; what stock writes change. */
  available: number;
  onSale: boolean;
}

/** Every kind of text that has broken a shop connection: ®™, emoji, planes beyond the first, combining marks, HTML. */
const titles = [
  '正山小种 红茶 礼盒装',
  'Bluetooth® 蓝牙耳机™ 降噪款',
  '马克杯 ☕ 陶瓷 <大号>',
  '𠮷祥如意 真丝围巾 👩‍👩‍👧',
  'Crème brûlée 烤布蕾 & 曲奇 "经典"',
  '儿童羽绒服 加厚 100% 白鸭绒',
  '不锈钢保温杯 / 500ml',
  "Women's 运动鞋 36–40 码",
  '有机小米 5kg 一级\u00A0(新米)',
  'é 家用加湿器 静音',
] as const;
const colours = ['白色', '黑色', '红色'] as const;

/** What is sold, where that is not drawn. */
export interface Goods {
  /** The merchant's own code. */
  sku: string;
  /** Default: one of the titles above. */
  title?: string;
  /** Per unit, minor units. */
  price?: number;
}

/**
 * The listings of a shop. Every third product is without variants; the others have two.
 *
 * @param goods as many listings are made
 */
export function makeListings(chance: Chance, ids: IdScheme, goods: readonly Goods[]): Listing[] {
  return goods.map(({ sku, title, price }, index) => {
    const { product, variant } = productOf(index);
    const colour = variant === null ? '' : colours[variant]!;
    const drawnPrice = chance.between(990, 49_900);
    return {
      serial: index + 1,
      sku,
      title: title ?? `${titles[product % titles.length]} ${product}`,
      spec: colour && `颜色:${colour}`,
      price: price ?? drawnPrice,
      productId: ids.product(product),
      productCode: `SPU-${product}`,
      variantId: ids.variant(product, variant),
      available: chance.between(50, 500),
      onSale: true,
    };
  });
}
