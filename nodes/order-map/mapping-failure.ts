import { HubError } from '../../core/errors.ts';
import { defineMessages } from '../../core/message.ts';
import type { MapProblem } from '../../core/order/mapping/types.ts';

export const mappingFailureMessages = defineMessages({
  'map.refused': {
    'en-US':
      'The record is no order by the mapping "{mapping}" (version {version}): {first} Problems in all: {count}. Mend the mapping or the record, then retry.',
    'zh-CN':
      '按映射“{mapping}”（第 {version} 版），该记录不能转换为订单：{first} 共 {count} 个问题。请修改映射或记录后重试。',
  },
});

/** Why a record is parked: trying it again changes nothing until a person has. */
export function mappingFailure(
  mapping: { name: string; version: number },
  problems: readonly MapProblem[],
): HubError {
  return new HubError('map.refused', {
    mapping: mapping.name,
    version: mapping.version,
    count: problems.length,
    first: problems[0]?.sentence ?? '–',
  });
}
