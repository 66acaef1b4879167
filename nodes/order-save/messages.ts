import { defineMessages } from '../../core/message.ts';

export const orderSaveMessages = defineMessages({
  'order.not-valid': {
    'en-US': 'This is not a valid order. {problems}',
    'zh-CN': '这不是有效的订单。{problems}',
  },
});
