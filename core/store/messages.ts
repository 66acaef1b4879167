import { defineMessages } from '../message.ts';

export const storeMessages = defineMessages({
  'store.node-too-old': {
    'en-US':
      'Order Hub needs Node.js 22.12 or newer; this Node-RED runs on {found}. Install a newer Node.js and start Node-RED again.',
    'zh-CN':
      'Order Hub 需要 Node.js 22.12 或更新版本，当前 Node-RED 运行在 {found}。请升级 Node.js 后重启 Node-RED。',
  },
  'store.driver-missing': {
    'en-US':
      'The SQLite driver could not be loaded ({reason}). Run "npm rebuild better-sqlite3" in the Node-RED user directory and start Node-RED again.',
    'zh-CN':
      '无法加载 SQLite 驱动（{reason}）。请在 Node-RED 用户目录运行“npm rebuild better-sqlite3”，然后重启 Node-RED。',
  },
  'store.in-use': {
    'en-US':
      'Another process has the store {location} open. One SQLite file belongs to one Node-RED; stop the other one, or give this one a file of its own.',
    'zh-CN':
      '数据文件 {location} 正被另一个进程使用。一个 SQLite 文件只能由一个 Node-RED 使用：请停止另一个进程，或为此处另设文件。',
  },
  'store.folder-missing': {
    'en-US':
      'The folder of the store {location} cannot be created: {reason}. Choose a path that Node-RED may write to.',
    'zh-CN': '无法创建数据文件 {location} 所在的文件夹：{reason}。请选择 Node-RED 有写权限的路径。',
  },
  'store.read-only': {
    'en-US':
      'The store {location} cannot be written. Give the user that runs Node-RED write access to the file and its folder.',
    'zh-CN': '数据文件 {location} 不可写。请给运行 Node-RED 的用户授予该文件及其文件夹的写权限。',
  },
  'store.corrupt': {
    'en-US':
      'The store {location} is damaged or is not an Order Hub store ({reason}). Stop Node-RED, put the newest file of the folder "backups" in its place and start again; keep the damaged file.',
    'zh-CN':
      '数据文件 {location} 已损坏或不是 Order Hub 的数据文件（{reason}）。请停止 Node-RED，用“backups”文件夹中最新的备份替换后再启动，并保留损坏的文件。',
  },
  'store.full': {
    'en-US':
      'The disk that holds the store {location} is full. Nothing was lost: free some space and the hub goes on by itself.',
    'zh-CN': '存放数据文件 {location} 的磁盘已满。没有丢失任何数据：请清理磁盘，系统会自动继续。',
  },
  'store.newer': {
    'en-US':
      'The store {location} was written by a newer Order Hub (its schema is {found}, this one knows {known}). Install the newer version again, or restore the backup made before the upgrade.',
    'zh-CN':
      '数据文件 {location} 由更新版本的 Order Hub 写入（结构版本 {found}，当前支持 {known}）。请重新安装新版本，或恢复升级前的备份。',
  },
  'store.migration-failed': {
    'en-US':
      'Upgrading the store {location} failed at step {step}: {reason}. Nothing was changed; the backup is {backup}.',
    'zh-CN': '升级数据文件 {location} 时第 {step} 步失败：{reason}。数据未改动，备份在 {backup}。',
  },
  'store.migration-undone': {
    'en-US':
      'Upgrading the store {location} failed at step {step}: {reason}. The step was rolled back as a whole: tables and data are as they were before it.',
    'zh-CN':
      '升级数据库 {location} 时第 {step} 步失败：{reason}。该步骤已整体回滚，表和数据与升级这一步之前完全一致。',
  },
  'store.half-moved': {
    'en-US':
      'The store {location} holds part of a store that was being moved into it, and nothing may use it. Empty it (delete the file, or drop the schema) and move again; the store it came from was not changed.',
    'zh-CN':
      '数据存储 {location} 中只有迁移到一半的数据，不能使用。请先清空它（删除文件，或删除该模式），再重新迁移；原来的数据没有改动。',
  },
  'store.failed': {
    'en-US': 'The store {location} failed: {reason}.',
    'zh-CN': '数据文件 {location} 出错：{reason}。',
  },
  'store.postgres-driver-missing': {
    'en-US':
      'The PostgreSQL driver could not be loaded ({reason}). Run "npm install pg" in the Node-RED user directory and start Node-RED again.',
    'zh-CN':
      '无法加载 PostgreSQL 驱动（{reason}）。请在 Node-RED 用户目录运行“npm install pg”，然后重启 Node-RED。',
  },
  'store.address-invalid': {
    'en-US': 'The address of the PostgreSQL database cannot be read: {reason}.',
    'zh-CN': '无法识别 PostgreSQL 数据库的地址：{reason}。',
  },
  'store.unreachable': {
    'en-US':
      'The database {location} cannot be reached: {reason}. Nothing that was confirmed is lost; the hub tries again by itself. If this lasts, look whether the server runs and the network lets Node-RED through.',
    'zh-CN':
      '无法连接数据库 {location}：{reason}。已确认的数据不会丢失，系统会自动重试。如果持续如此，请检查数据库服务器是否在运行、网络是否允许 Node-RED 访问。',
  },
  'store.login-refused': {
    'en-US':
      'The database {location} refused the login: {reason}. Check the user name and the password of the store.',
    'zh-CN': '数据库 {location} 拒绝登录：{reason}。请检查数据存储中设置的用户名和密码。',
  },
  'store.certificate-refused': {
    'en-US':
      'The certificate of the database {location} is not to be trusted: {reason}. Nothing was sent. Check that it is the right server; have Node-RED know the authority that signed the certificate (NODE_EXTRA_CA_CERTS, or sslrootcert in the connection URL), and connect by the name that stands in it.',
    'zh-CN':
      '数据库 {location} 的证书不可信：{reason}。没有发送任何数据。请确认服务器无误，并让 Node-RED 信任签发该证书的机构（环境变量 NODE_EXTRA_CA_CERTS，或连接地址中的 sslrootcert），且使用证书中的主机名连接。',
  },
  'store.no-tls': {
    'en-US':
      'The database {location} does not speak TLS: {reason}. Switch TLS on at the server, or, inside a network of your own, switch it off in the store.',
    'zh-CN':
      '数据库 {location} 不支持 TLS 加密：{reason}。请在服务器上启用 TLS；如果在自己的内网中，也可以在数据存储中关闭 TLS。',
  },
  'store.database-missing': {
    'en-US':
      'There is no such database: {location} ({reason}). Create it on the server, or correct its name in the store.',
    'zh-CN': '数据库不存在：{location}（{reason}）。请在服务器上创建该数据库，或更正数据存储中的名称。',
  },
  'store.not-permitted': {
    'en-US':
      'The user of the store lacks a right on the database {location}: {reason}. Grant it the right to create tables and to read and write them in its schema.',
    'zh-CN':
      '数据存储所用的用户在数据库 {location} 上权限不足：{reason}。请授予该用户在其模式中建表和读写的权限。',
  },
  'store.standby': {
    'en-US':
      'The database {location} takes no writes at the moment: it is a standby or set to read-only. Connect to the primary server; after a failover the hub goes on by itself.',
    'zh-CN':
      '数据库 {location} 目前不接受写入：它是备用服务器或被设为只读。请连接主服务器；如果是主备切换，完成后系统会自动继续。',
  },
  'store.busy': {
    'en-US':
      'The database {location} was too busy to finish in time ({reason}). Nothing was changed; try again in a moment.',
    'zh-CN': '数据库 {location} 过于繁忙，未能及时完成（{reason}）。数据没有改动，请稍后重试。',
  },
  'store.copy-by-hand': {
    'en-US':
      'Order Hub does not copy the database {location} by itself. Make a copy where the PostgreSQL programs are installed: pg_dump --format=custom --schema={schema} --file=order-hub.dump, followed by the database. pg_restore brings it back.',
    'zh-CN':
      'Order Hub 无法自行备份数据库 {location}。请在装有 PostgreSQL 工具的机器上备份：pg_dump --format=custom --schema={schema} --file=order-hub.dump，后面加上数据库名。恢复时使用 pg_restore。',
  },
  'store.copy-failed': {
    'en-US': 'The copy {location} could not be made: {reason}.',
    'zh-CN': '无法生成备份 {location}：{reason}。',
  },
  'store.closed': {
    'en-US':
      'The store is closed: Node-RED is stopping or deploying. The message comes back when it is open again.',
    'zh-CN': '数据存储已关闭：Node-RED 正在停止或部署。重新打开后消息会再次处理。',
  },
  'store.not-open': {
    'en-US': 'The store is not open yet. {reason}',
    'zh-CN': '数据存储尚未打开。{reason}',
  },
});
