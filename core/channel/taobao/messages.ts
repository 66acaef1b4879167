import { defineMessages } from '../../message.ts';

export const taobaoMessages = defineMessages({
  'taobao.item-unknown': {
    'en-US': 'The shop has no item {item}. It may have been deleted, or the listing belongs to another shop.',
    'zh-CN': '店铺中没有商品 {item}，可能已被删除，或属于其他店铺。',
  },
  'taobao.nothing-to-list': {
    'en-US':
      'Item {item} has no stock on Taobao, and only what has some can be put on sale. Write its stock first.',
    'zh-CN': '商品 {item} 在淘宝的库存为 0，无法上架。请先写入库存。',
  },
  'taobao.whole-lines-only': {
    'en-US':
      'Taobao takes whole lines of an order: line {line} has {ordered} units, {asked} of them are in this parcel.',
    'zh-CN': '淘宝只支持按子订单整行发货：子订单 {line} 共 {ordered} 件，本包裹只有 {asked} 件。',
  },
  'taobao.line-unknown': {
    'en-US': 'Order {order} has no line {line} on Taobao.',
    'zh-CN': '淘宝订单 {order} 中没有子订单 {line}。',
  },
  'taobao.too-many-lines': {
    'en-US': 'Taobao takes {most} lines of an order in one parcel; this one has {count}. Split the parcel.',
    'zh-CN': '淘宝一次最多发 {most} 个子订单，本包裹有 {count} 个。请拆成多个包裹。',
  },
  'taobao.order-unknown': {
    'en-US': 'The shop has no order {order}.',
    'zh-CN': '店铺中没有订单 {order}。',
  },
  'taobao.parts-need-carrier': {
    'en-US': 'Without a carrier and tracking number Taobao takes whole orders only.',
    'zh-CN': '没有快递公司和运单号时，淘宝只支持整单发货（无需物流）。',
  },
  'taobao.not-shipped': {
    'en-US': 'Taobao answered the shipment of order {order} without saying that it was taken.',
    'zh-CN': '淘宝对订单 {order} 的发货请求没有返回成功。',
  },
});
