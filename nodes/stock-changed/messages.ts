import { defineMessages } from '../../core/message.ts';

export const stockChangedMessages = defineMessages({
  'stock-changed.bad-seconds': {
    'en-US': 'Changes are gathered for 0 to {most} seconds, not "{value}".',
    'zh-CN': '合并变化的时间应为 0 到 {most} 秒，而不是“{value}”。',
  },
  'stock-changed.bad-together': {
    'en-US': 'A message takes 1 to {most} listings, not "{value}".',
    'zh-CN': '每条消息的商品数应为 1 到 {most}，而不是“{value}”。',
  },
  'stock-changed.no-last': {
    'en-US': 'The last {units} units are for one shop only: choose which one in the table.',
    'zh-CN': '最后 {units} 件只在一个店铺展示：请在表格中选择该店铺。',
  },
});
