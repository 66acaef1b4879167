import type { Mapping } from '../types.ts';
import { douyinMapping } from './douyin.ts';
import { jdMapping } from './jd.ts';
import { pinduoduoMapping } from './pinduoduo.ts';
import { shopifyMapping } from './shopify.ts';
import { shopifyGraphqlMapping } from './shopify-graphql.ts';
import { standardMapping } from './standard.ts';
import { taobaoMapping } from './taobao.ts';
import { woocommerceMapping } from './woocommerce.ts';

/**
 * The mappings the dialog offers to start from, by platform; of several of one platform the first is what its webhooks
 * and `channel-poll` send. A user copies one and changes the copy.
 */
export const presets: readonly Mapping[] = [
  taobaoMapping,
  jdMapping,
  pinduoduoMapping,
  douyinMapping,
  shopifyMapping,
  shopifyGraphqlMapping,
  woocommerceMapping,
  standardMapping,
];
