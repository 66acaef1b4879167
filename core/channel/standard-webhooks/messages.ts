import { defineMessages } from '../../message.ts';

export const standardWebhooksMessages = defineMessages({
  'standard-webhooks.id-missing': {
    'en-US': 'A request came without the header webhook-id, which is part of what is signed.',
    'zh-CN': '请求缺少 webhook-id 请求头，它是签名内容的一部分。',
  },
  'standard-webhooks.id-dotted': {
    'en-US':
      'The header webhook-id contains a dot. The signed text is joined with dots, so it could be read in two ways; the sender has to use ids without one.',
    'zh-CN':
      'webhook-id 请求头中含有英文句点。签名内容以句点分隔，会产生歧义；请让发送方使用不含句点的编号。',
  },
  'standard-webhooks.time-malformed': {
    'en-US': 'The header webhook-timestamp is missing or is not a time in whole Unix seconds.',
    'zh-CN': '请求头 webhook-timestamp 缺失，或不是以整秒表示的 Unix 时间。',
  },
  'standard-webhooks.too-old': {
    'en-US':
      'The request was signed {seconds} s ago, and {allowed} s are allowed. It was repeated by a stranger, or one of the two clocks is wrong: compare the clock here with the sender’s.',
    'zh-CN':
      '请求的签名时间在 {seconds} 秒之前，最多允许 {allowed} 秒。可能是他人重放，也可能是两边时钟不一致：请核对本机与发送方的时间。',
  },
  'standard-webhooks.too-new': {
    'en-US':
      'The request was signed {seconds} s in the future, and {allowed} s are allowed. One of the two clocks is wrong: compare the clock here with the sender’s.',
    'zh-CN':
      '请求的签名时间比本机时间晚 {seconds} 秒，最多允许 {allowed} 秒。两边时钟不一致：请核对本机与发送方的时间。',
  },
  'standard-webhooks.signatures-many': {
    'en-US': 'The header webhook-signature holds {found} signatures; at most {most} are looked at.',
    'zh-CN': '请求头 webhook-signature 中有 {found} 个签名，最多只验证 {most} 个。',
  },
  'standard-webhooks.scheme-differs': {
    'en-US':
      'The request is signed as {signed}, and the secrets of this account are for {configured}. v1 needs a secret that begins with whsec_, v1a a public key that begins with whpk_.',
    'zh-CN':
      '请求使用 {signed} 方式签名，而此账号的密钥用于 {configured}。v1 需要以 whsec_ 开头的密钥，v1a 需要以 whpk_ 开头的公钥。',
  },
  'standard-webhooks.secret-private': {
    'en-US':
      'This is the private key (whsk_…), which only the sender may have. Enter the public key, which begins with whpk_.',
    'zh-CN': '这是私钥（whsk_…），只应由发送方保管。请填写以 whpk_ 开头的公钥。',
  },
  'standard-webhooks.secret-public': {
    'en-US':
      'A public key (whpk_…) can check signatures and not make them. Sign with a secret (whsec_…) or a private key (whsk_…).',
    'zh-CN': '公钥（whpk_…）只能验证签名，不能用来签名。请使用密钥（whsec_…）或私钥（whsk_…）。',
  },
  'standard-webhooks.secret-not-base64': {
    'en-US': 'The secret is not base64 after its prefix. Copy it again, whole, with the = signs at its end.',
    'zh-CN': '密钥前缀之后的内容不是有效的 base64。请重新完整复制，包括末尾的等号。',
  },
  'standard-webhooks.secret-length': {
    'en-US':
      'The key has {bytes} bytes; the standard wants {wanted}. Copy it again, whole, or have a new one made.',
    'zh-CN': '密钥长度为 {bytes} 字节，标准要求 {wanted} 字节。请重新完整复制，或生成新的密钥。',
  },
});
