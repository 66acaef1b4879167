import { defineMessages } from '../../core/message.ts';

export const hubQueryMessages = defineMessages({
  'query.unknown-question': {
    'en-US': 'The question "{question}" is not one of the dialog. Open it and choose one.',
    'zh-CN': '不支持查询“{question}”。请打开节点设置重新选择。',
  },
});
