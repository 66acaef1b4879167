import { defineMessages } from '../../core/message.ts';

export const stockApplyMessages = defineMessages({
  'stock-apply.no-event': {
    'en-US':
      'The message does not say what happened to the order. Put this node behind order-event, or set msg.topic to the event, such as paid.',
    'zh-CN':
      '消息没有说明订单发生了什么。请把本节点接在 order-event 之后，或把 msg.topic 设为事件，如 paid。',
  },
});
