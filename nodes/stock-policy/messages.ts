import { defineMessages } from '../../core/message.ts';

export const stockPolicyMessages = defineMessages({
  'stock-policy.bad-rows': {
    'en-US':
      'The rows of the stock policy do not have the form the dialog gives them. Open the dialog, check the rows and press Done.',
    'zh-CN': '库存策略的行格式不对。请打开设置，检查各行后点“完成”。',
  },
  'stock-policy.bad-shops': {
    'en-US':
      'The closing times must be a list of {shop, zone, closes}. Open the dialog and enter them again.',
    'zh-CN': '打烊时间必须是 {shop, zone, closes} 列表。请打开设置重新填写。',
  },
  'stock-policy.bad-warehouses': {
    'en-US': 'The warehouses must be a list of {pool, regions}. Open the dialog and enter them again.',
    'zh-CN': '仓库必须是 {pool, regions} 列表。请打开设置重新填写。',
  },
});
