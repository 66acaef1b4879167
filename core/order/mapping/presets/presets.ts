import type { Language } from '../../../message.ts';
import type { Mapping } from '../types.ts';
import { douyinMapping } from './douyin.ts';
import { jdMapping } from './jd.ts';
import { pinduoduoMapping } from './pinduoduo.ts';
import { shopifyMapping } from './shopify.ts';
import { shopifyGraphqlMapping } from './shopify-graphql.ts';
import { standardMapping } from './standard.ts';
import { taobaoMapping } from './taobao.ts';
import { woocommerceMapping } from './woocommerce.ts';

/** A mapping to start from, and how the dialog's list calls it. */
export interface PresetOffer {
  labels: Record<Language, string>;
  mapping: Mapping;
}

function offer(mapping: Mapping, zh = mapping.name): PresetOffer {
  return { mapping, labels: { 'zh-CN': zh, 'en-US': mapping.name } };
}

/**
 * The mappings the dialog offers to start from, by platform; of several of one platform the first is what its webhooks
 * and `channel-poll` send. A user copies one and changes the copy.
 */
export const presetOffers: readonly PresetOffer[] = [
  offer(taobaoMapping, '淘宝 / 天猫'),
  offer(jdMapping, '京东'),
  offer(pinduoduoMapping, '拼多多'),
  offer(douyinMapping, '抖店'),
  offer(shopifyMapping),
  offer(shopifyGraphqlMapping, 'Shopify GraphQL（自己查询时）'),
  offer(woocommerceMapping),
  offer(standardMapping, 'Standard Webhooks（自有系统）'),
];

export const presets: readonly Mapping[] = presetOffers.map(({ mapping }) => mapping);
