import { HubError } from '../../core/errors.ts';
import { maskedReason } from '../../core/insight/query/masking.ts';
import { defineMessages, sentence } from '../../core/message.ts';
import type { MapProblem, Mapping } from '../../core/order/mapping/types.ts';

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

/**
 * Why a record is parked, with all its problems: trying it again changes nothing until a person has. The reason is
 * kept, logged and shown to people who may not see customers, so it says what is wrong without quoting what a
 * customer's fields hold; the problems in the message keep the values.
 */
export function mappingFailure(
  mapping: Pick<Mapping, 'name' | 'version' | 'rules' | 'lines'>,
  problems: readonly MapProblem[],
): HubError {
  const told = problems
    .slice(0, mostTold)
    .map((problem) => inWords(problem, mapping))
    .join(' ');
  return new HubError('map.refused', {
    mapping: mapping.name,
    version: mapping.version,
    count: problems.length,
    problems: problems.length > mostTold ? `${told} …` : told,
  });
}

/** A problem with the field it is about, which not every sentence names. */
function inWords(problem: MapProblem, mapping: Pick<Mapping, 'rules' | 'lines'>): string {
  const { path, code, params } = problem;
  const words = sentence(code, maskedReason(params, [path, ...sourcesOf(problem, mapping)]));
  return path === '' || words.includes(path) ? words : `${path}: ${words}`;
}

/** The paths that the problem's rule reads, whatever kind its source is. */
function sourcesOf({ rule }: MapProblem, { rules, lines }: Pick<Mapping, 'rules' | 'lines'>): string[] {
  const source = rule && (rule.table === 'order' ? rules : lines.rules)[rule.index]?.source;
  return source === undefined ? [] : (JSON.stringify(source).match(/[A-Za-z_]\w*(?:\.\w+)*/g) ?? []);
}
