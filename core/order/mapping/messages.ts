import { defineMessages } from '../../message.ts';

export const mappingMessages = defineMessages({
  // The record as it came in.
  'record.empty': {
    'en-US': 'The record is empty: nothing was sent.',
    'zh-CN': '记录是空的：对方没有发送任何内容。',
  },
  'record.not-utf8': {
    'en-US':
      'The record is not UTF-8 text: byte {position} ({byte}) cannot be read. It may be in another encoding, such as GBK.',
    'zh-CN': '记录不是 UTF-8 文本：第 {position} 个字节（{byte}）无法识别，可能是 GBK 等其他编码。',
  },
  'record.not-json': {
    'en-US': 'The record is not JSON: it cannot be read from line {line}, column {column} on, at {near}.',
    'zh-CN': '记录不是 JSON：从第 {line} 行第 {column} 列起无法读取，此处为 {near}。',
  },
  'record.not-an-object': {
    'en-US': 'The record should be one order (a JSON object), but is {value}.',
    'zh-CN': '记录应为一张订单（JSON 对象），实际为 {value}。',
  },
  'record.too-deep': {
    'en-US': 'The record is nested too deeply to be an order.',
    'zh-CN': '记录的嵌套层数过多，不像是订单。',
  },

  // A record that does not fit the mapping.
  'map.not-an-order': {
    'en-US': 'The record{id} is not an order: it has none of the fields every order of this channel has.',
    'zh-CN': '该记录{id} 不是订单：缺少此渠道每张订单都有的字段。',
  },
  'map.order-deleted': {
    'en-US':
      'The channel says that order{id} was deleted. It sends no more than that, so the order is left as it is.',
    'zh-CN': '渠道通知订单{id} 已被删除，除此之外没有其他内容，已保存的订单保持不变。',
  },
  'map.missing': {
    'en-US': '"{target}" needs a value, and the record has none at {source}.',
    'zh-CN': '“{target}”必须有值，但记录的 {source} 处没有内容。',
  },
  'map.lines-missing': {
    'en-US': 'The record has no list of lines at {source}.',
    'zh-CN': '记录的 {source} 处没有商品行列表。',
  },
  'map.lines-not-list': {
    'en-US': 'The lines should be a list, but {source} is {value}.',
    'zh-CN': '商品行应为列表，但 {source} 的内容是 {value}。',
  },
  'map.line-not-object': {
    'en-US': 'Line {line} should be a group of fields, but is {value}.',
    'zh-CN': '第 {line} 行应为一组字段，实际为 {value}。',
  },
  'map.not-a-value': {
    'en-US': 'One value is needed, but the record has a whole group there: {value}.',
    'zh-CN': '这里需要单个值，但记录中是一组内容：{value}。',
  },
  'map.several-values': {
    'en-US': 'One value is needed, but the record has {count} there: {value}.',
    'zh-CN': '这里需要单个值，但记录中有 {count} 个：{value}。',
  },
  'map.digits-lost': {
    'en-US':
      'The number {value} was rounded before it reached this node, so its last digits are lost. Give the node the raw text or bytes.',
    'zh-CN': '数字 {value} 在到达本节点之前已被四舍五入，末尾几位已丢失。请把原始文本或字节交给本节点。',
  },
  'map.not-whole': {
    'en-US': '"{value}" is not a whole number.',
    'zh-CN': '“{value}”不是整数。',
  },
  'map.not-a-weight': {
    'en-US': '"{value}" is not a weight in {unit}.',
    'zh-CN': '“{value}”不是以 {unit} 为单位的重量。',
  },
  'map.not-in-table': {
    'en-US': '"{value}" is not in the table of this rule. It knows: {known}. Add a row for it.',
    'zh-CN': '“{value}”不在该规则的对照表中。表中已有：{known}。请为它添加一行。',
  },
  'map.no-case': {
    'en-US': 'No row of the rule fits this record ({looked}). Add a row that says what to do with it.',
    'zh-CN': '规则中没有一行符合该记录（{looked}）。请添加一行说明如何处理。',
  },
  'map.jsonata-failed': {
    'en-US': 'The JSONata expression failed: {reason}.',
    'zh-CN': 'JSONata 表达式出错：{reason}。',
  },
  'map.jsonata-timeout': {
    'en-US': 'The JSONata expression was stopped after {limit} ms. It may be in an endless loop.',
    'zh-CN': 'JSONata 表达式运行超过 {limit} 毫秒，已停止，可能陷入了死循环。',
  },
  'map.jsonata-depth': {
    'en-US': 'The JSONata expression was stopped: it calls itself more than {limit} times deep.',
    'zh-CN': 'JSONata 表达式已停止：自身调用超过 {limit} 层。',
  },
  'map.jsonata-too-large': {
    'en-US': 'The JSONata expression was stopped: it makes a list or a text longer than {limit}.',
    'zh-CN': 'JSONata 表达式已停止：生成的列表或文本长度超过 {limit}。',
  },
  'map.jsonata-function': {
    'en-US': 'The JSONata expression gives a function, not a value. Are brackets missing after its name?',
    'zh-CN': 'JSONata 表达式的结果是函数而不是值，是否漏写了函数名后的括号？',
  },

  // A mapping that cannot work.
  'mapping.invalid': {
    'en-US': 'The mapping "{name}" cannot be used: {count} of its settings are wrong. First: {first}',
    'zh-CN': '映射“{name}”无法使用，有 {count} 处设置错误。第一处：{first}',
  },
  'mapping.shape': {
    'en-US': 'The mapping is damaged at {path}: {reason}.',
    'zh-CN': '映射在 {path} 处的内容不正确：{reason}。',
  },
  'mapping.target-unknown': {
    'en-US':
      '"{target}" is not a field of an order. Choose one from the list, or name your own after "extra.".',
    'zh-CN': '“{target}”不是订单字段。请从列表中选择，或用“extra.”开头自定义。',
  },
  'mapping.target-twice': {
    'en-US': '"{target}" is filled by two rules, {first} and {second}. Keep one of them.',
    'zh-CN': '“{target}”被第 {first} 条和第 {second} 条规则重复填写，请只保留一条。',
  },
  'mapping.target-unfilled': {
    'en-US': 'No rule fills "{target}", and an order cannot do without it. Add a rule for it.',
    'zh-CN': '没有规则填写“{target}”，订单必须有这一项。请为它添加规则。',
  },
  'mapping.transform': {
    'en-US': '"{target}" cannot be filled as {transform}; use {allowed}.',
    'zh-CN': '“{target}”不能按“{transform}”处理，请使用：{allowed}。',
  },
  'mapping.path': {
    'en-US':
      '"{value}" is not a path: it cannot be read from character {position} on. Write a.b, a[0].b, a[*].b or a[b=text].c.',
    'zh-CN':
      '“{value}”不是有效路径：从第 {position} 个字符起无法识别。正确写法：a.b、a[0].b、a[*].b 或 a[b=文字].c。',
  },
  'mapping.template': {
    'en-US': '"{value}" names no field; put paths into braces.',
    'zh-CN': '“{value}”没有引用任何字段，请把路径写在花括号里。',
  },
  'mapping.jsonata': {
    'en-US': 'The JSONata expression has a mistake at character {position}: {reason}',
    'zh-CN': 'JSONata 表达式在第 {position} 个字符处有误：{reason}',
  },
  'mapping.zone': {
    'en-US': '"{zone}" is no time zone; use a name such as Asia/Shanghai or UTC, or that of the account.',
    'zh-CN': '“{zone}”不是有效的时区，请使用 Asia/Shanghai、UTC 等名称，或选择账号的时区。',
  },
  'mapping.format': {
    'en-US':
      '"{format}" is not a format times can be read in; use iso, unix-seconds, unix-ms, or one such as yyyy-MM-dd HH:mm:ss.',
    'zh-CN':
      '“{format}”不是可用的时间格式，请使用 iso、unix-seconds、unix-ms 或类似 yyyy-MM-dd HH:mm:ss 的格式。',
  },
  'mapping.table-empty': {
    'en-US': 'The table of the rule for "{target}" is empty.',
    'zh-CN': '“{target}”规则的对照表是空的。',
  },
  'mapping.table-twice': {
    'en-US': 'The table has two rows for "{from}"; only the last would count.',
    'zh-CN': '对照表中“{from}”有两行，只有最后一行会生效。',
  },
  'mapping.choice': {
    'en-US': '"{value}" is not a value "{target}" may have. It may be: {allowed}.',
    'zh-CN': '“{target}”不能是“{value}”，可用的值有：{allowed}。',
  },
  'mapping.constant': {
    'en-US': '"{value}" cannot be written to "{target}": {reason}',
    'zh-CN': '“{value}”不能写入“{target}”：{reason}',
  },
  'mapping.condition': {
    'en-US': 'A condition on "{field}" compares with nothing; say the value to compare with.',
    'zh-CN': '对“{field}”的条件没有写要比较的值。',
  },
});
