import { defineMessages } from '../../message.ts';

export const jdMessages = defineMessages({
  'jd.order-unknown': {
    'en-US': 'The shop has no order {order}.',
    'zh-CN': '店铺中没有订单 {order}。',
  },
  'jd.whole-orders-only': {
    'en-US':
      'JD takes whole orders only, and this parcel holds a part of order {order}. Ship all of it at once, with the waybills of its parcels joined by "|".',
    'zh-CN': '京东只支持整单发货，本包裹只含订单 {order} 的一部分。请整单一次发货，多个运单号用“|”连接。',
  },
  'jd.carrier-not-id': {
    'en-US': 'JD names carriers by number; "{carrier}" is none. Enter JD’s id, such as 467 for SF Express.',
    'zh-CN': '京东的快递公司用数字编号，“{carrier}”不是编号。请填写京东的编号，例如顺丰为 467。',
  },
  'jd.waybill-missing': {
    'en-US':
      'JD wants a waybill for carrier {carrier}. Only what the seller delivers (1274) goes without one.',
    'zh-CN': '快递公司 {carrier} 需要运单号；只有商家自送（1274）可以没有运单号。',
  },
  'jd.carriers-differ': {
    'en-US':
      '{carriers} carriers were named for {waybills} waybills. Name one for all, or as many as there are waybills.',
    'zh-CN': '填写了 {carriers} 个快递公司和 {waybills} 个运单号。请只填一个快递公司，或与运单号数量一致。',
  },
});
