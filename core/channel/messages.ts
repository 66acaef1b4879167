import { defineMessages } from '../message.ts';

/** What is said of webhooks whatever the platform; each platform's folder has its own besides. */
export const channelMessages = defineMessages({
  'channel.accepted': {
    'en-US': 'A webhook was received and its signature is right: {topic}.',
    'zh-CN': '已收到推送，签名验证通过：{topic}。',
  },
  'channel.ping': {
    'en-US': 'The shop asked whether this address exists, and was told that it does.',
    'zh-CN': '店铺发来了连通测试，已正常应答。',
  },
  'channel.body-empty': {
    'en-US': 'A signed webhook ({topic}) had nothing in it. It was counted and not stored.',
    'zh-CN': '收到一条签名正确但内容为空的推送（{topic}），已计数，未保存。',
  },
  'channel.signature-missing': {
    'en-US':
      'A request came without the header {header}, in which {platform} signs. It is not from {platform}, or a proxy on the way removes headers.',
    'zh-CN':
      '请求缺少签名头 {header}（{platform} 用它签名）。请求可能并非来自 {platform}，也可能是中间的代理去掉了请求头。',
  },
  'channel.signature-malformed': {
    'en-US':
      'The header {header} is not a signature as {platform} writes it. The request is not from {platform}, or something on the way changed the header.',
    'zh-CN':
      '请求头 {header} 不符合 {platform} 的签名格式。请求可能并非来自 {platform}，也可能在途中被改动过。',
  },
  'channel.signature-wrong': {
    'en-US':
      'The signature was made with none of the {secrets} secrets of this account. Compare the secret in {platform} with the one here; a proxy that changes the body has the same effect.',
    'zh-CN':
      '签名与此账号的 {secrets} 个密钥都对不上。请核对 {platform} 中的密钥与这里填写的是否一致；如果中间的代理改动了内容，也会这样。',
  },
  'channel.secret-none': {
    'en-US':
      'This account has no usable secret, so no webhook of {platform} can be trusted. Enter the secret in the account.',
    'zh-CN': '此账号没有可用的密钥，无法验证来自 {platform} 的推送。请在账号中填写密钥。',
  },
  'channel.secret-empty': {
    'en-US': 'The secret is empty. Anybody could sign with it; enter the one the shop signs with.',
    'zh-CN': '密钥为空，任何人都能伪造签名。请填写店铺用于签名的密钥。',
  },
  'channel.secret-spaces': {
    'en-US':
      'The secret begins or ends with a space or a line break, probably copied along with it. Remove it.',
    'zh-CN': '密钥的开头或结尾有空格或换行，可能是复制时带上的，请删除。',
  },
  'channel.encoding-unsupported': {
    'en-US': 'The body is sent in the encoding "{found}"; webhooks are accepted uncompressed only.',
    'zh-CN': '推送内容使用了“{found}”编码；只接受未压缩的推送。',
  },
  'channel.type-unsupported': {
    'en-US':
      'The content type is "{found}"; webhooks are accepted as JSON (application/json) only. Choose JSON in the sender.',
    'zh-CN': '推送的内容类型是“{found}”；只接受 JSON（application/json）。请在发送方选择 JSON 格式。',
  },
  'channel.account-unknown': {
    'en-US': 'No account has this address. Copy the address from the account again.',
    'zh-CN': '没有账号使用这个推送地址。请从账号配置中重新复制地址。',
  },
  'channel.method-wrong': {
    'en-US': 'The request was a {method}; webhooks are sent with POST.',
    'zh-CN': '请求方法是 {method}；推送必须使用 POST。',
  },
  'channel.body-consumed': {
    'en-US':
      'Something else in this Node-RED has already read the body, so the signature cannot be checked over the bytes that were sent. Remove the body parser (in settings.js, another node pack or the embedding app) from this path.',
    'zh-CN':
      '请求内容已被本机 Node-RED 中的其他程序读取，无法按原始内容验证签名。请在 settings.js、其他节点包或嵌入的应用中，去掉此路径上的内容解析器（body parser）。',
  },
  'channel.body-too-large': {
    'en-US':
      'The body is larger than the {limit} bytes this account accepts. Raise the limit in the account, or have less sent.',
    'zh-CN': '推送内容超过此账号允许的 {limit} 字节。请在账号中调大上限，或让发送方减少内容。',
  },
  'channel.disabled': {
    'en-US':
      'Nothing receives for this account: its channel-webhook node is missing, disabled or set wrongly. The sender was asked to try again in {seconds} s.',
    'zh-CN':
      '目前没有节点接收此账号的推送：channel-webhook 节点缺失、已停用或设置有误。已请发送方 {seconds} 秒后重试。',
  },
  'channel.not-ready': {
    'en-US':
      'The hub is starting, or its store does not answer. Nothing was accepted; the sender was asked to try again in {seconds} s.',
    'zh-CN': '系统正在启动，或数据库暂时没有响应。本次推送未接收，已请发送方 {seconds} 秒后重试。',
  },
  'channel.no-webhooks': {
    'en-US':
      '{platform} sends nothing to this address: the hub asks it for orders and messages itself. Whoever sent this was not {platform}.',
    'zh-CN': '{platform} 不会向此地址推送：订单和消息由系统主动获取。此请求并非来自 {platform}。',
  },
  'channel.platform-unknown': {
    'en-US': 'There is no platform "{name}". Known are: {known}.',
    'zh-CN': '没有名为“{name}”的平台。可用的平台：{known}。',
  },
});
