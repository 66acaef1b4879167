import { defineMessages } from '../../core/message.ts';

export const orderAlertMessages = defineMessages({
  'order-alert.no-target': {
    'en-US': 'The node has nobody to tell. Open the dialog and choose a target.',
    'zh-CN': '还没有选择提醒目标。请打开节点设置选择一个。',
  },
  'order-alert.no-wording': {
    'en-US': 'The alert has no text. Open the dialog and write what it is to say.',
    'zh-CN': '提醒没有内容。请打开节点设置填写要发送的文字。',
  },
  'order-alert.nothing': {
    'en-US':
      'The message names neither an order (msg.order.key) nor an event, so nobody could tell this alert from the next one. Set msg.order or choose another place for the event.',
    'zh-CN':
      '消息中既没有订单（msg.order.key）也没有事件，无法判断提醒是否重复。请设置 msg.order，或在节点设置中改选事件所在位置。',
  },
  'order-alert.target-missing': {
    'en-US':
      'The target "{name}" of this alert is not there: it was deleted, is disabled or has an error. The alert is kept, and goes out once the target is put right; or open the dialog and choose another.',
    'zh-CN':
      '提醒目标“{name}”不可用：可能已被删除、停用或设置有误。提醒已保存，目标恢复后会自动发出；也可以打开节点设置改选其他目标。',
  },
  'order-alert.other-store': {
    'en-US':
      'The target "{name}" works with another store than this node. The alert is kept, and goes out once both use the same store.',
    'zh-CN': '提醒目标“{name}”与本节点使用的数据存储不同。提醒已保存，在两处选择同一个数据存储后会自动发出。',
  },
  'order-alert.waiting': {
    'en-US': '{name} sends nothing, alerts wait',
    'zh-CN': '{name} 未在发送，提醒等待中',
  },
  'order-alert.template-wrong': {
    'en-US': 'The wording of the alert will not come out as meant: {reason}',
    'zh-CN': '提醒内容无法正确显示：{reason}',
  },
  'order-alert.field-event-type': { 'en-US': 'What happened', 'zh-CN': '发生的事件' },
  'order-alert.field-event-at': { 'en-US': 'When it happened', 'zh-CN': '发生时间' },
  'order-alert.field-rule': { 'en-US': 'Name of the rule', 'zh-CN': '规则名称' },
  'order-alert.field-now': { 'en-US': 'Now', 'zh-CN': '当前时间' },
  'order-alert.field-weight': { 'en-US': 'Weight check: explanation', 'zh-CN': '称重校验：说明' },
  'order-alert.field-stock': { 'en-US': 'Stock: why it was refused', 'zh-CN': '库存：不足或拒绝的原因' },
  'order-alert.field-lines': { 'en-US': 'All lines, one below the other', 'zh-CN': '全部商品，逐行列出' },
});
