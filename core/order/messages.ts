import { defineMessages } from '../message.ts';

export const orderMessages = defineMessages({
  // The shape of an order, one sentence a keyword of its schema.
  'order.required': {
    'en-US':
      '"{path}" is missing, and an order cannot do without it. Fill it from the record, or give it a default.',
    'zh-CN': '缺少“{path}”，订单必须有这一项。请从原始记录中取值，或设置默认值。',
  },
  'order.unknown-field': {
    'en-US': '"{path}" is not a field of an order. Put what your business adds under "extra".',
    'zh-CN': '“{path}”不是订单的字段。自定义内容请放到“extra”里。',
  },
  'order.type-string': {
    'en-US': '"{path}" must be text, but is {value}.',
    'zh-CN': '“{path}”应为文本，实际为 {value}。',
  },
  'order.type-integer': {
    'en-US': '"{path}" must be a whole number, but is {value}.',
    'zh-CN': '“{path}”应为整数，实际为 {value}。',
  },
  'order.type-object': {
    'en-US': '"{path}" must be a group of fields, but is {value}.',
    'zh-CN': '“{path}”应为一组字段，实际为 {value}。',
  },
  'order.type-array': {
    'en-US': '"{path}" must be a list, but is {value}.',
    'zh-CN': '“{path}”应为列表，实际为 {value}。',
  },
  'order.enum': {
    'en-US': '"{path}" is "{value}", which the hub does not know. It may be: {allowed}.',
    'zh-CN': '“{path}”的值“{value}”无法识别，可用的值有：{allowed}。',
  },
  'order.slug': {
    'en-US': '"{path}" is "{value}"; use small letters, digits and single hyphens only, such as "live-sale".',
    'zh-CN': '“{path}”的值为“{value}”，只能使用小写字母、数字和单个连字符，例如“live-sale”。',
  },
  'order.empty': {
    'en-US': '"{path}" is empty, and an order cannot do without it.',
    'zh-CN': '“{path}”是空的，订单必须有这一项。',
  },
  'order.too-long': {
    'en-US': '"{path}" has {length} characters; at most {limit} are kept.',
    'zh-CN': '“{path}”有 {length} 个字符，最多允许 {limit} 个。',
  },
  'order.minimum': {
    'en-US': '"{path}" is {value}, less than the least it may be, {limit}.',
    'zh-CN': '“{path}”为 {value}，不能小于 {limit}。',
  },
  'order.maximum': {
    'en-US': '"{path}" is {value}, more than the most it may be, {limit}.',
    'zh-CN': '“{path}”为 {value}，不能大于 {limit}。',
  },
  'order.no-lines': {
    'en-US': 'The order has no lines, so there is nothing to pick or ship.',
    'zh-CN': '订单没有商品行，没有可拣货或发货的内容。',
  },
  'order.line-repeated': {
    'en-US': 'Lines {first} and {line} have the same line id "{value}"; each line needs one of its own.',
    'zh-CN': '第 {first} 行和第 {line} 行的行号相同（“{value}”），每行都要有自己的行号。',
  },
  'order.currency': {
    'en-US': '"{path}" is "{value}", which is no ISO 4217 currency code such as CNY, USD or EUR.',
    'zh-CN': '“{path}”的值“{value}”不是 ISO 4217 币种代码（例如人民币是 CNY，不是 RMB）。',
  },
  'order.instant': {
    'en-US': '"{path}" is "{value}", not an instant in UTC such as 2026-09-01T01:00:00.000Z.',
    'zh-CN': '“{path}”的值“{value}”不是 UTC 时间，正确写法例如 2026-09-01T01:00:00.000Z。',
  },
  'order.invalid': {
    'en-US': '"{path}" cannot be used as it is ({value}): {reason}.',
    'zh-CN': '“{path}”的值（{value}）不可用：{reason}。',
  },

  // Text.
  'order.text-nul': {
    'en-US': '"{path}" holds a NUL character (character {position}), which no printer or system can show.',
    'zh-CN': '“{path}”的第 {position} 个字符是空字符（NUL），无法显示和打印。',
  },
  'order.text-half-character': {
    'en-US':
      'Character {position} of "{path}" is only half of one ({unit}): the text was cut in the middle of an emoji or a rare character.',
    'zh-CN': '“{path}”的第 {position} 个字符只有一半（{unit}）：文本在表情或生僻字中间被截断了。',
  },
  'order.text-not-composed': {
    'en-US': '"{path}" is not in composed Unicode form (NFC), so equal texts would not compare as equal.',
    'zh-CN': '“{path}”不是 Unicode 标准合成形式（NFC），相同的文字会被当成不同。',
  },

  // Money.
  'order.money-currency': {
    'en-US': 'The amount cannot be read, because "{currency}" is no currency the hub knows.',
    'zh-CN': '无法读取金额：不认识币种“{currency}”。',
  },
  'order.money-not-decimal': {
    'en-US': '"{text}" is not an amount. Write digits with a point before the decimals, such as 1234.50.',
    'zh-CN': '“{text}”不是金额。请只写数字和小数点，例如 1234.50。',
  },
  'order.money-separator': {
    'en-US':
      '"{text}" has separators that mean different amounts in different countries. Write 1234.50, without commas or spaces.',
    'zh-CN': '“{text}”带有千位分隔符等符号，在不同国家含义不同。请写成 1234.50，不要带逗号或空格。',
  },
  'order.money-decimals': {
    'en-US': '"{text}" has more decimals than {currency} has ({decimals}); the hub does not round money.',
    'zh-CN': '“{text}”的小数位数超过 {currency} 的 {decimals} 位，系统不会对金额四舍五入。',
  },
  'order.money-not-whole': {
    'en-US':
      '"{text}" should be in minor units (such as cents) and is not a whole number. Is it in major units?',
    'zh-CN': '“{text}”应以最小单位（如分）计，但不是整数。它是不是以元为单位？',
  },
  'order.money-too-large': {
    'en-US': '"{text}" is too large an amount to be kept exactly.',
    'zh-CN': '“{text}”金额过大，无法精确保存。',
  },

  // Time.
  'order.time-format': {
    'en-US': '"{text}" is not a time of the form {format}.',
    'zh-CN': '“{text}”不符合时间格式 {format}。',
  },
  'order.time-no-such-date': {
    'en-US': '"{text}" is a date or time that does not exist.',
    'zh-CN': '“{text}”是不存在的日期或时间。',
  },
  'order.time-no-zone': {
    'en-US': '"{text}" says no time zone. Set the zone of this time, or of the channel account.',
    'zh-CN': '“{text}”没有注明时区。请为该时间或渠道账号设置时区。',
  },
  'order.time-zone-unknown': {
    'en-US': '"{zone}" is no time zone; use a name such as Asia/Shanghai or UTC.',
    'zh-CN': '“{zone}”不是有效的时区，请使用 Asia/Shanghai 或 UTC 这样的名称。',
  },
  'order.time-skipped': {
    'en-US': '"{text}" never was in {zone}: clocks were put forward over it. The zone may be the wrong one.',
    'zh-CN': '{zone} 不存在“{text}”这一时刻：夏令时开始时钟表跳过了它。可能选错了时区。',
  },
  'order.time-twice': {
    'en-US': '"{text}" happened twice in {zone}, when clocks went back; the first time, {at}, was taken.',
    'zh-CN': '{zone} 的“{text}”因夏令时结束出现了两次，已按第一次（{at}）处理。',
  },
  'order.time-not-unix': {
    'en-US': '"{text}" is not a Unix time: a whole number is expected.',
    'zh-CN': '“{text}”不是 Unix 时间戳，应为整数。',
  },
  'order.time-is-seconds': {
    'en-US': '"{text}" looks like Unix seconds, but milliseconds were asked for.',
    'zh-CN': '“{text}”看起来是以秒为单位的时间戳，而设置的是毫秒。',
  },
  'order.time-is-ms': {
    'en-US': '"{text}" looks like Unix milliseconds, but seconds were asked for.',
    'zh-CN': '“{text}”看起来是以毫秒为单位的时间戳，而设置的是秒。',
  },

  // Keys.
  'order.key-part': {
    'en-US': 'The order has no usable {part}, so it cannot be told from others.',
    'zh-CN': '订单缺少可用的 {part}，无法与其他订单区分。',
  },
  'order.key-malformed': {
    'en-US': '"{key}" is no order key; one reads channel/shop/id.',
    'zh-CN': '“{key}”不是订单键，正确形式为 渠道/店铺/订单号。',
  },

  // Saving.
  'order.stale': {
    'en-US':
      'This version of order {key} ({status}, modified {modified}) is older than the one kept ({keptStatus}, modified {keptModified}); it was filed and not applied.',
    'zh-CN':
      '订单 {key} 的这个版本（{status}，修改于 {modified}）比已保存的版本（{keptStatus}，修改于 {keptModified}）旧，仅存档，不生效。',
  },
  'order.illegal-transition': {
    'en-US':
      'Order {key} is {from} and cannot become {to}. Kept: modified {keptModified}; refused: modified {modified}. From {from} it can go to: {allowed}. Check the order on the channel.',
    'zh-CN':
      '订单 {key} 的状态为 {from}，不能变为 {to}。已保存版本修改于 {keptModified}，被拒版本修改于 {modified}。{from} 之后可以是：{allowed}。请到渠道后台核对该订单。',
  },
  'order.illegal-refund': {
    'en-US':
      'The refund of order {key} is {from} and cannot become {to}: money that went back does not return by itself. Kept: modified {keptModified}; refused: modified {modified}. Check the refund on the channel.',
    'zh-CN':
      '订单 {key} 的退款状态为 {from}，不能变为 {to}：已退的款不会自动收回。已保存版本修改于 {keptModified}，被拒版本修改于 {modified}。请到渠道后台核对退款。',
  },
  'order.other-order': {
    'en-US': 'The stored order is {stored}, the one to save is {key}; they are not the same order.',
    'zh-CN': '已保存的订单是 {stored}，要保存的是 {key}，不是同一张订单。',
  },
});
