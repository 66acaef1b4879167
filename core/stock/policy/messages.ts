import { defineMessages } from '../../message.ts';

export const policyMessages = defineMessages({
  'policy.unknown-scenario': {
    'en-US':
      'Order {orderKey} is of the scenario "{scenario}", for which the stock policy has no row. It has: {known}. Add a row, or correct the scenario in order-map; nothing was locked.',
    'zh-CN':
      '订单 {orderKey} 的业务场景是“{scenario}”，库存策略里没有这一行（现有：{known}）。请在策略中添加，或在 order-map 中改正场景；库存没有任何变动。',
  },
  'policy.no-lines': {
    'en-US':
      'Order {orderKey} is not in the store, and the message carries no lines. Put order-save before, or send the order in msg.payload.',
    'zh-CN':
      '订单 {orderKey} 不在库中，消息里也没有商品明细。请先经过 order-save，或把订单放在 msg.payload 中。',
  },
  'policy.paid-no-stock': {
    'en-US':
      'Order {orderKey} is paid, and there is too little stock for it. Get more in, or pay the buyer back. {reasons}',
    'zh-CN': '订单 {orderKey} 已付款，但库存不够。请尽快补货，或给买家退款。{reasons}',
  },
  'policy.short': {
    'en-US':
      'There is too little stock for order {orderKey}, which is not paid yet; nothing was locked. {reasons}',
    'zh-CN': '订单 {orderKey} 还未付款，库存不够，没有锁定任何商品。{reasons}',
  },
  'policy.shipped-no-stock': {
    'en-US':
      'Order {orderKey} was shipped, but the stock has no units to take for it. Count these goods: more left the shelf than the books had. {reasons}',
    'zh-CN': '订单 {orderKey} 已发货，但账上没有货可扣。请盘点这些商品：实际出库比账面多。{reasons}',
  },
  'policy.refused': {
    'en-US': 'The stock of order {orderKey} was left as it was. {reasons}',
    'zh-CN': '订单 {orderKey} 的库存没有变动。{reasons}',
  },
  'policy.too-many-acts': {
    'en-US':
      'One event led to more than {most} acts on the stock of order {orderKey}. Something else changes it at the same time; look at its movements.',
    'zh-CN':
      '一个事件引起了超过 {most} 次对订单 {orderKey} 库存的操作。可能有别的流程同时在改动，请查看它的库存流水。',
  },
  'policy.no-rows': {
    'en-US': 'The stock policy has no rows. Add at least one scenario.',
    'zh-CN': '库存策略还没有任何一行，请至少添加一个业务场景。',
  },
  'policy.bad-scenario': {
    'en-US':
      'Row {row}: "{value}" is no scenario. Use small letters, digits and single hyphens, such as cash-on-delivery.',
    'zh-CN':
      '第 {row} 行：“{value}”不是有效的场景代码。请用小写字母、数字和单个连字符，如 cash-on-delivery。',
  },
  'policy.scenario-twice': {
    'en-US': 'Row {row}: there is a row for "{value}" already. Keep one of them.',
    'zh-CN': '第 {row} 行：“{value}”已经有一行了，请只保留一行。',
  },
  'policy.no-events': {
    'en-US': 'Row {row} ({scenario}): choose at least one event under "{field}".',
    'zh-CN': '第 {row} 行（{scenario}）：请在“{field}”中至少选择一个事件。',
  },
  'policy.bad-event': {
    'en-US':
      'Row {row} ({scenario}): "{value}" is no event. Choose one of the list, or use small letters, digits and single hyphens.',
    'zh-CN':
      '第 {row} 行（{scenario}）：“{value}”不是有效的事件。请从列表选择，或用小写字母、数字和单个连字符。',
  },
  'policy.event-both-ways': {
    'en-US': 'Row {row} ({scenario}): "{value}" cannot both lock and free. Take it out of one of them.',
    'zh-CN': '第 {row} 行（{scenario}）：“{value}”不能既锁定又释放，请从其中一处去掉。',
  },
  'policy.cancel-frees-nothing': {
    'en-US':
      'Row {row} ({scenario}): "cancelled" must be among the events that free, or a cancelled order would keep its units.',
    'zh-CN': '第 {row} 行（{scenario}）：释放条件里必须有“已取消”，否则取消的订单会一直占着货。',
  },
  'policy.presale-never-committed': {
    'en-US':
      'Row {row} ({scenario}): say from when on presale units are committed (usually "paid"), or they would lapse with the balance window.',
    'zh-CN':
      '第 {row} 行（{scenario}）：请选择预售转为占用的时间（一般是“付款”），否则付了尾款也会到期释放。',
  },
  'policy.bad-bucket': {
    'en-US': 'Row {row} ({scenario}): "{value}" is no way of locking; use held, committed or presale.',
    'zh-CN': '第 {row} 行（{scenario}）：“{value}”不是有效的锁定方式，请选择预占、占用或预售。',
  },
  'policy.bad-limit': {
    'en-US': 'Row {row} ({scenario}): "{value}" is no time limit. Choose one of the list.',
    'zh-CN': '第 {row} 行（{scenario}）：“{value}”不是有效的时限，请从列表选择。',
  },
  'policy.bad-minutes': {
    'en-US': 'Row {row} ({scenario}): "{value}" is no number of minutes from 1 to {most}.',
    'zh-CN': '第 {row} 行（{scenario}）：“{value}”不是 1 到 {most} 之间的分钟数。',
  },
  'policy.bad-scarce': {
    'en-US':
      'Row {row} ({scenario}): for scarce stock give both numbers, the units below which it is scarce and the minutes a lock then lasts.',
    'zh-CN': '第 {row} 行（{scenario}）：紧缺缩短时限需要填两个整数：低于多少件算紧缺，紧缺时锁定多少分钟。',
  },
  'policy.bad-priority': {
    'en-US': 'Row {row} ({scenario}): "{value}" is no priority; use normal or high.',
    'zh-CN': '第 {row} 行（{scenario}）：“{value}”不是有效的优先级，请选择普通或优先。',
  },
  'policy.bad-cap': {
    'en-US':
      'Row {row} ({scenario}): "{value}" is no cap per buyer. Enter whole units from 1, or leave it empty for none.',
    'zh-CN': '第 {row} 行（{scenario}）：“{value}”不是有效的限购数量。请填 1 以上的整数，或留空表示不限。',
  },
  'policy.bad-buffer': {
    'en-US': '"{value}" is no buffer. Enter whole units from 0.',
    'zh-CN': '“{value}”不是有效的安全库存。请填 0 以上的整数。',
  },
  'policy.bad-balance-minutes': {
    'en-US': '"{value}" is no balance window: enter minutes from 1 to {most}.',
    'zh-CN': '“{value}”不是有效的尾款期限：请填 1 到 {most} 之间的分钟数。',
  },
  'policy.bad-on-hold': {
    'en-US': '"{value}" is no way to treat orders on hold; use lock or wait.',
    'zh-CN': '“{value}”不是处理挂起订单的方式，请选择照常锁定或等待放行。',
  },
  'policy.bad-closing': {
    'en-US': '{shop}: "{value}" is no closing time. Enter HH:mm, such as 22:00 or, past midnight, 02:00.',
    'zh-CN': '{shop}：“{value}”不是有效的打烊时间。请填 HH:mm，如 22:00；过午夜的填 02:00。',
  },
  'policy.bad-zone': {
    'en-US': '{shop}: "{value}" is no time zone. Enter an IANA name such as Asia/Shanghai.',
    'zh-CN': '{shop}：“{value}”不是有效的时区。请填 IANA 名称，如 Asia/Shanghai。',
  },
  'policy.shop-twice': {
    'en-US': 'The shop "{shop}" has two closing times. Keep one.',
    'zh-CN': '店铺“{shop}”有两个打烊时间，请只保留一个。',
  },
  'policy.shop-without-name': {
    'en-US': 'Closing time {row} names no shop.',
    'zh-CN': '第 {row} 个打烊时间没有填店铺。',
  },
  'policy.bad-warehouse': {
    'en-US': 'Warehouse {row}: "{value}" is empty or named twice. Name each pool once.',
    'zh-CN': '第 {row} 个仓库：“{value}”是空的，或已经填过。每个库存池填且只填一次。',
  },
  'policy.bad-choice': {
    'en-US': '"{value}" is no way to choose a warehouse; use nearest, fewest-parcels or fixed-order.',
    'zh-CN': '“{value}”不是选择仓库的方式，请选择就近、包裹最少或固定顺序。',
  },
  'policy.closing-default': {
    'en-US': 'All other shops',
    'zh-CN': '其他店铺',
  },
  'policy.field-lock-on': { 'en-US': 'Lock on', 'zh-CN': '何时锁定' },
  'policy.field-final-on': { 'en-US': 'Units leave on', 'zh-CN': '何时出库' },
});
