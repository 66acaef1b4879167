import { defineMessages } from '../message.ts';

export const stockMessages = defineMessages({
  'stock.bad-quantity': {
    'en-US':
      'Line {line}: "{value}" is no quantity. Give whole units from {least} to {most}, as a number or in digits only.',
    'zh-CN':
      '第 {line} 行：“{value}”不是有效数量。请填写 {least} 到 {most} 之间的整数（数字，或只含数字的文本）。',
  },
  'stock.bad-correction': {
    'en-US':
      'Line {line}: "{value}" is no correction. Give whole units, with a minus sign to take away, not 0 and at most {most} either way.',
    'zh-CN':
      '第 {line} 行：“{value}”不是有效的调整数量。请填写整数，减少用负数，不能为 0，增减都不超过 {most}。',
  },
  'stock.bad-lines': {
    'en-US': 'The lines must be a list with at least one line; found: {found}.',
    'zh-CN': '明细必须是至少包含一行的列表，当前是：{found}。',
  },
  'stock.too-many-lines': {
    'en-US': '{count} lines in one go; at most {most} fit. Split them into several messages.',
    'zh-CN': '一次提交了 {count} 行，最多 {most} 行。请拆成多条消息。',
  },
  'stock.bad-field': {
    'en-US': '{field} must be text of 1 to {most} characters; found: {found}.',
    'zh-CN': '“{field}”必须是 1 到 {most} 个字符的文本，当前是：{found}。',
  },
  'stock.bad-choice': {
    'en-US': '{field} is "{value}"; possible are {choices}.',
    'zh-CN': '“{field}”的值是“{value}”，可选的有：{choices}。',
  },
  'stock.bad-generation': {
    'en-US': 'The generation is "{value}"; it must be a whole number from 0 on.',
    'zh-CN': '第几次锁定（generation）的值是“{value}”，必须是从 0 开始的整数。',
  },
  'stock.bad-time-limit': {
    'en-US':
      '"{value}" is no time limit for a hold. Give a length above 0 and up to ten years, or leave it empty.',
    'zh-CN': '“{value}”不是有效的预占时限。请填写大于 0 且不超过十年的时长，或留空表示不限时。',
  },
  'stock.bad-units': {
    'en-US': '{field} is "{value}"; give whole units from {least} to {most}, as a number or in digits only.',
    'zh-CN': '“{field}”的值是“{value}”，请填写 {least} 到 {most} 之间的整数（数字，或只含数字的文本）。',
  },
  'stock.bad-pools': {
    'en-US': '{field} must be a list of 1 to {most} names of pools or regions; found: {found}.',
    'zh-CN': '“{field}”必须是包含 1 到 {most} 个库存池（或地区）名称的列表，当前是：{found}。',
  },
  'stock.duplicate-line': {
    'en-US': 'Line {line} is there twice. Each line of an order has an id of its own.',
    'zh-CN': '行号 {line} 出现了两次。订单的每一行必须有自己的行号。',
  },
  'stock.op-key-reused': {
    'en-US':
      'The op key "{opKey}" already stands for another act ({kind}). Nothing was done; give this act a key of its own.',
    'zh-CN': '操作键“{opKey}”已用于另一个操作（{kind}）。未做任何改动，请为本次操作使用新的操作键。',
  },
  'stock.unknown-sku': {
    'en-US':
      'SKU {sku} is not known in pool {pool}. Check the spelling or the mapping, or receive stock for it first.',
    'zh-CN': '库存池 {pool} 中没有 SKU {sku}。请检查编码或商品对应关系，或先为它入库。',
  },
  'stock.short': {
    'en-US':
      'SKU {sku}: {asked} asked, {available} available (held {held}, committed {committed}, pre-sale {presale}, buffer {buffer}). Held by: {holders}. Receive stock or release a hold, then try again.',
    'zh-CN':
      'SKU {sku}：需要 {asked}，可用库存只有 {available}（预占 {held}，占用 {committed}，预售 {presale}，安全库存 {buffer}）。占用方：{holders}。请先补货或释放占用，再重试。',
  },
  'stock.bundle-short': {
    'en-US':
      'Bundle {sku}: {asked} asked, {available} can be made of what there is. Too little of: {components}.',
    'zh-CN': '组合商品 {sku}：需要 {asked} 套，现有库存只够 {available} 套。缺少的组件：{components}。',
  },
  'stock.bundle-apart': {
    'en-US':
      'Bundle {sku}: {asked} asked. Its parts are there, but not enough of them in one warehouse; whole bundles by warehouse: {warehouses}. Move stock between the warehouses, or deliver fewer.',
    'zh-CN':
      '组合商品 {sku}：需要 {asked} 套。组件总数足够，但分散在不同仓库，各仓可凑成的整套数：{warehouses}。请先调拨库存，或减少数量。',
  },
  'stock.no-one-warehouse': {
    'en-US':
      'SKU {sku}: {asked} asked, and no warehouse has the whole order ({warehouses}). Allow the order to be split, or move stock between the warehouses.',
    'zh-CN':
      'SKU {sku}：需要 {asked}，没有哪个仓库能满足整张订单（{warehouses}）。请允许拆单发货，或在仓库之间调拨。',
  },
  'stock.buyer-cap': {
    'en-US':
      'SKU {sku}: {asked} asked, but a buyer may hold {cap} at once and this one already has {open} in other open orders. At most {left} more can be locked.',
    'zh-CN':
      'SKU {sku}：需要 {asked}，但每位买家同时最多占用 {cap}，该买家的其他未结订单已占用 {open}，最多还能锁定 {left}。',
  },
  'stock.order-closed': {
    'en-US':
      'Order {orderKey} is closed (status {status}, refund {refundStatus}), so no stock is locked for it.',
    'zh-CN': '订单 {orderKey} 已关闭（状态 {status}，退款 {refundStatus}），不再为它锁定库存。',
  },
  'stock.below-zero': {
    'en-US':
      'SKU {sku}: {asked} to take away, but only {available} available (held {held}, committed {committed}, pre-sale {presale}). Held by: {holders}. Release holds first, or take less.',
    'zh-CN':
      'SKU {sku}：要减少 {asked}，可用库存只有 {available}（预占 {held}，占用 {committed}，预售 {presale}）。占用方：{holders}。请先释放占用，或减少调整数量。',
  },
  'stock.count-below-locked': {
    'en-US':
      'SKU {sku}: {asked} counted, but {locked} are not free (held {held}, committed {committed}, pre-sale {presale}, inspection {qc}, damaged {damaged}). Held by: {holders}. Release holds or count again.',
    'zh-CN':
      'SKU {sku}：盘点 {asked}，但已有 {locked} 不可用（预占 {held}，占用 {committed}，预售 {presale}，待检 {qc}，残次 {damaged}）。占用方：{holders}。请先释放占用，或重新盘点。',
  },
  'stock.too-many-units': {
    'en-US':
      'SKU {sku} would have {units} units, more than the {most} the hub counts to. Check the quantity.',
    'zh-CN': 'SKU {sku} 的数量将达到 {units}，超过系统上限 {most}。请检查数量。',
  },
  'stock.bucket-short': {
    'en-US':
      'SKU {sku}: {asked} to move out of "{bucket}", but only {there} are there. Move {there} or fewer.',
    'zh-CN': 'SKU {sku}：要从“{bucket}”移出 {asked}，那里只有 {there}。请填写不超过 {there} 的数量。',
  },
  'stock.same-bucket': {
    'en-US': 'From and to are both "{bucket}". Choose another place to move the units to.',
    'zh-CN': '移出和移入都是“{bucket}”，请选择不同的去处。',
  },
  'stock.same-pool': {
    'en-US': 'Pool {pool} cannot transfer to itself. Name the pool the goods go to.',
    'zh-CN': '库存池 {pool} 不能调拨给自己，请填写调入的库存池。',
  },
  'stock.return-no-line': {
    'en-US': 'Order {orderKey} has no line {line}, so nothing of it can come back. Check the line id.',
    'zh-CN': '订单 {orderKey} 没有行 {line}，无法退货入库。请检查行号。',
  },
  'stock.return-other-sku': {
    'en-US':
      'Order {orderKey}, line {line}: {sku} came back, but {ordered} was ordered. Check the parcel; goods of another SKU are received, not returned.',
    'zh-CN':
      '订单 {orderKey} 的行 {line}：退回的是 {sku}，订购的是 {ordered}。请核对包裹；其他 SKU 的货请按到货入库处理。',
  },
  'stock.more-than-shipped': {
    'en-US':
      'Order {orderKey}, line {line}: {asked} came back, but {shipped} left with it and {returned} came back before: {left} can still come back.',
    'zh-CN':
      '订单 {orderKey} 的行 {line}：本次退回 {asked}，已发出 {shipped}，之前已退回 {returned}，最多还能退回 {left}。',
  },
  'stock.hold-none': {
    'en-US': 'Order {orderKey}, line {line}: nothing was ever locked in pool {pool}.',
    'zh-CN': '订单 {orderKey} 的行 {line}：在库存池 {pool} 中从未锁定过库存。',
  },
  'stock.hold-posted': {
    'en-US': 'Order {orderKey}, line {line}: the {quantity} locked units of {sku} already left at {at}.',
    'zh-CN': '订单 {orderKey} 的行 {line}：锁定的 {quantity} 件 {sku} 已于 {at} 出库。',
  },
  'stock.hold-released': {
    'en-US':
      'Order {orderKey}, line {line}: the {quantity} locked units of {sku} were already released at {at}. If the order needs them again, lock it as a new try (another msg.attempt).',
    'zh-CN':
      '订单 {orderKey} 的行 {line}：锁定的 {quantity} 件 {sku} 已于 {at} 释放。如果订单还需要，请把 msg.attempt 设为另一个值，再重新锁定。',
  },
  'stock.hold-expired': {
    'en-US':
      'Order {orderKey}, line {line}: the hold on {quantity} of {sku} expired at {at}. Lock it as a new try (another msg.attempt).',
    'zh-CN':
      '订单 {orderKey} 的行 {line}：{quantity} 件 {sku} 的预占已于 {at} 到期。请把 msg.attempt 设为另一个值，再重新锁定。',
  },
  'stock.more-than-held': {
    'en-US': 'Order {orderKey}, line {line}: {asked} asked, only {held} held. Give {held} or fewer.',
    'zh-CN': '订单 {orderKey} 的行 {line}：要求 {asked}，实际只锁定了 {held}。请填写不超过 {held} 的数量。',
  },
  'stock.left-already': {
    'en-US':
      'Order {orderKey}, line {line}: {left} of {ordered} ordered units have left the stock already, so {asked} more would leave twice. Nothing was booked. What is locked for it can be released; what is sent once more is booked with stock-adjust.',
    'zh-CN':
      '订单 {orderKey} 的行 {line}：订购 {ordered} 件，已出库 {left} 件，再出 {asked} 件就重复了，未做扣减。仍占用的请释放；确需补发的，请用“库存调整”登记。',
  },
  'stock.explain-unknown': {
    'en-US': 'SKU {sku} is not known in pool {pool}: nothing was ever received, counted or corrected.',
    'zh-CN': '库存池 {pool} 中没有 SKU {sku}：从未入库、盘点或调整过。',
  },
  'stock.explain-answer': {
    'en-US': '{available} of {sku} can be sold from pool {pool} now.',
    'zh-CN': '库存池 {pool} 的 {sku} 现在可售 {available} 件。',
  },
  'stock.explain-warehouses': {
    'en-US': '{available} of {sku} can be sold from {pool} now, out of {count} warehouses: {warehouses}.',
    'zh-CN': '{pool} 的 {sku} 现在可售 {available} 件，来自 {count} 个仓库：{warehouses}。',
  },
  'stock.explain-one-warehouse': {
    'en-US':
      '{available} of {sku} can be sold from {pool} now, out of {count} warehouses: {warehouses}. One order gets {most} at most, since it is not split.',
    'zh-CN':
      '{pool} 的 {sku} 现在可售 {available} 件，来自 {count} 个仓库：{warehouses}。订单不拆仓发货，单个订单最多 {most} 件。',
  },
  'stock.explain-part-of': {
    'en-US': '{sku} is also sold as a part of: {bundles}. What these hold is held here.',
    'zh-CN': '{sku} 还是以下组合商品的组件：{bundles}；它们的占用也算在这里。',
  },
  'stock.explain-returned': {
    'en-US': 'Customers sent {returned} back, which is counted in.',
    'zh-CN': '其中客户退回 {returned} 件，已计入。',
  },
  'stock.explain-transferred': {
    'en-US': 'From other pools came {came}, to others went {went}, which is counted in.',
    'zh-CN': '其中从其他库存池调入 {came}，调出 {went}，已计入。',
  },
  'stock.explain-came': {
    'en-US':
      'Since the start {received} were received, {deducted} left for customers, and corrections and counts changed {corrected}: that makes {total}.',
    'zh-CN': '累计入库 {received}，出库给客户 {deducted}，调整与盘点变动 {corrected}，合计应有 {total}。',
  },
  'stock.explain-where': {
    'en-US':
      'Of these, {available} are available; held {held}, committed {committed}, pre-sale {presale}, inspection {qc}, damaged {damaged}, inbound {inbound}.',
    'zh-CN':
      '其中可用库存 {available}，预占 {held}，占用 {committed}，预售 {presale}，待检 {qc}，残次 {damaged}，在途 {inbound}。',
  },
  'stock.explain-lapsed': {
    'en-US':
      '{units} more units count as available because their holds have lapsed: {available} can be sold now.',
    'zh-CN': '另有 {units} 件的预占已到期，也算作可用：现在可售 {available}。',
  },
  'stock.explain-hold': {
    'en-US': 'Order {orderKey}, line {line} has {quantity} ({bucket}, {scenario}) until {until}.',
    'zh-CN': '订单 {orderKey} 的行 {line} 锁定 {quantity} 件（{bucket}，{scenario}），到 {until} 为止。',
  },
  'stock.explain-hold-open': {
    'en-US': 'Order {orderKey}, line {line} has {quantity} ({bucket}, {scenario}), without a time limit.',
    'zh-CN': '订单 {orderKey} 的行 {line} 锁定 {quantity} 件（{bucket}，{scenario}），不限时。',
  },
  'stock.explain-more-holds': {
    'en-US': 'And {count} more holds with {quantity} units.',
    'zh-CN': '另外还有 {count} 笔占用，共 {quantity} 件。',
  },
  'stock.explain-adds-up': {
    'en-US': 'Every number agrees with the ledger ({movements} movements) and with the open holds.',
    'zh-CN': '所有数字都与出入库流水（{movements} 条）和未结占用一致。',
  },
  'stock.explain-ledger-differs': {
    'en-US': 'The balance of "{bucket}" is {balance}, but the ledger says {ledger}. Run the stock audit.',
    'zh-CN': '“{bucket}”的结存是 {balance}，但流水合计是 {ledger}。请运行库存稽核。',
  },
  'stock.explain-holds-differ': {
    'en-US': 'The balance of "{bucket}" is {balance}, but open holds add up to {holds}. Run the stock audit.',
    'zh-CN': '“{bucket}”的结存是 {balance}，但未结占用合计是 {holds}。请运行库存稽核。',
  },
  'stock.bucket-available': { 'en-US': 'available', 'zh-CN': '可用' },
  'stock.bucket-held': { 'en-US': 'held', 'zh-CN': '预占' },
  'stock.bucket-committed': { 'en-US': 'committed', 'zh-CN': '占用' },
  'stock.bucket-presale': { 'en-US': 'pre-sale', 'zh-CN': '预售' },
  'stock.bucket-qc': { 'en-US': 'inspection', 'zh-CN': '待检' },
  'stock.bucket-damaged': { 'en-US': 'damaged', 'zh-CN': '残次' },
  'stock.bucket-inbound': { 'en-US': 'inbound', 'zh-CN': '在途' },
});
