import { defineMessages } from '../../../core/message.ts';

export const flowTrackingMessages = defineMessages({
  'delivery.interrupted': {
    'en-US': 'A deploy stopped the flow while it worked on this message (at {node}). It is tried again.',
    'zh-CN': '处理此消息时流程因部署而中断（节点：{node}），稍后会重新处理。',
  },
  'delivery.tracking-fault': {
    'en-US':
      'Watching when a flow is over failed: {reason}. Messages go on, but some may be tried again that need not be. Please report this.',
    'zh-CN':
      '判断流程是否处理完毕时出错：{reason}。消息照常处理，但个别消息可能会被多处理一次。请向开发者反馈此问题。',
  },
});
