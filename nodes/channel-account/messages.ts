import { defineMessages } from '../../core/message.ts';

export const accountMessages = defineMessages({
  'account.bad-path': {
    'en-US':
      'The address "{path}" of the account is not usable. Enter lower-case letters, digits and dashes, such as "shopify-main".',
    'zh-CN': '账号地址“{path}”不可用。请填写小写字母、数字和短横线，例如“shopify-main”。',
  },
  'account.no-shop': {
    'en-US': 'The account has no shop. Enter a short name for the shop; it becomes part of every order key.',
    'zh-CN': '账号没有填写店铺。请填写一个简短的店铺名，系统内部的订单编号（渠道/店铺/订单号）会用到它。',
  },
  'account.bad-currency': {
    'en-US': '"{currency}" is no currency. Enter the three letters, such as CNY or USD.',
    'zh-CN': '“{currency}”不是货币代码。请填写三个大写字母，例如 CNY 或 USD。',
  },
  'account.bad-zone': {
    'en-US': '"{zone}" is no time zone. Enter a name such as Asia/Shanghai.',
    'zh-CN': '“{zone}”不是时区。请填写例如 Asia/Shanghai 的时区名。',
  },
  'account.bad-name': {
    'en-US':
      'The name of the channel or shop is longer than {most} characters, or contains control characters. Enter a short one.',
    'zh-CN': '渠道名或店铺名超过 {most} 个字，或含有控制字符。请填写简短的名称。',
  },
  'account.bad-number': {
    'en-US':
      '"{value}" is not a number from {least} to {most}. Enter one, or leave the field empty for the usual value.',
    'zh-CN': '“{value}”不是 {least} 到 {most} 之间的数字。请填写数字，或留空使用默认值。',
  },
  'account.no-secret': {
    'en-US':
      'The account has neither keys nor a secret: until they are entered the platform cannot be called, and every webhook is answered 401.',
    'zh-CN': '账号没有填写凭据，也没有推送密钥：填写之前无法访问平台，收到的推送都会被拒绝（401）。',
  },
  'account.bad-address': {
    'en-US':
      '"{address}" is not the address of an interface. Enter one such as https://shop.example.com, without user name and question mark.',
    'zh-CN': '“{address}”不是接口地址。请填写例如 https://shop.example.com 的网址，不要带用户名和问号。',
  },
  'account.plain-http': {
    'en-US': 'The account calls {host} without encryption (http): keys and orders can be read on the way.',
    'zh-CN': '账号以未加密的方式（http）访问 {host}：密钥和订单在传输途中可能被窃取。',
  },
  'account.tried-request': {
    'en-US': 'Asked: {request}',
    'zh-CN': '已请求：{request}',
  },
  'account.tried-first': {
    'en-US': 'Orders on the page: {count}. The first: {order}, changed at {at}. It has: {fields}.',
    'zh-CN': '本页有 {count} 个订单。第一个：{order}，修改时间 {at}。包含字段：{fields}。',
  },
  'account.tried-timeless': {
    'en-US':
      'Orders on the page: {count}. The first: {order}, without a time of its last change: check "modified" and "timeFormat". It has: {fields}.',
    'zh-CN':
      '本页有 {count} 个订单。第一个：{order}，没有读到修改时间，请检查“modified”和“timeFormat”。包含字段：{fields}。',
  },
  'account.tried-bad': {
    'en-US': '{count} records of the page have no id: check "id".',
    'zh-CN': '本页有 {count} 条记录没有订单号，请检查“id”。',
  },
  'account.tried-none': {
    'en-US': 'The channel answered, and had no order of that time. Change one there and test again.',
    'zh-CN': '渠道已应答，但该时间段内没有订单。请在渠道中修改一个订单后再测试。',
  },
  'account.nothing-to-test': {
    'en-US': 'The request brings no settings to test.',
    'zh-CN': '请求中没有可测试的设置。',
  },
});
