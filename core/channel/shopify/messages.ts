import { defineMessages } from '../../message.ts';

export const shopifyMessages = defineMessages({
  'shopify.secret-is-token': {
    'en-US':
      'This is an access token ({prefix}…), with which the hub calls Shopify. Webhooks are signed with the client secret of the app, or with the secret shown under Settings > Notifications > Webhooks.',
    'zh-CN':
      '这是访问令牌（{prefix}…），用于调用 Shopify 接口。推送的签名使用应用的客户端密钥（client secret），或“设置 > 通知 > Webhooks”中显示的密钥。',
  },
  'shopify.too-costly': {
    'en-US': 'Shopify finds the question {call} too costly even for one order.',
    'zh-CN': 'Shopify 认为查询 {call} 的开销过大，单个订单也无法读取。',
  },
  'shopify.variant-unknown': {
    'en-US':
      'The shop has no variant {listing}. Was the product deleted? Tell the hub which listing the SKU has now.',
    'zh-CN': '店铺中没有商品规格 {listing}。商品是否已删除？请重新指定该 SKU 对应的商品。',
  },
  'shopify.location-missing': {
    'en-US':
      'The shop has {count} locations: {names}. Enter the one whose stock the hub writes as "Stock location" in the account.',
    'zh-CN': '店铺有 {count} 个库存地点：{names}。请在账号的“库存地点”中填写由本系统管理库存的那一个。',
  },
  'shopify.several-locations': {
    'en-US':
      'Order {order} leaves from several locations ({places}), and Shopify takes a parcel of one location only. Send a message for each, with its lines.',
    'zh-CN':
      '订单 {order} 分别从多个地点发货（{places}），而 Shopify 的一个包裹只能来自一个地点。请按地点分别发送消息，并填写各自的商品行。',
  },
  'shopify.nothing-to-ship': {
    'en-US':
      'Order {order} has nothing left to ship of that (line {line}, {units} too many): shipped already, cancelled, or on hold at Shopify.',
    'zh-CN':
      '订单 {order} 没有可发货的内容（行 {line}，多出 {units} 件）：可能已发货、已取消，或在 Shopify 被暂停发货。',
  },
});
