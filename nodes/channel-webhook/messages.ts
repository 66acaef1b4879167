import { defineMessages } from '../../core/message.ts';

export const webhookMessages = defineMessages({
  'webhook.account-taken': {
    'en-US': 'Another channel-webhook node already receives for the account "{path}". Keep one of the two.',
    'zh-CN': '另一个 channel-webhook 节点已在接收账号“{path}”的推送，请只保留一个。',
  },
  'webhook.not-running': {
    'en-US': 'This node does not run: deploy it first, and see that its tab is not disabled.',
    'zh-CN': '此节点没有在运行：请先部署，并确认所在的流程页没有停用。',
  },
  'webhook.not-stored': {
    'en-US':
      'A webhook was right, but could not be stored: {reason} The sender was asked to try again in {seconds} s.',
    'zh-CN': '推送验证通过，但没能存入：{reason} 已请发送方 {seconds} 秒后重试。',
  },
  'webhook.hint-as-it-is': {
    'en-US':
      'A webhook only names an order, and the hub cannot read that order: {reason} The message goes on as it came. Enter what the interface needs in the account, and the flow gets the whole order.',
    'zh-CN':
      '推送只含订单号，而系统无法读取该订单：{reason} 消息按原样交给了流程。请在账号中填写接口凭证，流程就能收到完整订单。',
  },
  'webhook.repeated': {
    'en-US': 'A webhook came again ({topic}); it was there already and was not taken a second time.',
    'zh-CN': '收到重复推送（{topic}），之前已接收过，未重复处理。',
  },
});
