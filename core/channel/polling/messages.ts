import { defineMessages } from '../../message.ts';

/** What is said of reading orders from a channel and of counting them. */
export const pollingMessages = defineMessages({
  'polling.bad-id': {
    'en-US':
      'The record at {at} has no usable order id ("{id}"). It was put aside; edit it and retry it, or dismiss it.',
    'zh-CN': '{at} 处的记录没有可用的订单号（“{id}”），已单独存放。可修改后重试，或忽略。',
  },
  'polling.failed': {
    'en-US': 'Reading the channel failed: {reason}. The hub tries again by itself.',
    'zh-CN': '读取渠道订单失败：{reason}。系统会自动重试。',
  },
  'polling.cannot-read': {
    'en-US':
      'The platform of account {account} offers no way to read orders. Use a channel-webhook node for it.',
    'zh-CN': '账号 {account} 的平台不支持拉取订单，请使用“推送接收”节点。',
  },
  'polling.no-connection': {
    'en-US':
      'The account {account} cannot call its platform. Choose a platform with an interface and enter its credentials in the account.',
    'zh-CN': '账号 {account} 无法调用平台接口。请在账号中选择支持接口的平台，并填写凭证。',
  },
  'polling.beyond-reach': {
    'en-US':
      'The channel no longer tells of changes before {until}; what changed between {from} and then cannot be read. Compare with an export of the channel.',
    'zh-CN':
      '渠道已不再提供 {until} 之前的变更；{from} 到该时间之间的变更无法读取，请与平台后台导出的订单核对。',
  },
  'polling.clock-off': {
    'en-US':
      'The clock of this server and that of the channel are {minutes} minutes apart. Orders are read by the earlier of both; set the clock by a time server.',
    'zh-CN': '本服务器时钟与渠道相差 {minutes} 分钟。系统按较早的时间读取订单，请开启网络校时。',
  },
  'polling.shorter-windows': {
    'en-US':
      'A longer time span could not be read to its end, so spans of at most {minutes} minutes are asked for; longer ones are tried again when those go well.',
    'zh-CN': '较长的时间段未能完整读完，现改为每次最多读取 {minutes} 分钟；顺利后会逐步恢复。',
  },
  'polling.clock-unread': {
    'en-US':
      'The clock of the channel could not be read ({reason}). It is asked for again; until then orders are read by the clock of this server.',
    'zh-CN': '未能读取渠道的时钟（{reason}），系统会再次查询；在此之前按本服务器时钟读取订单。',
  },
  'polling.clock-untold': {
    'en-US':
      'The channel does not tell its time, so orders are read by the clock of this server: have it set by a time server.',
    'zh-CN': '渠道不提供自己的时间，系统按本服务器时钟读取订单，请开启网络校时。',
  },
  'polling.page-repeats': {
    'en-US':
      '{channel}/{shop} gave the same page of orders again and again (page {page}). The time span is read anew later.',
    'zh-CN': '{channel}/{shop} 一直重复返回同一页订单（第 {page} 页），稍后将重新读取该时间段。',
  },
  'polling.unknown': {
    'en-US': 'Account {account} has not been read yet. Deploy a "poll orders" node for it first.',
    'zh-CN': '账号 {account} 尚未拉取过订单，请先为它部署“拉取订单”节点。',
  },
  'polling.nothing-to-fill': {
    'en-US':
      'Orders up to {watermark} are read already, so there is nothing to fill from {from} on. Choose an earlier date.',
    'zh-CN': '{watermark} 之前的订单已经读取，从 {from} 起没有需要补的。请选择更早的日期。',
  },
  'polling.bad-date': {
    'en-US': '"{value}" is no date. Enter one such as 2026-11-01.',
    'zh-CN': '“{value}”不是日期，请填写例如 2026-11-01。',
  },
  'polling.bad-interval': {
    'en-US': 'Orders are read every {least} to {most} seconds, not "{value}".',
    'zh-CN': '拉取间隔应为 {least} 到 {most} 秒，而不是“{value}”。',
  },
  'polling.bad-overlap': {
    'en-US': 'Enter 0 to {most} minutes of overlap, not "{value}"; empty is what the platform needs.',
    'zh-CN': '重叠时间应为 0 到 {most} 分钟，而不是“{value}”；留空则按平台需要。',
  },
  'polling.bad-census': {
    'en-US': 'Orders are counted every {least} to {most} minutes, not "{value}".',
    'zh-CN': '核对间隔应为 {least} 到 {most} 分钟，而不是“{value}”。',
  },
  'polling.bad-command': {
    'en-US': 'The topic "{topic}" is no command. Send poll, back-fill (with payload.from) or census.',
    'zh-CN': '没有“{topic}”这个指令。可用：poll、back-fill（带 payload.from）、census。',
  },
  'polling.not-active': {
    'en-US': 'Another node or process reads account {account} at the moment; ask there, or try again later.',
    'zh-CN': '账号 {account} 目前由另一个节点或进程拉取，请在那边操作，或稍后再试。',
  },
  'polling.account-twice': {
    'en-US':
      'Account {account} is used by two "poll orders" nodes. Only the first one reads; remove one of them.',
    'zh-CN': '账号 {account} 被两个“拉取订单”节点使用，只有第一个在拉取，请删除其中一个。',
  },
  'polling.order-unknown': {
    'en-US':
      'A message said that order {order} changed, but the channel does not know that order (yet). It is asked for again.',
    'zh-CN': '消息提到订单 {order} 有变化，但渠道（暂时）查不到该订单，系统会再次查询。',
  },
  'polling.order-broken': {
    'en-US': 'What the channel says of this order cannot be read: {reason}. Look at it in the channel.',
    'zh-CN': '渠道返回的该订单内容无法读取：{reason}。请在平台后台查看该订单。',
  },
  'polling.census-complete': {
    'en-US': '{channel}/{shop}: {had} of {listed} orders are here.',
    'zh-CN': '{channel}/{shop}：{listed} 单中已有 {had} 单，完整。',
  },
  'polling.census-filled': {
    'en-US':
      '{channel}/{shop}: {had} of {listed} orders are here; {fetched} of them were missing and fetched now.',
    'zh-CN': '{channel}/{shop}：{listed} 单中已有 {had} 单，其中 {fetched} 单缺失，已补取。',
  },
  'polling.census-gaps': {
    'en-US': '{channel}/{shop}: {had} of {listed} orders are here, {missing} are missing. First: {first}',
    'zh-CN': '{channel}/{shop}：{listed} 单中已有 {had} 单，缺 {missing} 单。例如：{first}',
  },
  'polling.census-broken-off': {
    'en-US': '{channel}/{shop}: the count was broken off after {listed} orders: {reason}',
    'zh-CN': '{channel}/{shop}：核对到第 {listed} 单时中断：{reason}',
  },
});
