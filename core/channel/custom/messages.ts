import { defineMessages } from '../../message.ts';

export const customMessages = defineMessages({
  'custom.not-json': {
    'en-US': 'The configuration of the custom channel is not JSON: {reason}.',
    'zh-CN': '自定义渠道的配置不是有效的 JSON：{reason}。',
  },
  'custom.nothing-to-do': {
    'en-US':
      'The configuration of the custom channel says nothing to do. Add orders, stock or shipments to it.',
    'zh-CN': '自定义渠道的配置中没有可执行的内容。请至少添加 orders、stock 或 shipments 之一。',
  },
  'custom.missing': {
    'en-US': 'The configuration of the custom channel lacks "{at}". Enter a value there.',
    'zh-CN': '自定义渠道的配置缺少“{at}”，请填写。',
  },
  'custom.unknown-field': {
    'en-US': 'The configuration of the custom channel has "{at}", which means nothing. Known there: {known}.',
    'zh-CN': '自定义渠道的配置中有无法识别的“{at}”。该处可用：{known}。',
  },
  'custom.not-text': {
    'en-US': '"{at}" of the custom channel should be a text, but is {value}.',
    'zh-CN': '自定义渠道的“{at}”应为文本，实际为 {value}。',
  },
  'custom.not-flag': {
    'en-US': '"{at}" of the custom channel should be true or false, but is {value}.',
    'zh-CN': '自定义渠道的“{at}”应为 true 或 false，实际为 {value}。',
  },
  'custom.not-number': {
    'en-US': '"{at}" of the custom channel should be a whole number from {least} to {most}, but is {value}.',
    'zh-CN': '自定义渠道的“{at}”应为 {least} 到 {most} 之间的整数，实际为 {value}。',
  },
  'custom.not-list': {
    'en-US': '"{at}" of the custom channel should be a list, but is {value}.',
    'zh-CN': '自定义渠道的“{at}”应为列表，实际为 {value}。',
  },
  'custom.not-group': {
    'en-US': '"{at}" of the custom channel should be a group of fields, but is {value}.',
    'zh-CN': '自定义渠道的“{at}”应为一组字段，实际为 {value}。',
  },
  'custom.choice': {
    'en-US': '"{at}" of the custom channel is {value}. Choose one of: {known}.',
    'zh-CN': '自定义渠道的“{at}”填写的是 {value}，只能是：{known}。',
  },
  'custom.path': {
    'en-US': '"{at}" of the custom channel: {reason}',
    'zh-CN': '自定义渠道的“{at}”：{reason}',
  },
  'custom.placeholder': {
    'en-US': '"{at}" of the custom channel names {name}, for which there is no value. There are: {known}.',
    'zh-CN': '自定义渠道的“{at}”用到了 {name}，但没有这个值。可用：{known}。',
  },
  'custom.placeholder-missing': {
    'en-US': '"{at}" of the custom channel has to name {name} somewhere, for this setting needs it.',
    'zh-CN': '自定义渠道的“{at}”中必须用到 {name}，否则当前设置无法工作。',
  },
  'custom.one-of': {
    'en-US': '"{at}" of the custom channel has both {first} and {second}. Keep one of them.',
    'zh-CN': '自定义渠道的“{at}”同时有 {first} 和 {second}，请只保留一个。',
  },
  'custom.request-path': {
    'en-US':
      '"{path}" in "{at}" of the custom channel is not a path below the address of the account. Enter one such as /orders, and put parameters under query.',
    'zh-CN':
      '自定义渠道“{at}”中的“{path}”不是接口地址下的路径。请填写例如 /orders 的路径，参数请写在 query 中。',
  },
  'custom.token-url': {
    'en-US':
      '"{url}" in "{at}" of the custom channel is not an address. Enter a path such as /oauth/token, or a whole one that begins with https://.',
    'zh-CN':
      '自定义渠道“{at}”中的“{url}”不是有效地址。请填写例如 /oauth/token 的路径，或以 https:// 开头的完整地址。',
  },
  'custom.time-format': {
    'en-US':
      '"{format}" in "{at}" of the custom channel is no form of a time. Enter iso, iso-seconds, unix-seconds, unix-ms, or a pattern such as yyyy-MM-dd HH:mm:ss.',
    'zh-CN':
      '自定义渠道“{at}”中的“{format}”不是时间格式。请填写 iso、iso-seconds、unix-seconds、unix-ms，或 yyyy-MM-dd HH:mm:ss 这样的格式。',
  },
  'custom.zone': {
    'en-US': '"{zone}" in "{at}" of the custom channel is no time zone. Enter a name such as Asia/Shanghai.',
    'zh-CN': '自定义渠道“{at}”中的“{zone}”不是时区。请填写例如 Asia/Shanghai 的时区名。',
  },
  'custom.sorted': {
    'en-US':
      '"{at}" of the custom channel says that orders come sorted by the time of their last change. For this it also needs "modified", and {from} in the request.',
    'zh-CN': '自定义渠道的“{at}”表示订单按最后修改时间排序，为此还需填写“modified”，并在请求中用到 {from}。',
  },
  'custom.page-short': {
    'en-US':
      '{platform} answered {call} with {rows} orders although {size} were asked for and there are {total}. Enter {rows} as page size.',
    'zh-CN':
      '{platform} 对 {call} 只返回了 {rows} 个订单（请求 {size} 个，共 {total} 个）。请把每页条数改为 {rows}。',
  },
  'custom.link-elsewhere': {
    'en-US':
      '{platform} names the next page of {call} at {host}, which is not the address of the account. The hub does not send its credentials there.',
    'zh-CN': '{platform} 的 {call} 把下一页指向 {host}，与账号的接口地址不同。系统不会把凭证发送到那里。',
  },
  'custom.no-detail': {
    'en-US':
      'The configuration of {platform} has no request for a single order. Add "order" to it, with the path at which one order is read.',
    'zh-CN': '{platform} 的配置没有读取单个订单的请求。请添加“order”，填写读取单个订单的路径。',
  },
  'custom.whole-orders-only': {
    'en-US':
      '{platform} takes whole orders only. If it takes parts, set "partial" of the shipments in its configuration.',
    'zh-CN': '{platform} 只支持整单发货。如果它支持部分发货，请在配置的 shipments 中设置“partial”。',
  },
  'custom.not-checked': {
    'en-US':
      'The configuration of {platform} has no list of orders, so there is no request that changes nothing and could be tried.',
    'zh-CN': '{platform} 的配置没有订单列表请求，没有可以试用而不改动数据的接口。',
  },
});
