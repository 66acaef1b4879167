import { defineMessages } from '../../message.ts';

export const douyinMessages = defineMessages({
  'douyin.too-many-at-once': {
    'en-US':
      'More than {most} orders changed within the second {time}, and Douyin shows no more of one question. Export the orders of that second from the seller pages; the hub tries again by itself.',
    'zh-CN':
      '{time} 这一秒内有超过 {most} 个订单发生变化，超出抖店单次查询的上限。请在抖店后台导出这一秒的订单核对；系统会自动重试。',
  },
  'douyin.sku-missing': {
    'en-US':
      'Douyin keeps stock by SKU, and the listing {listing} names none. Enter it as product/SKU, such as 3500000000000000101/1750000000000001.',
    'zh-CN':
      '抖店按 SKU 记录库存，而商品标识 {listing} 没有 SKU。请填写“商品ID/SKU ID”，例如 3500000000000000101/1750000000000001。',
  },
  'douyin.waybill-missing': {
    'en-US': 'Douyin wants a waybill for each parcel, and order {order} came without one. Enter the waybill.',
    'zh-CN': '抖店发货必须有运单号，订单 {order} 没有填写。请填写运单号。',
  },
  'douyin.carrier-missing': {
    'en-US':
      'No carrier is named for order {order}. Enter the code of Douyin’s carrier list, such as shunfeng for SF Express.',
    'zh-CN': '订单 {order} 没有填写快递公司。请填写抖店快递公司列表中的编码，例如顺丰为 shunfeng。',
  },
  'douyin.line-unknown': {
    'en-US':
      'Order {order} has no line {line} on Douyin. Name lines as the order has them: the sub-order’s number.',
    'zh-CN': '抖店订单 {order} 中没有子订单 {line}。请使用订单中的子订单编号。',
  },
});
