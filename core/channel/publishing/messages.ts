import { defineMessages } from '../../message.ts';

export const publishingMessages = defineMessages({
  'pushes.bad-state': {
    'en-US':
      'Entry {row} cannot be told to a channel: {field} is missing or wrong. Wire the messages of stock-changed here, or give listing, sellable (a whole number from 0) and version (a whole number from 1).',
    'zh-CN':
      '第 {row} 条无法回传：{field} 缺失或有误。请接入 stock-changed 的消息，或提供 listing、sellable（不小于 0 的整数）和 version（不小于 1 的整数）。',
  },
  'pushes.nothing': {
    'en-US': 'The message has no listing to tell the channel: an object or a list of them is wanted.',
    'zh-CN': '消息里没有要回传的商品：应为一个对象或对象列表。',
  },
  'pushes.no-stock': {
    'en-US': '{account} takes no stock: its platform has no interface for it. Choose another account.',
    'zh-CN': '账号 {account} 的平台没有库存接口，无法回传库存。请选择其他账号。',
  },
  'pushes.answer-missing': {
    'en-US': 'The channel did not say what became of {listing}. The hub tells it again by itself.',
    'zh-CN': '渠道没有返回商品 {listing} 的处理结果，系统会自动重新回传。',
  },
  'pushes.still-open': {
    'en-US':
      '{listing} is for sale in the shop, though it was told to close (version {version}). It is told again. Somebody may have opened it there.',
    'zh-CN':
      '商品 {listing} 在店铺中仍在销售，而已要求停售（版本 {version}），已重新通知停售。可能有人在店铺后台重新上架。',
  },
  'pushes.differs': {
    'en-US':
      '{listing} shows {shown}, though it was told {told} (version {version}). It is told again. Somebody may have changed it in the shop.',
    'zh-CN':
      '商品 {listing} 在渠道显示 {shown}，而回传的是 {told}（版本 {version}），已重新回传。可能有人在店铺后台改过。',
  },
});
