import { defineMessages } from '../message.ts';

export const deliveryMessages = defineMessages({
  'delivery.failed': {
    'en-US': 'The flow failed: {reason}.',
    'zh-CN': '流程处理出错：{reason}。',
  },
  'delivery.process-stopped': {
    'en-US':
      'Node-RED stopped while this message was being handled (attempt {attempt}). It is handed over again.',
    'zh-CN': '第 {attempt} 次处理这条消息时 Node-RED 停止了，消息会重新处理。',
  },
  'delivery.lapsed': {
    'en-US':
      'Whoever handled this message (attempt {attempt}) has not been heard of in time. It is handed over again.',
    'zh-CN': '第 {attempt} 次处理这条消息时，处理方超时没有回应，消息会重新处理。',
  },
  'delivery.never-finished': {
    'en-US':
      'This message has been begun {begun} times (limit {limit}), and the last time it was not finished: Node-RED stopped or hung. Look at what the flow does with it before retrying.',
    'zh-CN':
      '这条消息已开始处理 {begun} 次（上限 {limit} 次），最后一次因 Node-RED 停止或卡住而没有完成。请先检查流程对它做了什么，再重试。',
  },
  'delivery.message-missing': {
    'en-US':
      'The message of this delivery ({topic} {ref}) is no longer in the store; it may have been archived.',
    'zh-CN': '这条消息（{topic} {ref}）已不在数据文件中，可能已归档。',
  },
  'delivery.message-unreadable': {
    'en-US':
      'The message of this delivery ({topic} {ref}) cannot be read: {reason}. Retry it with a mended text.',
    'zh-CN': '无法读取这条消息（{topic} {ref}）：{reason}。请改好内容后再重试。',
  },
  'delivery.dead-ceiling': {
    'en-US':
      '{dead} messages have failed for good (limit {ceiling}), so no more are handed over. Mend the cause, then retry or dismiss the failed ones; it goes on by itself.',
    'zh-CN':
      '已有 {dead} 条失败消息（上限 {ceiling} 条），已暂停处理新消息。请先解决原因，再重试或忽略这些失败消息，之后会自动继续。',
  },
  'delivery.store-failing': {
    'en-US': 'The store cannot be used, so messages wait: {reason} It goes on by itself.',
    'zh-CN': '数据存储暂时不可用，消息在等待：{reason} 恢复后会自动继续。',
  },
  'delivery.stuck': {
    'en-US':
      '{backlog} messages wait and nothing has moved for {seconds} s; {inFlight} are being handled. A node in the flow may never finish.',
    'zh-CN':
      '有 {backlog} 条消息在等待，已 {seconds} 秒没有进展；{inFlight} 条正在处理。流程中可能有节点一直没有完成。',
  },
  'delivery.forgotten': {
    'en-US': '{by} removed the subscriber this message waited for, so it was closed without being handled.',
    'zh-CN': '{by} 移除了等待这条消息的订阅者，消息未经处理即已关闭。',
  },
  'delivery.unknown': {
    'en-US': 'There is no delivery {id}.',
    'zh-CN': '没有编号为 {id} 的消息。',
  },
  'delivery.not-dead': {
    'en-US': 'Delivery {id} has not failed for good (it is {state}), so there is nothing to retry.',
    'zh-CN': '消息 {id} 不是失败消息（当前状态 {state}），无需重试。',
  },
  'delivery.already-retried': {
    'en-US': 'Delivery {id} was retried by {by} already; the retry is delivery {retriedAs}.',
    'zh-CN': '消息 {id} 已由 {by} 重试过，重试后的消息编号为 {retriedAs}。',
  },
  'delivery.already-dismissed': {
    'en-US': 'Delivery {id} was dismissed by {by}: {reason}.',
    'zh-CN': '消息 {id} 已由 {by} 忽略，原因：{reason}。',
  },
  'delivery.payload-not-json': {
    'en-US': 'The edited message of delivery {id} is not valid JSON: {reason}.',
    'zh-CN': '消息 {id} 修改后的内容不是有效的 JSON：{reason}。',
  },
});
