import { defineMessages } from '../../message.ts';

export const shopifyMessages = defineMessages({
  'shopify.secret-is-token': {
    'en-US':
      'This is an access token ({prefix}…), with which the hub calls Shopify. Webhooks are signed with the client secret of the app, or with the secret shown under Settings > Notifications > Webhooks.',
    'zh-CN':
      '这是访问令牌（{prefix}…），用于调用 Shopify 接口。推送的签名使用应用的客户端密钥（client secret），或“设置 > 通知 > Webhooks”中显示的密钥。',
  },
});
