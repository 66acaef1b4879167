import type { PlatformName } from '../platforms/index.ts';
import type { ReadAll } from './client.ts';
import { readCustom } from './custom.ts';
import { readDouyin } from './douyin.ts';
import { readJd } from './jd.ts';
import { readPinduoduo } from './pinduoduo.ts';
import { readShopify } from './shopify.ts';
import { readTaobao } from './taobao.ts';
import { readWooCommerce } from './woocommerce.ts';

export const clients: Readonly<Record<PlatformName, ReadAll>> = {
  woocommerce: readWooCommerce,
  shopify: readShopify,
  taobao: readTaobao,
  pinduoduo: readPinduoduo,
  douyin: readDouyin,
  jd: readJd,
  custom: readCustom,
};
