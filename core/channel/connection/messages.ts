import { defineMessages } from '../../message.ts';

/** What is said of requests to a channel, whatever the platform. */
export const connectionMessages = defineMessages({
  'channel.credentials-refused': {
    'en-US':
      '{platform} does not accept the credentials ({call}, {code}: {said}). Check key, secret and token in the account; a token may have expired or been withdrawn.',
    'zh-CN':
      '{platform} 不接受该账号的凭证（{call}，{code}：{said}）。请检查账号中的应用标识、密钥和令牌；令牌可能已过期或被取消授权。',
  },
  'channel.permission-missing': {
    'en-US':
      '{platform} knows the account, but does not let it do this ({call}, {code}: {said}). Ask for the permission on the platform, or have the address of this server allowed.',
    'zh-CN':
      '{platform} 认得该账号，但不允许此操作（{call}，{code}：{said}）。请在开放平台申请权限，或把本服务器的 IP 加入白名单。',
  },
  'channel.clock-off': {
    'en-US':
      '{platform} refuses the time of the request ({call}, {code}: {said}). The clock of this server is wrong: set it by a time server.',
    'zh-CN': '{platform} 拒绝了请求的时间（{call}，{code}：{said}）。本服务器的时钟不准，请开启网络校时。',
  },
  'channel.throttled': {
    'en-US': '{platform} wants fewer requests ({call}, {code}: {said}). The hub waits and goes on by itself.',
    'zh-CN': '{platform} 要求降低请求频率（{call}，{code}：{said}）。系统会等待后自动继续。',
  },
  'channel.platform-trouble': {
    'en-US': '{platform} has trouble at the moment ({call}, {code}: {said}). The hub tries again by itself.',
    'zh-CN': '{platform} 暂时故障（{call}，{code}：{said}）。系统会自动重试。',
  },
  'channel.request-refused': {
    'en-US': '{platform} refused the request ({call}, {code}: {said}).',
    'zh-CN': '{platform} 拒绝了请求（{call}，{code}：{said}）。',
  },
  'channel.unreachable': {
    'en-US': '{host} cannot be reached: {reason}. The hub tries again by itself.',
    'zh-CN': '无法连接 {host}：{reason}。系统会自动重试。',
  },
  'channel.timeout': {
    'en-US': '{host} did not answer within {seconds} seconds ({call}). The hub tries again by itself.',
    'zh-CN': '{host} 在 {seconds} 秒内没有应答（{call}）。系统会自动重试。',
  },
  'channel.certificate': {
    'en-US': 'The certificate of {host} cannot be trusted: {reason}. Check the address of the account.',
    'zh-CN': '{host} 的证书不可信：{reason}。请检查账号的接口地址。',
  },
  'channel.redirected': {
    'en-US': '{host} sends requests elsewhere (HTTP {status}). Enter the final address in the account.',
    'zh-CN': '{host} 把请求转到了别处（HTTP {status}）。请在账号中填写最终的接口地址。',
  },
  'channel.answer-not-json': {
    'en-US':
      '{host} answered {call} with something that is not data (HTTP {status}): "{start}". It may be a login or maintenance page, or the wrong address.',
    'zh-CN':
      '{host} 对 {call} 的应答不是数据（HTTP {status}）：“{start}”。可能是登录页或维护页，也可能接口地址填错了。',
  },
  'channel.answer-truncated': {
    'en-US': 'The answer of {host} to {call} broke off after {bytes} bytes. The hub asks again by itself.',
    'zh-CN': '{host} 对 {call} 的应答在 {bytes} 字节处中断。系统会自动重新请求。',
  },
  'channel.answer-cut': {
    'en-US':
      'The connection to {host} was cut while its answer to {call} was on its way. The hub asks again by itself.',
    'zh-CN': '{host} 对 {call} 的应答在传输途中断开。系统会自动重新请求。',
  },
  'channel.answer-too-large': {
    'en-US': 'The answer of {host} to {call} is larger than {most} bytes. Ask for smaller pages.',
    'zh-CN': '{host} 对 {call} 的应答超过 {most} 字节。请减小每页条数。',
  },
  'channel.outcome-unknown': {
    'en-US':
      'The answer of {platform} to the parcel {tracking} of the order {order} was lost, and {platform} cannot be asked whether it has the parcel. Look in the shop: if it is not there, send the message again with payload.again set to true.',
    'zh-CN':
      '上传订单 {order} 的包裹 {tracking} 时，{platform} 的应答丢失，且无法向其查询该包裹。请在店铺后台查看：如果没有，请将消息的 payload.again 设为 true 后再次发送。',
  },
  'channel.answer-unexpected': {
    'en-US':
      '{platform} answered {call} without {field}, which the hub needs. The interface may have changed.',
    'zh-CN': '{platform} 对 {call} 的应答缺少 {field}。平台接口可能已变更。',
  },
  'channel.circuit-open': {
    'en-US':
      'After {count} failures in a row the hub leaves {platform} alone for {seconds} seconds, then tries again. The last one: {reason}',
    'zh-CN': '连续失败 {count} 次，系统暂停访问 {platform} {seconds} 秒后再试。最近一次原因：{reason}',
  },
  'channel.held': {
    'en-US':
      '{platform} wants no requests of this account until {until}, so none is made before. The hub goes on by itself then.',
    'zh-CN': '{platform} 要求该账号在 {until} 之前暂停请求，系统已暂停，届时自动继续。',
  },
  'channel.page-repeats': {
    'en-US': '{platform} gave page {page} of {call} again and again. The time span is read anew later.',
    'zh-CN': '{platform} 的 {call} 一直重复返回第 {page} 页，稍后将重新读取该时间段。',
  },
  'channel.not-ascending': {
    'en-US':
      '{platform} answered {call} with orders that are not sorted by their time of change (at order {order}). Going on would pass some over; the time span is read anew later.',
    'zh-CN':
      '{platform} {call} 返回的订单未按修改时间排序（订单 {order} 处）。继续读取会漏单，稍后将重新读取该时间段。',
  },
  'channel.cursor-back': {
    'en-US':
      '{platform} gave a cursor of {call} that was given before: the pages would never end. The time span is read anew later.',
    'zh-CN': '{platform} 的 {call} 返回了已用过的游标，翻页将无法结束，稍后会重新读取该时间段。',
  },
  'channel.stopped': {
    'en-US': 'The request was given up, since the node is closing.',
    'zh-CN': '节点正在关闭，请求已取消。',
  },
  'channel.credential-missing': {
    'en-US': 'The account of {platform} lacks {field}. Enter it in the account.',
    'zh-CN': '{platform} 账号缺少“{field}”，请在账号中填写。',
  },
  'channel.retries-missing': {
    'en-US':
      'The package cockatiel, with which the hub calls channels, could not be loaded ({reason}). Install it in the Node-RED user directory: npm install cockatiel',
    'zh-CN':
      '无法加载调用渠道接口所需的组件 cockatiel（{reason}）。请在 Node-RED 用户目录中执行：npm install cockatiel',
  },
  'channel.no-interface': {
    'en-US':
      '{platform} is known here by its webhooks only: orders cannot be fetched from it, and no stock sent to it.',
    'zh-CN': '{platform} 在本系统中只支持接收推送：不能主动拉取订单，也不能回传库存。',
  },
  'channel.connected': {
    'en-US': '{platform} accepts the account. Shop: {shop}.',
    'zh-CN': '{platform} 连接成功。店铺：{shop}。',
  },
  'channel.clock-differs': {
    'en-US':
      'The clock of this server differs from the platform by {seconds} seconds: set it by a time server.',
    'zh-CN': '本服务器时钟与平台相差 {seconds} 秒，请开启网络校时。',
  },
  'channel.token-expires': {
    'en-US': 'The token holds until {at}.',
    'zh-CN': '令牌有效期至 {at}。',
  },
  'channel.record-without-id': {
    'en-US': 'A record of the channel has no {field}, so nobody can say which order it is. It was put aside.',
    'zh-CN': '渠道返回的一条记录缺少 {field}，无法确定是哪个订单，已单独保存。',
  },
  'channel.order-unknown': {
    'en-US': '{platform} has no order {order}. Check the number and the account.',
    'zh-CN': '{platform} 没有订单 {order}。请检查订单号和账号。',
  },
});
