import { defineMessages } from '../../core/message.ts';

export const orderDoneMessages = defineMessages({
  'order-done.failed': {
    'en-US': 'The flow declared it failed: {reason}',
    'zh-CN': '流程判定处理失败：{reason}',
  },
  'order-done.bad-outcome': {
    'en-US': '"{outcome}" is no way to finish. Open the dialog and choose one.',
    'zh-CN': '“{outcome}”不是有效的完成方式。请打开节点设置重新选择。',
  },
});
