import { defineMessages } from '../message.ts';

export const insightMessages = defineMessages({
  'query.bad-limit': {
    'en-US': '"{value}" is no number of rows: enter a whole number from 1 to {most}.',
    'zh-CN': '“{value}”不是有效的条数：请输入 1 到 {most} 的整数。',
  },
  'query.bad-time': {
    'en-US': '"{value}" is no time: enter it like 2026-03-01T08:00:00Z.',
    'zh-CN': '“{value}”不是有效的时间：请按 2026-03-01T08:00:00Z 的格式填写。',
  },
  'query.bad-id': {
    'en-US': '"{value}" is no number of a row: enter the whole number the list shows as its id.',
    'zh-CN': '“{value}”不是有效的编号：请填写列表中 id 一栏的整数。',
  },
  'query.bad-choice': {
    'en-US': '"{value}" cannot be asked for as {field}. Possible are: {choices}.',
    'zh-CN': '{field} 不支持“{value}”，可选值为：{choices}。',
  },
  'query.bad-cursor': {
    'en-US': '"{value}" does not continue this list: use the value "next" of the page before.',
    'zh-CN': '“{value}”无法接着翻页：请使用上一页返回的 next。',
  },
  'query.missing': {
    'en-US': 'The field {field} is missing; without it, it is not clear what is asked for.',
    'zh-CN': '缺少 {field}，不清楚要查询什么。',
  },
  'query.no-order': {
    'en-US': 'There is no order {key}. A key looks like channel/shop/order number.',
    'zh-CN': '没有订单 {key}。订单键的格式为：渠道/店铺/订单号。',
  },
  'query.no-sku': {
    'en-US':
      'The pool {pool} does not know the SKU {sku}. It becomes known when its first units are received.',
    'zh-CN': '库存池 {pool} 中没有 SKU {sku}。首次入库后才会出现。',
  },
  'query.no-delivery': {
    'en-US': 'There is no delivery {id}.',
    'zh-CN': '没有编号为 {id} 的消息。',
  },
  'health.dead-letters': {
    'en-US':
      '{count} messages have failed for good. Look at their reasons, mend the cause and retry or dismiss them.',
    'zh-CN': '有 {count} 条失败消息。请查看原因，解决后重试或忽略。',
  },
  'health.waiting-long': {
    'en-US':
      'The oldest message for {subscriber} has waited {minutes} minutes; {count} wait behind it. Is its flow deployed and enabled?',
    'zh-CN':
      '{subscriber} 最早的一条消息已等待 {minutes} 分钟，共 {count} 条排队。请检查对应流程是否已部署并启用。',
  },
  'health.store-failing': {
    'en-US': 'The store cannot be written: {reason}',
    'zh-CN': '数据存储无法写入：{reason}',
  },
  'health.nobody-takes': {
    'en-US':
      '{count} messages wait for {subscriber}, and no node takes them. Enable and deploy its node again (for a webhook: an account with the path they came by), or close them with DELETE subscribers/{subscriber}.',
    'zh-CN':
      '有 {count} 条消息在等待 {subscriber}，但没有节点在处理。请重新启用并部署对应的节点（店铺推送需使用原来路径的账号）；不再需要的话，可通过 DELETE subscribers/{subscriber} 关闭。',
  },
  'health.background-failing': {
    'en-US':
      'Work in the background ({work}) failed when it was last done: {reason} It is tried again by itself.',
    'zh-CN': '后台任务（{work}）上一次执行失败：{reason} 系统会自动重试。',
  },
  'health.audit-findings': {
    'en-US':
      'The stock audit has {count} open findings, such as: {first} GET audit lists them with their smallest repair.',
    'zh-CN': '库存稽核有 {count} 个未解决的问题，例如：{first} 可通过 GET audit 查看全部问题及修复办法。',
  },
  'health.no-backup': {
    'en-US': 'There is no copy of the store yet. Make one in the settings of the store.',
    'zh-CN': '尚未备份过数据。请在数据存储的设置中点击备份。',
  },
});
