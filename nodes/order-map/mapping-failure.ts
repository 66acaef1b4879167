import { HubError } from '../../core/errors.ts';
import { defineMessages } from '../../core/message.ts';
import type { MapProblem } from '../../core/order/mapping/types.ts';

export const mappingFailureMessages = defineMessages({
  'map.refused': {
    'en-US':
      'The record is no order by the mapping "{mapping}" (version {version}); problems: {count}. {problems} Mend the mapping or the record, then retry.',
    'zh-CN':
      '按映射“{mapping}”（第 {version} 版），该记录不能转换为订单，共 {count} 个问题：{problems} 请修改映射或记录后重试。',
  },
});

/** Problems that are told one by one; a record with more has something wrong with it as a whole. */
const mostTold = 20;

/** Why a record is parked, with all its problems: trying it again changes nothing until a person has. */
export function mappingFailure(
  mapping: { name: string; version: number },
  problems: readonly MapProblem[],
): HubError {
  const told = problems.slice(0, mostTold).map(inWords).join(' ');
  return new HubError('map.refused', {
    mapping: mapping.name,
    version: mapping.version,
    count: problems.length,
    problems: problems.length > mostTold ? `${told} …` : told,
  });
}

/** A problem with the field it is about, which not every sentence names. */
function inWords({ path, sentence }: MapProblem): string {
  return path === '' || sentence.includes(path) ? sentence : `${path}: ${sentence}`;
}
