import { defineMessages } from '../../message.ts';

export const shareMessages = defineMessages({
  'shares.why-shared': {
    'en-US':
      '{available} units are available, less a buffer of {buffer}: {shop} shows {units}, shared with others.',
    'zh-CN': '可用 {available} 件，扣除缓冲 {buffer} 件：{shop} 展示 {units} 件（与其他渠道共享）。',
  },
  'shares.why-percent': {
    'en-US':
      '{available} units are available, less a buffer of {buffer}: {shop} shows {units}, its {amount} % of what is shared by percent.',
    'zh-CN': '可用 {available} 件，扣除缓冲 {buffer} 件：{shop} 按比例 {amount} % 展示 {units} 件。',
  },
  'shares.why-fixed': {
    'en-US':
      '{available} units are available, less a buffer of {buffer}: {shop} shows {units} of its quota of {amount}.',
    'zh-CN': '可用 {available} 件，扣除缓冲 {buffer} 件：{shop} 的固定配额为 {amount} 件，展示 {units} 件。',
  },
  'shares.why-priority': {
    'en-US':
      '{available} units are available, less a buffer of {buffer}: {shop} shows {units} by its priority.',
    'zh-CN': '可用 {available} 件，扣除缓冲 {buffer} 件：{shop} 按优先级展示 {units} 件。',
  },
  'shares.why-capped': {
    'en-US': '{available} units are available; {shop} shows {units}, for that is the most it may show.',
    'zh-CN': '可用 {available} 件；{shop} 已达展示上限，展示 {units} 件。',
  },
  'shares.why-last': {
    'en-US': 'Only {available} units are left; {shop} alone shows them: {units}.',
    'zh-CN': '只剩 {available} 件；仅由 {shop} 展示：{units} 件。',
  },
  'shares.why-last-elsewhere': {
    'en-US': 'Only {available} units are left, and only {at} shows them.',
    'zh-CN': '只剩 {available} 件，仅由 {at} 展示。',
  },
  'shares.why-below-line': {
    'en-US':
      '{shop} could show {units} of {available} available units (buffer {buffer}). Below {closeBelow} it is closed; it opens again at {reopenAt}.',
    'zh-CN':
      '{shop} 可展示 {units} 件（可用 {available} 件，缓冲 {buffer} 件），低于安全线 {closeBelow} 件，已停售；达到 {reopenAt} 件时恢复。',
  },
  'shares.why-not-reopened': {
    'en-US': '{shop} was closed and could show {units} units again; it opens at {reopenAt}.',
    'zh-CN': '{shop} 处于停售状态，目前可展示 {units} 件；达到 {reopenAt} 件时恢复销售。',
  },
  'shares.why-unlisted': {
    'en-US': 'The listing {listing} no longer stands for the SKU {sku}, so it shows nothing.',
    'zh-CN': '商品 {listing} 已不再对应 SKU {sku}，不展示库存。',
  },
  'shares.why-no-stock': {
    'en-US': 'The SKU {sku} is neither in {pools} nor a bundle any more, so nothing of it is shown.',
    'zh-CN': '{pools} 中没有 SKU {sku}，它也不再是组合商品，因此不展示库存。',
  },
  'shares.why-removed': {
    'en-US': '{shop} was taken out of the table, so it shows nothing any more.',
    'zh-CN': '{shop} 已从表格中移除，不再展示库存。',
  },
  'shares.left-behind': {
    'en-US':
      '{shop} is no longer in the table, but {listings} of its listings still show the last number they were told, and may oversell. Close them in the dialog of stock-changed, or send it a message with the topic close-removed.',
    'zh-CN':
      '{shop} 已不在表格中，但仍有 {listings} 个商品停留在最后一次通知的库存数，可能超卖。请在“库存变化”节点的设置中将其停售，或向它发送主题为 close-removed 的消息。',
  },
  'shares.no-pool': {
    'en-US': 'No pool is named. Enter the pool whose stock is shared out, such as main.',
    'zh-CN': '没有填写库存池。请填写要分配的库存池，例如 main。',
  },
  'shares.no-channel': {
    'en-US': 'No channel is in the table. Add a row for each shop that shows this stock.',
    'zh-CN': '表格里还没有渠道。请为每个要展示库存的店铺添加一行。',
  },
  'shares.no-name': {
    'en-US': 'Row {row} lacks the channel or the shop. Enter both as they stand in orders.',
    'zh-CN': '第 {row} 行缺少渠道或店铺。请按订单中的写法填写。',
  },
  'shares.twice': {
    'en-US': 'Row {row} names {name}, which another row has already. Keep one of them.',
    'zh-CN': '第 {row} 行的 {name} 与其他行重复，请只保留一行。',
  },
  'shares.bad-kind': {
    'en-US': 'Row {row} has the rule "{value}"; possible are: {kinds}.',
    'zh-CN': '第 {row} 行的规则“{value}”无效，可选：{kinds}。',
  },
  'shares.bad-percent': {
    'en-US': 'Row {row} needs a percentage from 0 to 100, not "{value}".',
    'zh-CN': '第 {row} 行需要填写 0 到 100 的百分比，而不是“{value}”。',
  },
  'shares.bad-quota': {
    'en-US': 'Row {row} needs a whole number of units from 0 to 1,000,000,000, not "{value}".',
    'zh-CN': '第 {row} 行需要填写 0 到 1,000,000,000 的整数件数，而不是“{value}”。',
  },
  'shares.bad-units': {
    'en-US': 'The field {field} needs a whole number of units from 0 to 1,000,000,000, not "{value}".',
    'zh-CN': '字段 {field} 需要填写 0 到 1,000,000,000 的整数件数，而不是“{value}”。',
  },
  'shares.bad-reopen': {
    'en-US':
      'Channels would reopen at {reopenAt} and close below {closeBelow}. Reopen at {closeBelow} or more.',
    'zh-CN': '恢复线 {reopenAt} 低于停售线 {closeBelow}。恢复线应不小于 {closeBelow}。',
  },
  'shares.bad-fence': {
    'en-US': 'The units reserved in row {row} need a beginning and a later end.',
    'zh-CN': '第 {row} 行的活动预留需要填写开始时间，以及晚于它的结束时间。',
  },
  'shares.last-unknown': {
    'en-US': 'The last units go to {name}, which is not in the table.',
    'zh-CN': '最后几件指定给 {name}，但表格中没有这个店铺。',
  },
  'shares.over-percent': {
    'en-US':
      'The percentages add up to {sum} %: the channels together show more than there is, and may oversell.',
    'zh-CN': '各渠道比例合计 {sum} %，超过 100 %：渠道展示的总量会多于实际库存，可能超卖。',
  },
  'shares.shared-mapping': {
    'en-US': 'The SKU {sku} stands behind {count} listings ({names}): each of them shows the same units.',
    'zh-CN': 'SKU {sku} 对应 {count} 个商品（{names}）：它们展示的是同一批库存。',
  },
  'shares.bad-listing': {
    'en-US': 'Entry {row} of the list needs channel, shop and listing as text, and sku as text or null.',
    'zh-CN': '列表第 {row} 项需要填写文本形式的 channel、shop、listing，sku 为文本或 null。',
  },
  'shares.listings-wanted': {
    'en-US': 'Expected a list of listings ({"channel", "shop", "listing", "sku"}), or the topic "send-all".',
    'zh-CN': '需要商品列表（{"channel", "shop", "listing", "sku"}），或者主题 "send-all"。',
  },
  'shares.too-many': {
    'en-US': 'The list has {count} entries; at most {most} go at once.',
    'zh-CN': '列表有 {count} 项，一次最多 {most} 项。',
  },
  'shares.unknown': {
    'en-US': 'There is no share {share}. GET shares lists those that are known.',
    'zh-CN': '没有名为 {share} 的分配。可通过 GET shares 查看已有的分配。',
  },
  'shares.unknown-listing': {
    'en-US': 'The share {share} has no number for the listing {listing}.',
    'zh-CN': '分配 {share} 中没有商品 {listing} 的库存数。',
  },
  'shares.bad-version': {
    'en-US': 'Version {version} of {listing} was never told; the newest is {newest}.',
    'zh-CN': '{listing} 没有版本 {version}，最新版本为 {newest}。',
  },
});
