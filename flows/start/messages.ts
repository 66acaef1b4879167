import { HubError, reasonOf } from '../../core/errors.ts';
import { defineMessages, languages, type MessageParams, sentence } from '../../core/message.ts';
import type { Place } from './place.ts';

export const startMessages = defineMessages({
  'start.node-too-old': {
    'en-US':
      'This is Node.js {found}; the hub needs {wanted}. Use "npm start", which runs the Node.js that "npm ci" installed, or install a newer one.',
    'zh-CN':
      '当前 Node.js 版本是 {found}，运行需要 {wanted}。请使用“npm start”（它会用“npm ci”安装的 Node.js），或安装更新的版本。',
  },
  'start.not-installed': {
    'en-US': '{what} is not installed. Run "npm ci" in this folder first.',
    'zh-CN': '尚未安装 {what}。请先在本文件夹中运行“npm ci”。',
  },
  'start.not-built': {
    'en-US':
      '{file} is missing, so the nodes are not built. Run "npm run build", or "npm start", which does it.',
    'zh-CN': '缺少 {file}，说明节点还没有构建。请运行“npm run build”，或直接用“npm start”（会自动构建）。',
  },
  'start.bad-port': {
    'en-US': 'PORT is "{value}". It has to be a whole number from 0 to 65535, such as 1880.',
    'zh-CN': 'PORT 的值是“{value}”。它应是 0 到 65535 之间的整数，例如 1880。',
  },
  'start.bad-shops': {
    'en-US':
      'ORDER_HUB_SHOPS is "{value}". Set it to "off" to let nothing happen in the simulated shops, or to "on".',
    'zh-CN': 'ORDER_HUB_SHOPS 的值是“{value}”。设为“off”可让模拟店铺停下，否则请设为“on”。',
  },
  'start.port-taken': {
    'en-US':
      'Port {port} on {host} is taken by another program, perhaps by a hub that runs already. Stop that one, or choose another port: PORT=1881 npm start',
    'zh-CN':
      '{host} 的端口 {port} 已被其他程序占用，也可能已有一个订单中枢在运行。请先停掉它，或换一个端口：PORT=1881 npm start',
  },
  'start.port-refused': {
    'en-US':
      'The system does not allow port {port} on {host} to be opened ({reason}). Choose a port above 1023: PORT=1881 npm start',
    'zh-CN': '系统不允许在 {host} 上打开端口 {port}（{reason}）。请换用大于 1023 的端口：PORT=1881 npm start',
  },
  'start.host-unknown': {
    'en-US':
      'HOST is "{host}", which is no address of this machine ({reason}). Use 127.0.0.1, or 0.0.0.0 for all.',
    'zh-CN': 'HOST 的值是“{host}”，不是本机的地址（{reason}）。请使用 127.0.0.1，或用 0.0.0.0 表示全部地址。',
  },
  'start.folder-refused': {
    'en-US':
      'The data folder {dir} cannot be made or written ({reason}). Give the folder of ORDER_HUB_DIR the right permissions, or choose another.',
    'zh-CN':
      '无法创建或写入数据文件夹 {dir}（{reason}）。请检查 ORDER_HUB_DIR 所指文件夹的权限，或换一个文件夹。',
  },
  'start.secrets-unreadable': {
    'en-US':
      '{file} cannot be understood ({reason}). It holds the key of the stored credentials: bring it back from your backup. If you delete it, a new one is made, and the secrets entered in the editor have to be entered again.',
    'zh-CN':
      '无法读取 {file}（{reason}）。其中有凭据的加密密钥：请从备份中恢复。如果删除它，会重新生成，但编辑器里填写过的密钥都要重新填写。',
  },
  'start.flows-stuck': {
    'en-US': 'The flows do not run: {reason}. Open the editor and mend them; nothing of the data is lost.',
    'zh-CN': '流程没有运行：{reason}。请打开编辑器修正；数据没有丢失。',
  },
  'start.stop-slow': {
    'en-US':
      'Stopping took more than {seconds} s and was cut off. What was in work is done at the next start.',
    'zh-CN': '停止超过 {seconds} 秒，已强制结束。尚未做完的处理会在下次启动时继续。',
  },
  'start.shops-stopped': {
    'en-US':
      'The simulated shops stopped, for {folder} cannot be written ({reason}). Make room, and start again; the hub itself goes on.',
    'zh-CN': '模拟店铺已停止：无法写入 {folder}（{reason}）。请腾出空间后重新启动；中枢本身仍在运行。',
  },
  'start.failed': {
    'en-US': 'The hub did not start: {reason}',
    'zh-CN': '启动失败：{reason}',
  },
  'start.running': {
    'en-US':
      'Order Hub is running. Four simulated channels sell from one stock, about one step a second; nothing real is contacted.',
    'zh-CN': '订单中枢已启动。四个模拟渠道共卖一份库存，大约每秒走一步；不会联系任何真实平台。',
  },
  'start.board': { 'en-US': 'Board', 'zh-CN': '看板' },
  'start.editor': { 'en-US': 'Editor', 'zh-CN': '编辑器' },
  'start.shops': { 'en-US': 'Shops', 'zh-CN': '店铺' },
  'start.api': { 'en-US': 'Hub API', 'zh-CN': '接口' },
  'start.data': { 'en-US': 'Data', 'zh-CN': '数据' },
  'start.stop-with': { 'en-US': 'Stop with Ctrl+C', 'zh-CN': '按 Ctrl+C 停止' },
  'start.open-to-all': {
    'en-US':
      'Caution: HOST is {host}, so whoever reaches this machine can open the editor and change everything. Set adminAuth in {file} first (README, "Permissions").',
    'zh-CN':
      '注意：HOST 是 {host}，能访问这台机器的人都可以打开编辑器并修改一切。请先在 {file} 中设置 adminAuth（见 README“权限”）。',
  },
});

export interface Addresses {
  board: string;
  editor: string;
  api: string;
  /** What buyers see in the simulated shops. */
  shops: string;
}

/** A sentence in both languages, for the terminal. */
export function textOf(code: string, params: MessageParams = {}): string {
  return languages.map((language) => sentence(code, params, language)).join('\n');
}

/** What went wrong, in both languages, and never a stack of calls. */
export function startFailure(error: unknown): string {
  if (HubError.is(error)) return languages.map((language) => error.told(language)).join('\n');
  return textOf('start.failed', { reason: reasonOf(error) });
}

/** What is shown once the hub runs. */
export function addressesText(addresses: Addresses, place: Place): string {
  const row = (code: string, value: string): string => {
    const label = languages.map((language) => sentence(code, {}, language)).join(' ');
    return `  ${label}${' '.repeat(Math.max(1, 16 - columns(label)))}${value}`;
  };
  const lines = [
    textOf('start.running'),
    '',
    row('start.board', addresses.board),
    row('start.editor', addresses.editor),
    row('start.api', addresses.api),
    row('start.shops', addresses.shops),
    row('start.data', place.dir),
    '',
    languages.map((language) => sentence('start.stop-with', {}, language)).join(' · '),
  ];
  if (!place.local)
    lines.push('', textOf('start.open-to-all', { host: place.host, file: place.settingsFile }));
  return lines.join('\n');
}

/** Columns of a text in a terminal, where a Chinese character takes two. */
function columns(text: string): number {
  return [...text].reduce((sum, character) => sum + (/\p{Script=Han}/u.test(character) ? 2 : 1), 0);
}
