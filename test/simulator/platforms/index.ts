import { custom } from './custom/custom.ts';
import { douyin } from './douyin/douyin.ts';
import { jd } from './jd/jd.ts';
import { pinduoduo } from './pinduoduo/pinduoduo.ts';
import type { PlatformDefinition } from './platform.ts';
import { shopify } from './shopify/shopify.ts';
import { taobao } from './taobao/taobao.ts';
import { woocommerce } from './woocommerce/woocommerce.ts';

export const platforms = {
  woocommerce,
  shopify,
  taobao,
  pinduoduo,
  douyin,
  jd,
  custom,
} satisfies Record<string, PlatformDefinition>;

export type PlatformName = keyof typeof platforms;
