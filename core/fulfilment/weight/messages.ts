import { defineMessages } from '../../message.ts';

export const weightMessages = defineMessages({
  // Readings
  'weight.empty': {
    'en-US': 'The scale sent no reading. Check its cable and that the message carries the weight.',
    'zh-CN': '电子秤没有传来读数。请检查连接线，并确认消息中带有重量。',
  },
  'weight.unreadable': {
    'en-US':
      'The reading "{text}" is not a weight. Expected is a number with a unit, such as 1.25 kg or 1250 g.',
    'zh-CN': '读数“{text}”不是重量。应为数字加单位，例如 1.25 kg 或 1250 克。',
  },
  'weight.ambiguous': {
    'en-US':
      'The reading "{text}" can be read in two ways because of its comma. Set the scale to send a decimal point and no thousands separator.',
    'zh-CN':
      '读数“{text}”中的逗号有歧义（可能是小数点，也可能是千分位）。请将电子秤设为用小数点、不带千分位。',
  },
  'weight.unit-unknown': {
    'en-US':
      'The reading "{text}" has the unit "{unit}", which is not known here. Known are g, kg, lb, oz, 克, 公斤, 斤 and 两.',
    'zh-CN': '读数“{text}”的单位“{unit}”无法识别。可用的单位有 g、kg、lb、oz、克、公斤、斤、两。',
  },
  'weight.unstable': {
    'en-US': 'The scale was still moving when it sent "{text}". Let the parcel come to rest and weigh again.',
    'zh-CN': '电子秤发出“{text}”时读数尚未稳定。请等包裹放稳后重新称重。',
  },
  'weight.overload': {
    'en-US': 'The scale reports overload ("{text}"). Use a larger scale, or check that nothing leans on it.',
    'zh-CN': '电子秤提示超载（“{text}”）。请换用量程更大的秤，或检查是否有东西压在秤上。',
  },
  'weight.underload': {
    'en-US':
      'The scale reports a load below zero ("{text}"). Empty the scale, set it to zero and weigh again.',
    'zh-CN': '电子秤提示低于零点（“{text}”）。请清空秤盘、归零后重新称重。',
  },
  'weight.not-a-load': {
    'en-US':
      'The scale sent "{text}", which is its tare or a command it could not do, not the weight of the parcel. Weigh again.',
    'zh-CN': '电子秤发出的“{text}”是皮重或未执行的指令，不是包裹重量。请重新称重。',
  },
  'weight.negative': {
    'en-US': 'The reading "{text}" is negative. Empty the scale, set it to zero and weigh again.',
    'zh-CN': '读数“{text}”为负数。请清空秤盘、归零后重新称重。',
  },
  'weight.zero': {
    'en-US':
      'The reading "{text}" is less than half a gram: there is nothing on the scale, or its unit is set wrong.',
    'zh-CN': '读数“{text}”不足半克：秤上没有物品，或单位设置有误。',
  },
  'weight.too-heavy': {
    'en-US': 'The reading "{text}" is more than {limit} kg. Check the unit of the scale.',
    'zh-CN': '读数“{text}”超过 {limit} 公斤。请检查电子秤的单位设置。',
  },

  // Checking
  'weight.input-invalid': {
    'en-US': 'The weight cannot be checked: {field} is {found}, and has to be {wanted}.',
    'zh-CN': '无法校验重量：{field} 的值为 {found}，应为 {wanted}。',
  },
  'weight.unknown': {
    'en-US': 'No unit weight is known for {skus}. Enter it in the weight table, then weigh again.',
    'zh-CN': '尚无 {skus} 的单件重量。请在重量表中填写后重新称重。',
  },
  'weight.no-lines': {
    'en-US': 'There is nothing to ship in this order, so there is no weight to expect.',
    'zh-CN': '该订单没有需要发货的商品，无法计算预期重量。',
  },
  'weight.passed': {
    'en-US': '{reading} g is within {low}–{high} g.',
    'zh-CN': '{reading} 克，在 {low}–{high} 克范围内。',
  },
  'weight.one-over': {
    'en-US':
      '{difference} g over ({reading} g, expected {expected} ± {band} g): about one more {sku} ({unit} g).',
    'zh-CN':
      '超重 {difference} 克（实重 {reading} 克，应为 {expected} ± {band} 克）：可能多放了 1 件 {sku}（每件 {unit} 克）。',
  },
  'weight.several-over': {
    'en-US':
      '{difference} g over ({reading} g, expected {expected} ± {band} g): about {count} more {sku} ({unit} g each).',
    'zh-CN':
      '超重 {difference} 克（实重 {reading} 克，应为 {expected} ± {band} 克）：可能多放了 {count} 件 {sku}（每件 {unit} 克）。',
  },
  'weight.one-missing': {
    'en-US':
      '{difference} g under ({reading} g, expected {expected} ± {band} g): one {sku} missing ({unit} g).',
    'zh-CN':
      '少 {difference} 克（实重 {reading} 克，应为 {expected} ± {band} 克）：可能少放了 1 件 {sku}（每件 {unit} 克）。',
  },
  'weight.several-missing': {
    'en-US':
      '{difference} g under ({reading} g, expected {expected} ± {band} g): {count} {sku} missing ({unit} g each).',
    'zh-CN':
      '少 {difference} 克（实重 {reading} 克，应为 {expected} ± {band} 克）：可能少放了 {count} 件 {sku}（每件 {unit} 克）。',
  },
  'weight.only-packaging': {
    'en-US':
      '{difference} g under ({reading} g, expected {expected} ± {band} g): that is about the packaging alone ({packaging} g). Is the parcel empty?',
    'zh-CN':
      '少 {difference} 克（实重 {reading} 克，应为 {expected} ± {band} 克）：接近空包装重量（{packaging} 克），请检查是否忘了装货。',
  },
  'weight.over-unexplained': {
    'en-US':
      '{difference} g over ({reading} g, expected {expected} ± {band} g), and no single SKU of the order explains it. Open the parcel; if it is right, correct the packaging weight or the unit weights.',
    'zh-CN':
      '超重 {difference} 克（实重 {reading} 克，应为 {expected} ± {band} 克），与订单中任何单个商品都对不上。请开箱核对；如货品无误，请更正包装重量或单件重量。',
  },
  'weight.under-unexplained': {
    'en-US':
      '{difference} g under ({reading} g, expected {expected} ± {band} g), and no single SKU of the order explains it. Open the parcel; if it is right, correct the packaging weight or the unit weights.',
    'zh-CN':
      '少 {difference} 克（实重 {reading} 克，应为 {expected} ± {band} 克），与订单中任何单个商品都对不上。请开箱核对；如货品无误，请更正包装重量或单件重量。',
  },
  'weight.blind-spot': {
    'en-US':
      'One {sku} weighs {unit} g, less than twice the band of ±{band} g, so the scale does not prove that it is in the parcel. Scan {sku} when packing, or bring the band down to {suggested} g or less.',
    'zh-CN':
      '{sku} 每件 {unit} 克，不到允许误差 ±{band} 克的两倍，少放一件时称重未必能发现。请在打包时扫描 {sku}，或将允许误差降到 {suggested} 克以内。',
  },
  'weight.blind-spot-weightless': {
    'en-US':
      '{sku} has a unit weight of 0 g, so the scale can never notice it missing. Scan {sku} when packing.',
    'zh-CN': '{sku} 的单件重量为 0 克，少放时称重无法发现。请在打包时扫描 {sku}。',
  },

  // The life of a block
  'weight.still-blocked': {
    'en-US':
      'The parcel stays blocked: its expected weight is not known now. Enter the unit weight of {skus} and weigh again, or have somebody with the right lift the block.',
    'zh-CN': '包裹仍被拦截：目前无法得知应有重量。请填写 {skus} 的单件重量后重新称重，或由有权限的人员放行。',
  },
  'weight.lifted': {
    'en-US': 'The block was lifted by {actor}: {reason}',
    'zh-CN': '已由 {actor} 放行：{reason}',
  },
  'weight.lift-no-block': {
    'en-US': 'This parcel is not blocked by the weight check, so there is nothing to lift.',
    'zh-CN': '该包裹未被称重拦截，无需放行。',
  },
  'weight.lift-already': {
    'en-US': 'The block was already lifted by {actor}: {reason}',
    'zh-CN': '该包裹已由 {actor} 放行：{reason}',
  },
  'weight.lift-no-actor': {
    'en-US': 'A block is lifted by a person. Sign in, and lift it again.',
    'zh-CN': '放行必须由具体人员操作。请登录后重试。',
  },
  'weight.lift-no-reason': {
    'en-US': 'Say why the parcel may go although its weight is off, for example "gift added".',
    'zh-CN': '请填写放行原因，例如“加放了赠品”。',
  },
  'weight.lift-reason-long': {
    'en-US': 'The reason has {length} characters; at most {limit} are kept. Make it shorter.',
    'zh-CN': '放行原因有 {length} 个字，最多 {limit} 个字，请精简。',
  },

  // Lines and the table of unit weights
  'weight.order-unknown': {
    'en-US':
      'There is no order {key} in the store, and the message carries no lines, so there is no weight to expect. Save the order first, or say where the lines are.',
    'zh-CN':
      '数据存储中没有订单 {key}，消息里也没有商品明细，无法计算应有重量。请先保存订单，或指定明细所在位置。',
  },
  'weight.lines-invalid': {
    'en-US': 'The lines cannot be read: line {position} has to have a SKU and a whole quantity.',
    'zh-CN': '无法读取商品明细：第 {position} 行应有 SKU 和整数数量。',
  },
  'weight.table-empty': {
    'en-US':
      'There are no unit weights in the message. Send a list such as [{"sku": "TEA-250", "grams": 262}].',
    'zh-CN': '消息中没有单件重量。请发送列表，例如 [{"sku": "TEA-250", "grams": 262}]。',
  },
  'weight.table-long': {
    'en-US': '{found} unit weights came at once; {most} at most are taken. Send them in parts.',
    'zh-CN': '一次收到 {found} 条单件重量，最多 {most} 条，请分批发送。',
  },
  'weight.table-sku': {
    'en-US': 'Entry {position} has no usable SKU. It is a text of 1 to {most} characters.',
    'zh-CN': '第 {position} 条没有有效的 SKU（应为 1 到 {most} 个字符的文本）。',
  },
  'weight.table-grams': {
    'en-US':
      'The weight of {sku} is "{found}". Enter whole grams, or a number with its unit such as 0.25 kg.',
    'zh-CN': '{sku} 的重量为“{found}”。请填写整数克，或带单位的数字，例如 0.25 kg。',
  },
  'weight.lift-not-allowed': {
    'en-US':
      '{actor} is not among those who may lift a block here. Ask one of them, or add the name to the node.',
    'zh-CN': '{actor} 不在可放行人员之列。请由名单中的人员操作，或在节点设置里添加此人。',
  },
});
