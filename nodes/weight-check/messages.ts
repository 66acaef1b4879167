import { defineMessages } from '../../core/message.ts';

export const weightCheckMessages = defineMessages({
  'weight-check.bad-percent': {
    'en-US': '"{value}" is not a percentage. Enter 0 to 100 with at most two decimals, such as 10 or 2.5.',
    'zh-CN': '“{value}”不是百分比。请填写 0 到 100，最多两位小数，例如 10 或 2.5。',
  },
  'weight-check.bad-grams': {
    'en-US': '"{value}" is not a weight. Enter whole grams, 0 or more, or leave the field empty.',
    'zh-CN': '“{value}”不是重量。请填写 0 以上的整数克，或留空。',
  },
  'weight-check.floor-above-ceiling': {
    'en-US':
      'The band cannot be at least {floor} g and at most {ceiling} g wide. Make the first one smaller.',
    'zh-CN': '允许误差不可能既不少于 {floor} 克，又不超过 {ceiling} 克。请调小前一个数值。',
  },
});
