import { defineMessages } from '../../message.ts';

export const woocommerceMessages = defineMessages({
  'woocommerce.secret-escaped': {
    'en-US':
      'The secret contains {found}. WooCommerce decodes HTML in a secret before it signs, so with & < > or " the signatures may not match. Choose a secret of letters and digits, in WooCommerce and here.',
    'zh-CN':
      '密钥中含有 {found}。WooCommerce 签名前会对密钥做 HTML 解码，含有 & < > 或 " 时签名可能对不上。请在 WooCommerce 和这里都改用只含字母和数字的密钥。',
  },
  'woocommerce.secret-is-key': {
    'en-US':
      'This is a consumer key (ck_…), with which the hub calls the shop. Enter the text of the field "Secret" under WooCommerce > Settings > Advanced > Webhooks.',
    'zh-CN':
      '这是消费者密钥（ck_…），用于调用店铺接口。请填写“WooCommerce > 设置 > 高级 > Webhooks”中“密钥（Secret）”一栏的内容。',
  },
  'woocommerce.not-found': {
    'en-US': 'The shop has nothing at {path} ({code}).',
    'zh-CN': '店铺中没有 {path}（{code}）。',
  },
  'woocommerce.whole-orders-only': {
    'en-US':
      'This shop takes whole orders only: parts of an order can be told where WooCommerce’s feature "Order fulfillments" is on.',
    'zh-CN':
      '该店铺只支持整单发货：在 WooCommerce 中启用“订单履约（Order fulfillments）”功能后才能部分发货。',
  },
  'woocommerce.nothing-to-ship': {
    'en-US': 'The order has nothing left to ship: all of it left in other parcels. Look at them in the shop.',
    'zh-CN': '该订单已没有可发货的商品：全部已在其他包裹中发出。请在店铺后台查看。',
  },
  'woocommerce.not-to-ship': {
    'en-US':
      'The order is "{status}" in the shop by now, so the shop was not told that it was shipped. Look whether the parcel can be stopped.',
    'zh-CN': '该订单在店铺中已是“{status}”状态，因此没有通知店铺发货。请确认包裹是否还能拦截。',
  },
});
