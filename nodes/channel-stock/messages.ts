import { defineMessages } from '../../core/message.ts';

export const channelStockMessages = defineMessages({
  'channel-stock.bad-percent': {
    'en-US': 'The part that is read back is {least} to {most} percent, not "{value}".',
    'zh-CN': '回读比例应为 {least} 到 {most} %，而不是“{value}”。',
  },
  'channel-stock.bad-per-minute': {
    'en-US': '{least} to {most} listings a minute can be read back, not "{value}".',
    'zh-CN': '每分钟回读的商品数应为 {least} 到 {most}，而不是“{value}”。',
  },
});
