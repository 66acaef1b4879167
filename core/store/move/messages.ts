import { defineMessages } from '../../message.ts';

export const moveMessages = defineMessages({
  'move.target-not-empty': {
    'en-US':
      'The store {location} is not empty: it has rows in {table}. A store is only moved into an empty place, so that nothing is mixed; choose another file or schema.',
    'zh-CN':
      '目标 {location} 不是空的：{table} 中已有数据。为避免数据混在一起，只能迁移到空的位置，请换一个文件或模式。',
  },
  'move.in-use': {
    'en-US':
      'A Node-RED works on the store {location} (it was heard of less than a minute ago). Stop every Node-RED that uses it, wait a minute, and move again.',
    'zh-CN':
      '有 Node-RED 正在使用 {location}（不到一分钟前还有活动）。请停止所有使用它的 Node-RED，等一分钟后再迁移。',
  },
  'move.differs': {
    'en-US':
      'After copying, {table} is not the same in both stores ({what}: {source} before, {target} after). Was the store written to meanwhile? Stop every Node-RED that uses it, empty the target, and move again.',
    'zh-CN':
      '复制后两边的 {table} 不一致（{what}：原来 {source}，现在 {target}）。迁移期间是否有程序在写入？请停止所有使用它的 Node-RED，清空目标后重新迁移。',
  },
  'move.ledger-differs': {
    'en-US':
      'After copying, {target} balances are not the sum of their movements, and before it were {source}. Empty the target and move again.',
    'zh-CN': '复制后有 {target} 个库存余额与流水不符，复制前为 {source} 个。请清空目标后重新迁移。',
  },
  'move.usage': {
    'en-US': `Moves a hub's store from a SQLite file into an empty PostgreSQL schema, or back.

  order-hub-move --from <store> --to <store>

A store is a file (order-hub/hub.sqlite) or an address
(postgres://user@host:5432/database?schema=order_hub). The password may stand in the
address; better put it into the environment as PGPASSWORD, where nobody sees it.

Stop every Node-RED that uses one of the two first. The store it comes from is only read
(and brought up to this version's tables, after a copy).`,
    'zh-CN': `把订单中枢的数据从 SQLite 文件迁移到空的 PostgreSQL 模式，或反过来。

  order-hub-move --from <数据> --to <数据>

“数据”可以是文件（order-hub/hub.sqlite），也可以是地址
（postgres://user@host:5432/database?schema=order_hub）。密码可以写在地址里，
但更推荐放在环境变量 PGPASSWORD 中，以免被别人看到。

请先停止使用这两处数据的所有 Node-RED。原来的数据只会被读取
（如果表结构较旧，会先备份再升级）。`,
  },
  'move.bad-arguments': {
    'en-US': 'The arguments cannot be used: {reason}',
    'zh-CN': '参数无法使用：{reason}',
  },
  'move.not-given': {
    'en-US': 'Both --from and --to must be given.',
    'zh-CN': '必须同时填写 --from 和 --to。',
  },
  'move.same': {
    'en-US': 'Both are the same store.',
    'zh-CN': '两处是同一份数据。',
  },
  'move.no-file': {
    'en-US': 'There is no file {location}.',
    'zh-CN': '文件 {location} 不存在。',
  },
  'move.bad-address': {
    'en-US':
      'The address of a database cannot be used; it must look like postgres://user@host:5432/database?schema=order_hub, with special characters in the password written as %40 and the like.',
    'zh-CN':
      '数据库地址无法使用，格式应为 postgres://user@host:5432/database?schema=order_hub；密码中的特殊字符要写成 %40 这样的形式。',
  },
  'move.begins': {
    'en-US': 'Moving {source} to {target}.',
    'zh-CN': '正在从 {source} 迁移到 {target}。',
  },
  'move.copied': {
    'en-US': '  {table}: {copied} of {total}',
    'zh-CN': '  {table}：已复制 {copied} / {total}',
  },
  'move.checking': {
    'en-US': 'Comparing both stores.',
    'zh-CN': '正在核对两边的数据。',
  },
  'move.done': {
    'en-US':
      'Moved {rows} rows in {tables} tables. Counts, sums and contents are the same on both sides, and {target} can be used now.',
    'zh-CN': '已迁移 {tables} 张表共 {rows} 行，两边的行数、合计和内容一致，可以开始使用 {target}。',
  },
  'move.ledger-was-wrong': {
    'en-US':
      'Beware: {count} balances are not the sum of their movements. They were so before, and were moved as they are; look at the audit.',
    'zh-CN': '注意：有 {count} 个库存余额与流水不符。迁移前就是如此，已按原样迁移，请查看库存稽核。',
  },
  'move.audited': {
    'en-US': 'The audit of the stock has no findings.',
    'zh-CN': '库存稽核没有发现问题。',
  },
  'move.findings': {
    'en-US':
      'The audit of the stock has {count} findings; the node stock-audit lists them. They came with the store and are no work of the move.',
    'zh-CN': '库存稽核发现 {count} 个问题，可用 stock-audit 节点查看。这些问题迁移之前就有，不是迁移造成的。',
  },
  'move.not-audited': {
    'en-US': 'The store is moved and compared, but the audit of the stock did not get through: {reason}',
    'zh-CN': '数据已迁移并核对一致，但库存稽核没有完成：{reason}',
  },
  'move.failed': {
    'en-US': 'Not moved: {reason}',
    'zh-CN': '迁移没有完成：{reason}',
  },
});
