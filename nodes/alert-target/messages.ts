import { defineMessages } from '../../core/message.ts';

export const alertTargetMessages = defineMessages({
  'alert-target.bad-kind': {
    'en-US': '"{kind}" is no way to send alerts that is known here. Choose one in the dialog.',
    'zh-CN': '未知的提醒方式“{kind}”，请在设置中重新选择。',
  },
  'alert-target.bad-rate': {
    'en-US': '"{value}" is not a number of alerts. Enter 1 to 6000 a minute, or leave the field empty.',
    'zh-CN': '“{value}”不是有效的条数。请填写每分钟 1 到 6000 条，或留空使用默认值。',
  },
  'alert-target.bad-attempts': {
    'en-US': '"{value}" is not a number of attempts. Enter 1 to 50, or leave the field empty.',
    'zh-CN': '“{value}”不是有效的次数。请填写 1 到 50，或留空使用默认值。',
  },
  'alert-target.not-sending': {
    'en-US': 'Alerts to "{name}" wait until its settings are put right: {reason}',
    'zh-CN': '发往“{name}”的提醒暂停发送，请先更正设置：{reason}',
  },
  'alert-target.failed': {
    'en-US': 'The alert to "{name}" was not sent: {reason}',
    'zh-CN': '发往“{name}”的提醒未发出：{reason}',
  },
  'alert-target.part-refused': {
    'en-US': 'The alert to "{name}" was sent, but not to {recipients} ({reason}).',
    'zh-CN': '发往“{name}”的提醒已发出，但 {recipients} 未收到（{reason}）。',
  },
  'alert-target.variable-wrong': {
    'en-US': 'The SMS variable "{variable}" will not come out as meant: {reason}',
    'zh-CN': '短信变量“{variable}”无法正确显示：{reason}',
  },
  'alert-target.test-title': {
    'en-US': 'Test from Order Hub',
    'zh-CN': '订单中枢测试提醒',
  },
  'alert-target.test-text': {
    'en-US': 'This is a test. Alerts about orders such as {order} will arrive here.',
    'zh-CN': '这是一条测试消息，订单（例如 {order}）的提醒将发送到这里。',
  },
  'alert-target.test-sent': {
    'en-US': 'Sent: the other side accepted the test message. Look whether it has arrived.',
    'zh-CN': '已发送，对方已接收测试消息。请查看是否收到。',
  },
  'alert-target.not-deployed': {
    'en-US': 'This target is not deployed, and the request brings no settings to test. Deploy it first.',
    'zh-CN': '该提醒目标尚未部署，请求中也没有可测试的设置。请先部署。',
  },
});
