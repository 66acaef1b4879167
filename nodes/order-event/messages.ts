import { defineMessages } from '../../core/message.ts';

export const orderEventMessages = defineMessages({
  'order-event.no-date': {
    'en-US': 'The node begins at a date, but the date is missing. Enter it, or let the node begin now.',
    'zh-CN': '选择了从某个日期开始，但没有填写日期。请填写日期，或改为从现在开始。',
  },
  'order-event.bad-types': {
    'en-US': 'The event types of the node cannot be read. Open the dialog, choose them anew and deploy.',
    'zh-CN': '无法读取此节点的事件类型。请打开节点设置重新选择，然后部署。',
  },
});
