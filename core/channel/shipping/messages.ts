import { defineMessages } from '../../message.ts';

export const shippingMessages = defineMessages({
  'shipping.no-shipments': {
    'en-US': '{account} takes no shipments: its platform has no interface for them. Choose another account.',
    'zh-CN': '账号 {account} 的平台没有发货接口，无法上传发货信息。请选择其他账号。',
  },
  'shipping.bad-parcel': {
    'en-US': 'The parcel cannot be told to the shop: {field} is missing or wrong.',
    'zh-CN': '无法上传发货信息：{field} 缺失或有误。',
  },
  'shipping.other-shop': {
    'en-US':
      'The order {order} is not one of {shop}, for which this account stands. Send it to the node of its own shop.',
    'zh-CN': '订单 {order} 不属于该账号的店铺 {shop}，请送到对应店铺的节点。',
  },
  'shipping.other-carrier': {
    'en-US':
      'The parcel {tracking} of the order {order} was told to the shop with the carrier {told} already, not {asked}. Correct it in the shop.',
    'zh-CN': '订单 {order} 的包裹 {tracking} 已用物流公司 {told} 上传，而不是 {asked}。请在店铺后台更正。',
  },
  'shipping.other-tracking': {
    'en-US':
      'The parcel {parcel} of the order {order} was told to the shop with the tracking number {told} already, not {asked}. Correct it in the shop.',
    'zh-CN': '订单 {order} 的包裹 {parcel} 已用运单号 {told} 上传，而不是 {asked}。请在店铺后台更正。',
  },
  'shipping.other-lines': {
    'en-US':
      'The parcel {tracking} of the order {order} was told to the shop with other lines already. Give another parcel another number.',
    'zh-CN':
      '订单 {order} 的包裹 {tracking} 已上传过，但内含商品不同。如果是另一个包裹，请使用另一个包裹号。',
  },
  'shipping.under-way': {
    'en-US':
      'The parcel {tracking} of the order {order} is being told to the shop at the moment, or was a moment ago. It is tried again by itself.',
    'zh-CN': '订单 {order} 的包裹 {tracking} 正在上传或刚刚上传，系统会自动再试。',
  },
});
