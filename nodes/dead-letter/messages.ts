import { defineMessages } from '../../core/message.ts';

export const deadLetterMessages = defineMessages({
  'dead-letter.bad-action': {
    'en-US': '"{action}" is not something to do with dead letters. Known are: {known}.',
    'zh-CN': '“{action}”不是可对失败消息执行的操作。可用的操作：{known}。',
  },
  'dead-letter.no-id': {
    'en-US':
      'The message does not say which delivery: set msg.payload.id to its number, as "list" shows it in deliveryId.',
    'zh-CN': '消息没有说明是哪一条：请把 msg.payload.id 设为编号，即“列出”结果中的 deliveryId。',
  },
  'dead-letter.no-payload': {
    'en-US':
      'There is nothing to put in place of the message of delivery {id}: set msg.payload.payload to the mended text or object.',
    'zh-CN': '没有提供消息 {id} 修改后的内容：请把 msg.payload.payload 设为改好的文本或对象。',
  },
  'dead-letter.no-reason': {
    'en-US': 'Dismissing delivery {id} needs a reason, which is kept: set msg.payload.reason.',
    'zh-CN': '忽略消息 {id} 需要说明原因（会留档）：请设置 msg.payload.reason。',
  },
  'dead-letter.bad-filter': {
    'en-US':
      'The filter has the field "{field}", which cannot be used like this. Fields are: {known}; since and until are times.',
    'zh-CN': '筛选条件中的“{field}”无法使用。可用字段：{known}；其中 since 和 until 为时间。',
  },
  'dead-letter.bad-number': {
    'en-US': '"{value}" is not a whole number from 1 to {most}.',
    'zh-CN': '“{value}”不是 1 到 {most} 之间的整数。',
  },
});
