import { HubError } from '../../core/errors.ts';
import type { Asked } from '../../core/insight/query/parameters.ts';
import { type Language, nearestLanguage } from '../../core/message.ts';
import { type BaseConfig, defineNode, type HubMessage } from '../shared/define-node.ts';
import { readProperty } from '../shared/typed-property.ts';
import { type Answered, answerTo } from './answers.ts';
import './messages.ts';
import { type FieldValue, fieldsOf, isQuestion, type Question } from './questions.ts';

export interface HubQueryConfig extends BaseConfig {
  question: Question;
  /** What was filled in, by the field's name; absent for what was left empty. */
  fields: Record<string, FieldValue>;
}

export default defineNode<HubQueryConfig>({
  type: 'hub-query',
  version: 1,
  usesHub: true,
  check({ question }) {
    if (!isQuestion(question)) throw new HubError('query.unknown-question', { question: String(question) });
  },
  setup({ RED, node, config, hub, status }) {
    const { question, fields = {} } = config;
    const language: Language = nearestLanguage((RED.settings as { lang?: string }).lang);

    /** A path into a part of the message that is not there is a field left empty. */
    async function readField(name: string, field: FieldValue, message: HubMessage): Promise<unknown> {
      try {
        return await readProperty(RED, node, field, message, name);
      } catch (error) {
        if (field.type === 'msg' && HubError.is(error) && error.cause instanceof TypeError) return undefined;
        throw error;
      }
    }

    async function askedBy(message: HubMessage): Promise<Asked> {
      const asked: Record<string, unknown> = {};
      for (const { name, usual } of fieldsOf(question)) {
        const { value, type } = fields[name] ?? usual ?? { value: '', type: 'str' };
        if (value === '') continue;
        asked[name] = type === 'choice' ? value : await readField(name, { value, type }, message);
      }
      return asked;
    }

    return {
      async input(message, send) {
        const asked = await askedBy(message);
        let answered: Answered;
        try {
          answered = await answerTo(question, asked, { hub: await hub.ready(), language, personal: false });
        } catch (error) {
          if (!(HubError.is(error) && error.code.startsWith('query.'))) throw error;
          const { code, params } = error;
          message.query = { question, asked, refusal: { code, params, sentence: error.told(language) } };
          status.refused();
          send([null, message]);
          return;
        }
        const { payload, next } = answered;
        message.payload = payload;
        message.query = { question, asked, ...(next !== undefined && { next }) };
        status.ok(Array.isArray(payload) ? payload.length : undefined);
        send([message, null]);
      },
    };
  },
});
