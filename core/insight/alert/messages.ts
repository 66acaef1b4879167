import { defineMessages } from '../../message.ts';

export const alertMessages = defineMessages({
  'alert.yes': { 'en-US': 'yes', 'zh-CN': '是' },
  'alert.no': { 'en-US': 'no', 'zh-CN': '否' },

  // Templates
  'alert.template-tag': {
    'en-US':
      'At character {position}, "{tag}" names no field. A field is a path such as {{order.channelOrderId}}, without spaces.',
    'zh-CN': '第 {position} 个字符处的“{tag}”不是字段。字段写法如 {{order.channelOrderId}}，中间不能有空格。',
  },
  'alert.template-braces': {
    'en-US':
      'At character {position} there are two braces without their counterpart. A field is written {{order.shop}}.',
    'zh-CN': '第 {position} 个字符处的双花括号没有成对。字段写法如 {{order.shop}}。',
  },
  'alert.template-open': {
    'en-US':
      'The section "{name}" that begins at character {position} never ends. Put its end, a tag with /{name}, after it.',
    'zh-CN': '从第 {position} 个字符开始的段落“{name}”没有结束。请在其后加上 /{name} 结束标记。',
  },
  'alert.template-close': {
    'en-US':
      'At character {position} a section "{name}" ends that never began. Remove it, or put a tag with #{name} before it.',
    'zh-CN': '第 {position} 个字符处结束了段落“{name}”，但前面没有开始标记。请删除它，或在前面加上 #{name}。',
  },
  'alert.template-unknown': {
    'en-US': 'At character {position}, no order has a field "{name}". Did you mean "{nearest}"?',
    'zh-CN': '第 {position} 个字符处的字段“{name}”不存在。是否想用“{nearest}”？',
  },
  'alert.template-group': {
    'en-US':
      'At character {position}, "{name}" is a group of fields and has no text of its own. Name one of them.',
    'zh-CN': '第 {position} 个字符处的“{name}”是一组字段，没有可显示的内容。请写出其中的某个字段。',
  },
  'alert.template-not-list': {
    'en-US':
      'At character {position}, "{name}" is a single value and cannot be a section. Sections are for lists, such as lines.',
    'zh-CN': '第 {position} 个字符处的“{name}”是单个值，不能作为段落。段落只用于列表，例如 lines。',
  },

  // Settings of a target
  'alert.url-missing': {
    'en-US': 'Enter the address that alerts are posted to.',
    'zh-CN': '请填写接收提醒的地址。',
  },
  'alert.url-invalid': {
    'en-US': 'This is not an address. It has to begin with https:// (or http:// for a machine of your own).',
    'zh-CN': '地址无效。应以 https:// 开头（自己的内网机器可用 http://）。',
  },
  'alert.url-credentials': {
    'en-US': 'The address has a user name or password in it, which would be stored in the open. Remove it.',
    'zh-CN': '地址中含有用户名或密码，会以明文保存，请删除。',
  },
  'alert.url-plain': {
    'en-US':
      'Alerts to {host} go over http unencrypted; everybody on the way can read them. Use https if it has it.',
    'zh-CN': '发往 {host} 的提醒使用未加密的 http，途中可被他人看到。如对方支持，请改用 https。',
  },
  'alert.robot-address-missing': {
    'en-US': 'Paste the address that the group shows for its robot.',
    'zh-CN': '请粘贴群机器人的 Webhook 地址。',
  },
  'alert.robot-address-invalid': {
    'en-US':
      'This is not the address of such a robot: there is no token in it. Copy it again, whole, from the robot’s settings.',
    'zh-CN': '这不是该类机器人的 Webhook 地址（其中没有令牌）。请在机器人设置中重新完整复制。',
  },
  'alert.mention-invalid': {
    'en-US': '"{found}" is not a phone number, and members are mentioned by theirs.',
    'zh-CN': '“{found}”不是手机号。@ 成员需填写其手机号。',
  },
  'alert.format-unknown': {
    'en-US': '"{format}" is not one of {known}.',
    'zh-CN': '“{format}”不在可选范围内：{known}。',
  },
  'alert.secret-missing': {
    'en-US': 'Enter the secret that the receiver checks signatures with (whsec_…).',
    'zh-CN': '请填写接收方用于验证签名的密钥（whsec_…）。',
  },
  'alert.recipients-missing': {
    'en-US': 'Enter at least one recipient.',
    'zh-CN': '请至少填写一个接收人。',
  },
  'alert.recipients-many': {
    'en-US': 'There are {found} recipients; {most} at most are allowed. Divide them among several targets.',
    'zh-CN': '共有 {found} 个接收人，最多 {most} 个。请分成多个提醒目标。',
  },
  'alert.phone-invalid': {
    'en-US':
      '"{found}" is not a phone number. Write 11 digits for mainland China, else + and the country code.',
    'zh-CN': '“{found}”不是手机号。大陆号码填 11 位数字，其他地区以 + 和国家码开头。',
  },
  'alert.sign-name-missing': {
    'en-US': 'Enter the SMS signature that the provider approved for you.',
    'zh-CN': '请填写已审核通过的短信签名。',
  },
  'alert.template-missing': {
    'en-US': 'Enter the number of the SMS template that the provider approved for you.',
    'zh-CN': '请填写已审核通过的短信模板编号。',
  },
  'alert.app-id-missing': {
    'en-US': 'Enter the SdkAppId of your SMS application (1400…).',
    'zh-CN': '请填写短信应用的 SdkAppId（1400 开头）。',
  },
  'alert.access-key-missing': {
    'en-US': 'Enter both the id and the secret of the access key.',
    'zh-CN': '请完整填写访问密钥的 ID 和密钥。',
  },
  'alert.mail-host-missing': {
    'en-US': 'Enter the mail server that sends for you, such as smtp.example.com.',
    'zh-CN': '请填写发信服务器，例如 smtp.example.com。',
  },
  'alert.port-invalid': {
    'en-US': '"{found}" is not a port. Mail servers use 465 (TLS) or 587 (STARTTLS).',
    'zh-CN': '“{found}”不是有效端口。邮件服务器通常使用 465（TLS）或 587（STARTTLS）。',
  },
  'alert.sender-invalid': {
    'en-US':
      '"{found}" is not a sender. Write an address, or a name and an address: Shop <shop@example.com>.',
    'zh-CN': '发件人“{found}”无效。请填写邮箱，或“店铺名 <shop@example.com>”。',
  },
  'alert.mail-address-invalid': {
    'en-US': '"{found}" is not one mail address. Give each recipient an entry of its own.',
    'zh-CN': '“{found}”不是有效的单个邮箱。每个收件人请单独一项。',
  },
  'alert.password-missing': {
    'en-US':
      'Enter the password for the user; many providers want an app password or authorization code instead of the usual one.',
    'zh-CN': '请填写密码；许多邮箱需使用客户端授权码，而不是登录密码。',
  },
  'alert.password-plain': {
    'en-US':
      'Without encryption the password goes to {host} readable for everybody on the way. Choose TLS or STARTTLS.',
    'zh-CN': '未加密时，密码会以明文发送到 {host}。请选择 TLS 或 STARTTLS。',
  },

  // Sending
  'alert.timeout': {
    'en-US': '{host} did not answer within {seconds} s. The alert is sent again later.',
    'zh-CN': '{host} 在 {seconds} 秒内没有应答，稍后将重新发送。',
  },
  'alert.connect-timeout': {
    'en-US':
      'No connection to {host} came about in time. The alert is sent again later; check the address and the firewall.',
    'zh-CN': '未能及时连接到 {host}，稍后将重新发送。请检查地址和防火墙。',
  },
  'alert.unreachable': {
    'en-US':
      '{host} cannot be reached ({reason}). The alert is sent again later; check the address and the network.',
    'zh-CN': '无法连接 {host}（{reason}），稍后将重新发送。请检查地址和网络。',
  },
  'alert.certificate': {
    'en-US':
      'The certificate of {host} is not to be trusted ({reason}). Its owner has to renew it, or the address is wrong.',
    'zh-CN': '{host} 的证书不可信（{reason}）。需由对方更新证书，或检查地址是否有误。',
  },
  'alert.stopped': {
    'en-US': 'Sending to {host} was broken off because the hub is stopping. The alert is sent again later.',
    'zh-CN': '系统正在停止，已中断向 {host} 的发送，稍后将重新发送。',
  },
  'alert.server-error': {
    'en-US': '{host} has trouble of its own (HTTP {status}). The alert is sent again later.',
    'zh-CN': '{host} 出现故障（HTTP {status}），稍后将重新发送。',
  },
  'alert.throttled': {
    'en-US':
      '{host} wants fewer messages. The alert is sent again in {seconds} s; lower the rate of this target.',
    'zh-CN': '{host} 提示发送过于频繁，将在 {seconds} 秒后重新发送。请调低该目标的发送频率。',
  },
  'alert.refused': {
    'en-US': '{host} refused the alert (HTTP {status}: {reason}). Check the address and the credentials.',
    'zh-CN': '{host} 拒绝了提醒（HTTP {status}：{reason}）。请检查地址和凭据。',
  },
  'alert.redirected': {
    'en-US':
      '{host} sent the alert elsewhere (HTTP {status}), which is not followed. Enter the final address.',
    'zh-CN': '{host} 要求转到其他地址（HTTP {status}），系统不会跟随。请直接填写最终地址。',
  },
  'alert.answer-unreadable': {
    'en-US':
      '{host} answered something that is not its usual answer (HTTP {status}: {start}). A proxy may be in between; the alert is sent again later.',
    'zh-CN': '{host} 的应答无法识别（HTTP {status}：{start}），可能被代理拦截，稍后将重新发送。',
  },
  'alert.webhook-gone': {
    'en-US': '{host} asks not to be called any more (HTTP 410). Remove the target or enter its new address.',
    'zh-CN': '{host} 表示不再接收（HTTP 410）。请删除该目标或填写新地址。',
  },
  'alert.robot-sign': {
    'en-US':
      'The robot at {host} does not accept the signature ({code}: {reason}). Copy its signing secret again, and check that the clock of this machine is right.',
    'zh-CN':
      '{host} 的机器人未通过签名校验（{code}：{reason}）。请重新复制加签密钥，并检查本机时间是否准确。',
  },
  'alert.robot-keyword': {
    'en-US':
      'The robot at {host} takes only messages with one of its keywords ({code}: {reason}). Enter the keyword in the target, or put it into the template.',
    'zh-CN': '{host} 的机器人只接收含有关键词的消息（{code}：{reason}）。请在目标中填写关键词，或写进模板。',
  },
  'alert.robot-ip': {
    'en-US':
      'The robot at {host} does not take messages from this machine’s address ({code}: {reason}). Add the address to the robot’s list.',
    'zh-CN':
      '{host} 的机器人不接收来自本机 IP 的消息（{code}：{reason}）。请将本机公网 IP 加入机器人的白名单。',
  },
  'alert.robot-token': {
    'en-US':
      'There is no such robot at {host} ({code}: {reason}). It was removed from its group, or its address is incomplete: copy it again.',
    'zh-CN': '{host} 上不存在该机器人（{code}：{reason}）。可能已被移出群，或地址不完整，请重新复制。',
  },
  'alert.robot-other': {
    'en-US': 'The robot at {host} refused the message ({code}: {reason}).',
    'zh-CN': '{host} 的机器人拒绝了消息（{code}：{reason}）。',
  },
  'alert.robot-busy': {
    'en-US': '{host} is busy (code {code}). The alert is sent again later.',
    'zh-CN': '{host} 系统繁忙（代码 {code}），稍后将重新发送。',
  },
  'alert.sms-unknown-outcome': {
    'en-US':
      'It is not known whether {host} sent the SMS ({reason}). It is not sent again by itself, so that nobody gets it twice: look at the provider’s list, then retry by hand.',
    'zh-CN':
      '无法确定 {host} 是否已发出短信（{reason}）。为避免重复，系统不会自动重发：请先到服务商控制台查询，再手动重试。',
  },
  'alert.sms-refused': {
    'en-US': '{host} did not send the SMS ({code}: {reason}).',
    'zh-CN': '{host} 未发送短信（{code}：{reason}）。',
  },
  'alert.sms-limited': {
    'en-US':
      '{host} allows only so many SMS to one number; none was sent. It is tried again in {minutes} min.',
    'zh-CN': '{host} 限制了同一号码的短信数量，本次未发送，将在 {minutes} 分钟后重试。',
  },
  'alert.sms-credentials': {
    'en-US':
      '{host} does not accept the access key ({code}: {reason}). Check id and secret, and that the key may send SMS.',
    'zh-CN': '{host} 不接受该访问密钥（{code}：{reason}）。请检查 ID 和密钥，并确认已授予短信权限。',
  },
  'alert.sms-clock': {
    'en-US': '{host} finds the request’s time too far off ({code}: {reason}). Set the clock of this machine.',
    'zh-CN': '{host} 认为请求时间偏差过大（{code}：{reason}）。请校准本机时间。',
  },
  'alert.mailer-missing': {
    'en-US':
      'The package nodemailer, which sends mail, could not be loaded ({reason}). Run "npm install nodemailer" in the Node-RED user directory and start Node-RED again.',
    'zh-CN':
      '无法加载发信组件 nodemailer（{reason}）。请在 Node-RED 用户目录运行“npm install nodemailer”，然后重启 Node-RED。',
  },
  'alert.mail-auth': {
    'en-US':
      '{host} does not accept user and password ({reason}). Many providers want an app password or authorization code instead of the usual password.',
    'zh-CN': '{host} 不接受该用户名和密码（{reason}）。许多邮箱需使用客户端授权码，而不是登录密码。',
  },
  'alert.mail-tls': {
    'en-US':
      'No encrypted connection to {host} came about ({reason}). Port 465 goes with TLS, 587 with STARTTLS; check which the server offers.',
    'zh-CN':
      '无法与 {host} 建立加密连接（{reason}）。465 端口配 TLS，587 端口配 STARTTLS，请确认服务器支持哪种方式。',
  },
  'alert.mail-later': {
    'en-US': '{host} does not take the mail now (SMTP {status}: {reason}). It is sent again later.',
    'zh-CN': '{host} 暂时不接收邮件（SMTP {status}：{reason}），稍后将重新发送。',
  },
  'alert.mail-refused': {
    'en-US': '{host} refused the mail (SMTP {status}: {reason}). Check sender and recipients.',
    'zh-CN': '{host} 拒绝了邮件（SMTP {status}：{reason}）。请检查发件人和收件人。',
  },
  'alert.message-invalid': {
    'en-US': 'The alert has no title or no text. Put them back into the message, then retry.',
    'zh-CN': '提醒缺少标题或正文。请补全消息后重试。',
  },
});
