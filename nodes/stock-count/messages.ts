import { defineMessages } from '../../core/message.ts';

export const stockCountMessages = defineMessages({
  'count.bad-action': {
    'en-US': 'The action is "{action}"; possible are approve and reject.',
    'zh-CN': '操作（action）的值是“{action}”，只能是 approve（批准）或 reject（驳回）。',
  },
  'count.bad-id': {
    'en-US': '"{value}" is no number of a count sheet. Give the one from msg.stock.count.id.',
    'zh-CN': '“{value}”不是有效的盘点单编号。请使用 msg.stock.count.id 的值。',
  },
  'count.bad-command-text': {
    'en-US': 'The field "{field}" must be text.',
    'zh-CN': '“{field}”必须是文本。',
  },
});
