import { defineMessages } from '../../message.ts';

export const auditMessages = defineMessages({
  'audit.balance-differs': {
    'en-US':
      'SKU {sku} in pool {pool}: the balance says {balance} in "{bucket}", but the movements add up to {ledger}. The movements are right; rebuild the balance from them.',
    'zh-CN':
      '库存池 {pool} 的 SKU {sku}：“{bucket}”结存为 {balance}，但流水合计为 {ledger}。以流水为准，请按流水重算结存。',
  },
  'audit.negative': {
    'en-US':
      'SKU {sku} in pool {pool} has {balance} units in "{bucket}": less than none. The movements add up to {ledger}.',
    'zh-CN': '库存池 {pool} 的 SKU {sku}：“{bucket}”为 {balance}，出现负数。流水合计为 {ledger}。',
  },
  'audit.chain-end': {
    'en-US':
      'SKU {sku} in pool {pool}: the balance names movement {found} as its newest, but the ledger ends with {expected}.',
    'zh-CN': '库存池 {pool} 的 SKU {sku}：结存记录的最后一条流水是 {found}，但账上最后一条是 {expected}。',
  },
  'audit.chain-broken': {
    'en-US':
      'Movement {movement} follows {found}, but the movement before it is {expected}: a row of the ledger was changed or deleted. Restore it from a backup, and find out who changed the file.',
    'zh-CN':
      '流水 {movement} 标明的上一条是 {found}，实际上一条是 {expected}：流水被改动或删除过。请从备份中恢复，并查明是谁改动了数据。',
  },
  'audit.movement-no-operation': {
    'en-US':
      'Movement {movement} ({quantity} units) belongs to no operation, so nobody can say who moved them and why. Restore the operation from a backup.',
    'zh-CN': '流水 {movement}（{quantity} 件）没有对应的操作，无法说明是谁、为什么变动。请从备份中恢复。',
  },
  'audit.balance-missing': {
    'en-US': 'Movement {movement} is of balance {balance}, which is not there. Restore it from a backup.',
    'zh-CN': '流水 {movement} 所属的结存 {balance} 不存在。请从备份中恢复。',
  },
  'audit.units-without-hold': {
    'en-US':
      'SKU {sku} in pool {pool}: {units} units are held ({buckets}) that belong to no hold, so nobody can release them.',
    'zh-CN': '库存池 {pool} 的 SKU {sku}：有 {units} 件被占用（{buckets}），却不属于任何一笔占用，无法释放。',
  },
  'audit.hold-differs': {
    'en-US':
      'Order {orderKey}, line {line}: hold {hold} on {sku} says {remaining} of {quantity} units ({state}), but its movements leave {ledger}.',
    'zh-CN':
      '订单 {orderKey} 的行 {line}：占用 {hold}（{sku}）记录剩余 {remaining}/{quantity} 件（{state}），但按流水应剩 {ledger} 件。',
  },
  'audit.hold-state': {
    'en-US':
      'Order {orderKey}, line {line}: hold {hold} on {sku} is "{state}" with {remaining} of {quantity} units left, which cannot be.',
    'zh-CN':
      '订单 {orderKey} 的行 {line}：占用 {hold}（{sku}）的状态为“{state}”，却还剩 {remaining}/{quantity} 件，互相矛盾。',
  },
  'audit.hold-bucket': {
    'en-US':
      'Order {orderKey}, line {line}: hold {hold} on {sku} says its units are in "{bucket}", but its movements put them into "{ledger}".',
    'zh-CN': '订单 {orderKey} 的行 {line}：占用 {hold}（{sku}）记录在“{bucket}”，但流水显示在“{ledger}”。',
  },
  'audit.hold-missing': {
    'en-US':
      'Order {orderKey}: {units} units are held by hold {hold} in the ledger, but the hold itself is gone. Restore it from a backup.',
    'zh-CN': '订单 {orderKey}：流水显示占用 {hold} 还有 {units} 件，但这笔占用的记录不见了。请从备份中恢复。',
  },
  'audit.held-by-cancelled': {
    'en-US':
      'Order {orderKey} is cancelled but still holds {units} units in pool {pool}. Release them, and look why the flow did not.',
    'zh-CN':
      '订单 {orderKey} 已取消，却仍占用库存池 {pool} 的 {units} 件。请释放，并检查流程为什么没有释放。',
  },
  'audit.held-by-refunded': {
    'en-US':
      'Order {orderKey} is fully refunded (status {status}) but still holds {units} units in pool {pool}. Release them.',
    'zh-CN': '订单 {orderKey} 已全额退款（状态 {status}），却仍占用库存池 {pool} 的 {units} 件。请释放。',
  },
  'audit.held-by-completed': {
    'en-US':
      'Order {orderKey} is completed, but {units} units are still held for it in pool {pool}. They have left: deduct them.',
    'zh-CN': '订单 {orderKey} 已完成，库存池 {pool} 却仍为它占用 {units} 件。货已发出，请扣减。',
  },
  'audit.line-gone': {
    'en-US':
      'Order {orderKey}: line {line} is gone or cancelled, but {units} units are still held for it in pool {pool}. Release them.',
    'zh-CN': '订单 {orderKey} 的行 {line} 已删除或取消，库存池 {pool} 却仍为它占用 {units} 件。请释放。',
  },
  'audit.order-not-stored': {
    'en-US':
      '{units} units in pool {pool} have been held for more than {hours} hours for order {orderKey}, which is not stored here. If it is not an order of another system, release them.',
    'zh-CN':
      '库存池 {pool} 有 {units} 件为订单 {orderKey} 占用超过 {hours} 小时，但这里没有该订单。如果不是其他系统的订单，请释放。',
  },
  'audit.uncovered': {
    'en-US':
      'Order {orderKey}, line {line} ({sku}) is {status} but not covered: {ordered} ordered, {cancelled} cancelled, {shipped} shipped, {locked} locked, {missing} missing. Lock them.',
    'zh-CN':
      '订单 {orderKey} 的行 {line}（{sku}）状态为 {status}，但库存没有锁够：订购 {ordered}，取消 {cancelled}，已发 {shipped}，已锁 {locked}，还差 {missing}。请补锁。',
  },
  'audit.paid-no-stock': {
    'en-US':
      'Order {orderKey}, line {line} ({sku}) is {status}, but there is no stock for {missing} of {ordered} units. Buy more, offer something else, or refund.',
    'zh-CN':
      '订单 {orderKey} 的行 {line}（{sku}）状态为 {status}，但订购的 {ordered} 件中有 {missing} 件没有库存。请补货、换货或退款。',
  },
  'audit.line-locked-differs': {
    'en-US':
      'Order {orderKey}, line {line} ({sku}) says {locked} units are locked, but its holds come to {holds}.',
    'zh-CN': '订单 {orderKey} 的行 {line}（{sku}）记录已锁 {locked} 件，但占用合计为 {holds} 件。',
  },
  'audit.line-above-ordered': {
    'en-US':
      'Order {orderKey}, line {line} ({sku}): {ordered} ordered, but {locked} locked and {shipped} shipped, which is more.',
    'zh-CN':
      '订单 {orderKey} 的行 {line}（{sku}）：订购 {ordered} 件，但已锁 {locked} 件、已发 {shipped} 件，超出订购。',
  },
  'audit.lapsed-left': {
    'en-US':
      '{holds} holds with {units} units lapsed, the first {minutes} minutes ago, and were not tidied. They do not keep units from sale, but the sweeper seems to be stopped.',
    'zh-CN':
      '有 {holds} 笔占用（共 {units} 件）已到期未清理，最早的已过期 {minutes} 分钟。它们不影响可售数量，但自动清理可能已停止。',
  },
  'audit.published-above': {
    'en-US':
      '{shop} was told to show {told} units of {listing} (SKU {sku}), but only {sellable} may be sold there now: it may oversell. Work the number out again, and look why stock-changed did not.',
    'zh-CN':
      '{shop} 的商品 {listing}（SKU {sku}）已通知展示 {told} 件，但目前只能卖 {sellable} 件，可能超卖。请重新计算该库存数，并检查“库存变化”节点为什么没有更新。',
  },
  'audit.no-answer': {
    'en-US':
      'Operation {operation} ({kind}, key {opKey}) has no answer: a repeat of it cannot be answered. Restore it from a backup.',
    'zh-CN': '操作 {operation}（{kind}，操作键 {opKey}）没有保存结果，重复提交时无法答复。请从备份中恢复。',
  },
  'audit.answer-dangling': {
    'en-US':
      'Operation {operation} ({kind}, key {opKey}) has the answer of operation {sameAs}, which is not there.',
    'zh-CN': '操作 {operation}（{kind}，操作键 {opKey}）引用操作 {sameAs} 的结果，但该结果不存在。',
  },
  'audit.unknown-finding': {
    'en-US': 'There is no finding {id}; GET audit lists them.',
    'zh-CN': '没有编号为 {id} 的稽核问题，可通过 GET audit 查看列表。',
  },
  'audit.already-cleared': {
    'en-US': 'Finding {id} is gone already; nothing was done.',
    'zh-CN': '问题 {id} 已经消除，未做任何改动。',
  },
  'audit.already-right': {
    'en-US': '{object} is right by now; nothing was done. The next round clears the finding.',
    'zh-CN': '{object} 现在已经正确，未做任何改动。下一轮稽核会消除此问题。',
  },
  'audit.no-repair': {
    'en-US':
      'The hub cannot put {object} right by itself without guessing. Compare it with a backup, or correct the stock by a count.',
    'zh-CN': '系统无法在不猜测的情况下自动修复 {object}。请与备份核对，或通过盘点更正库存。',
  },
  'audit.in-doubt': {
    'en-US':
      'The movements of {object} do not hang together, or too many came meanwhile; nothing was done. Run the audit again.',
    'zh-CN': '{object} 的流水不连贯，或期间变动过多，未做任何改动。请重新运行稽核。',
  },
  'audit.op-key-reused': {
    'en-US':
      'The op key "{opKey}" already stands for another act ({kind}). Nothing was done; give this repair a key of its own.',
    'zh-CN': '操作键“{opKey}”已用于另一个操作（{kind}）。未做任何改动，请为本次修复使用新的操作键。',
  },
  'audit.act-none': {
    'en-US': 'The hub cannot put this right without guessing: call whoever looks after it.',
    'zh-CN': '系统无法在不猜测的情况下修复，请联系负责维护的人。',
  },
  'audit.act-rebuild-balance': {
    'en-US': 'Rebuild the balance from its movements ({units} units change).',
    'zh-CN': '按流水重算结存（变动 {units} 件）。',
  },
  'audit.act-rebuild-hold': {
    'en-US': 'Set the hold to what its movements leave ({units} units change).',
    'zh-CN': '按流水更正这笔占用（变动 {units} 件）。',
  },
  'audit.act-rebuild-line': {
    'en-US': 'Set the locked units of the line to what its holds come to.',
    'zh-CN': '按占用合计更正该行的已锁数量。',
  },
  'audit.act-release': {
    'en-US': 'Release {units} units, which are for sale again.',
    'zh-CN': '释放 {units} 件，重新可售。',
  },
  'audit.act-deduct': {
    'en-US': 'Deduct the {units} units that have left.',
    'zh-CN': '扣减已发出的 {units} 件。',
  },
  'audit.act-lock': {
    'en-US': 'Lock all that the order still needs ({units} units), if there is enough.',
    'zh-CN': '库存足够时，补锁订单尚需的全部 {units} 件。',
  },
  'audit.act-recompute-share': {
    'en-US': 'Work the number of the listing out again and send it ({units} units fewer).',
    'zh-CN': '重新计算该商品的库存数并发送（减少 {units} 件）。',
  },
  'audit.act-sweep': {
    'en-US': 'Tidy the lapsed holds now.',
    'zh-CN': '立即清理到期的占用。',
  },
  'audit.waiting': {
    'en-US':
      '{units} units are more than one person may repair alone (limit {limit}). It is noted that you want it; a second person with the permission sends the same.',
    'zh-CN': '涉及 {units} 件，超过一人可修复的上限 {limit}。已记录您的申请，需由另一位有权限的人再次提交。',
  },
});
