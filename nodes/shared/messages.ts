import { defineMessages } from '../../core/message.ts';

export const nodeMessages = defineMessages({
  'hub.internal': {
    'en-US': 'Something went wrong inside the hub: {reason}. The Node-RED log has more.',
    'zh-CN': '系统内部出错：{reason}。详情见 Node-RED 日志。',
  },
  'node.config-missing': {
    'en-US': 'No {type} is chosen, or it was deleted or has an error. Open the dialog and choose one.',
    'zh-CN': '未选择 {type}，或所选的已被删除或配置有误。请打开节点设置重新选择。',
  },
  'node.bad-config': {
    'en-US': 'The node is not set up right: {reason}',
    'zh-CN': '节点设置有误：{reason}',
  },
  'node.close-failed': {
    'en-US': 'The node did not close cleanly: {reason}',
    'zh-CN': '节点未能正常关闭：{reason}',
  },
  'node.no-order': {
    'en-US':
      'The message carries no order: msg.order.key is missing. Put this node behind order-save or order-event, or set msg.order = {key: "channel/shop/id"}.',
    'zh-CN':
      '消息中没有订单：缺少 msg.order.key。请把本节点接在 order-save 或 order-event 之后，或自行设置 msg.order = {key: "渠道/店铺/订单号"}。',
  },
  'delivery.flow-failed': {
    'en-US':
      'The node {node} failed: {reason} (errors in all: {count}). Put it right; the message is tried again by itself or from the dead letters.',
    'zh-CN':
      '节点 {node} 出错：{reason}（共 {count} 个错误）。处理好之后，消息会自动重试，或在失败消息中重试。',
  },
  'delivery.deadline': {
    'en-US':
      'The flow was not over after {seconds} seconds. Still at work: {nodes}. Such a node never says that it is done: end the flow with order-done, or give it more time.',
    'zh-CN':
      '流程在 {seconds} 秒后仍未结束，还在运行的节点：{nodes}。这类节点不会报告完成：请在流程末尾使用 order-done，或延长时限。',
  },
  'node.bad-property': {
    'en-US': 'The field "{field}" cannot be read from the message: {reason}',
    'zh-CN': '无法从消息读取“{field}”：{reason}',
  },
  'source.bad-whole-number': {
    'en-US':
      '"{value}" is not a whole number from {least} to {most}. Enter one, or leave the field empty for {usual}.',
    'zh-CN': '“{value}”不是 {least} 到 {most} 之间的整数。请填写整数，或留空使用默认值 {usual}。',
  },
  'source.bad-rate': {
    'en-US':
      '"{value}" is not a rate: enter a number above 0, up to {most}, or leave the field empty for no limit.',
    'zh-CN': '“{value}”不是大于 0 且不超过 {most} 的数字。请填写这样的数字，或留空表示不限速。',
  },
  'source.bad-seconds': {
    'en-US':
      '"{value}" is not a number of seconds from {least} to {most}. Enter one, or leave the field empty for {usual}.',
    'zh-CN': '“{value}”不是 {least} 到 {most} 之间的秒数。请重新填写，或留空使用默认值 {usual}。',
  },
});
