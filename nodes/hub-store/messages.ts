import { defineMessages } from '../../core/message.ts';

export const hubStoreMessages = defineMessages({
  'hub-store.bad-kind': {
    'en-US': '"{kind}" is no kind of store. Open the settings of the store, choose one, and deploy.',
    'zh-CN': '“{kind}”不是可用的存储类型。请打开数据存储的设置重新选择，然后部署。',
  },
  'hub-store.bad-host': {
    'en-US': '"{host}" is no name of a server. Enter a host name or an IP address, such as db.example.com.',
    'zh-CN': '“{host}”不是服务器名称。请填写主机名或 IP 地址，例如 db.example.com。',
  },
  'hub-store.bad-port': {
    'en-US': '"{port}" is no port. Enter a number from 1 to 65535, or leave it empty for 5432.',
    'zh-CN': '“{port}”不是端口号。请填写 1 到 65535 的数字，或留空使用 5432。',
  },
  'hub-store.no-database': {
    'en-US': 'The store names no database. Enter the name of a PostgreSQL database that exists.',
    'zh-CN': '没有填写数据库名。请填写一个已存在的 PostgreSQL 数据库名称。',
  },
  'hub-store.no-user': {
    'en-US': 'The store names no user. Enter the PostgreSQL user that the hub logs in as.',
    'zh-CN': '没有填写用户名。请填写登录 PostgreSQL 的用户名。',
  },
  'hub-store.bad-schema': {
    'en-US':
      '"{schema}" cannot be the schema. Enter lower-case letters, digits and underscores, beginning with a letter, such as order_hub; or leave it empty for public.',
    'zh-CN':
      '“{schema}”不能用作模式（schema）名。请以字母开头，只用小写字母、数字和下划线，例如 order_hub；留空则使用 public。',
  },
  'hub-store.no-url': {
    'en-US':
      'The store has no connection URL. Enter one such as postgres://user:password@host:5432/database; it is kept with the credentials.',
    'zh-CN':
      '没有填写连接地址。请填写例如 postgres://user:password@host:5432/database 的地址；它随凭据加密保存。',
  },
  'hub-store.bad-url': {
    'en-US':
      'The connection URL of the store cannot be used. It must look like postgres://user:password@host:5432/database; special characters in the password are written as %40 and the like.',
    'zh-CN':
      '连接地址无法使用。格式应为 postgres://user:password@host:5432/database；密码中的特殊字符要写成 %40 这样的形式。',
  },
  'hub-store.user-failed': {
    'en-US': 'A node could not start its work on the store: {reason}',
    'zh-CN': '有节点无法在数据存储上开始工作：{reason}',
  },
  'api.no-store': {
    'en-US':
      'There is no store yet. Drag a node of the hub onto a flow, choose or make its store in the dialog, and deploy.',
    'zh-CN': '还没有数据存储。请把任一订单中枢节点拖到流程中，在设置里选择或新建数据存储，然后部署。',
  },
  'api.store-unknown': {
    'en-US': 'There is no store with the id {id} in the running flows. Deploy first, or leave out "store".',
    'zh-CN': '运行中的流程没有编号为 {id} 的数据存储。请先部署，或不要填写 store。',
  },
  'api.bad-field': {
    'en-US': 'The field {field} cannot be used: {expected} is expected.',
    'zh-CN': '字段 {field} 无效：应为 {expected}。',
  },
  'api.no-op-key': {
    'en-US':
      'The field opKey is missing. Choose a text of your own for this adjustment, such as the number of the delivery note: sent again with the same key, it is not booked twice.',
    'zh-CN':
      '缺少 opKey。请为本次调整指定一个唯一的编号（例如入库单号）：用同一编号重复提交时，不会重复记账。',
  },
  'api.act-not-written': {
    'en-US': 'It is done, but who did it could not be written down: {reason} Do not do it again.',
    'zh-CN': '操作已完成，但操作记录未能保存：{reason} 请勿重复操作。',
  },
  'api.subscriber-unknown': {
    'en-US': 'There is no subscriber {id}; GET subscribers lists them.',
    'zh-CN': '没有订阅者 {id}，可通过 GET subscribers 查看列表。',
  },
});
