import { defineMessages } from '../../core/message.ts';

export const hubStoreMessages = defineMessages({
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
