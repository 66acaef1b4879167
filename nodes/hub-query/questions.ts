/** A typed input as it is saved; `choice` is one of the values the dialog offers. */
export interface FieldValue {
  value: string;
  type: string;
}

export interface QuestionField {
  name: string;
  /** What is read when the dialog leaves the field empty; without it an empty field does not restrict. */
  usual?: FieldValue;
  /** The values there are; others may still come from a message. */
  choices?: readonly string[];
}

const field = (name: string): QuestionField => ({ name });

/** Kept here and not taken from the schema, which would bring its validator into the editor. */
const orderStatus: QuestionField = {
  name: 'status',
  choices: ['created', 'deposit-paid', 'paid', 'part-shipped', 'shipped', 'completed', 'cancelled'],
};
const deliveryState: QuestionField = { name: 'state', choices: ['ready', 'leased', 'done', 'dead'] };
const pushed: QuestionField = { name: 'pushed', choices: ['never', 'behind'] };
const page = [field('limit'), field('after')];

/** What can be asked, and what each question takes. */
export const questions = {
  totals: [],
  health: [],
  orders: [field('channel'), field('shop'), field('id'), orderStatus, field('since'), ...page],
  order: [{ name: 'key', usual: { value: 'order.key', type: 'msg' } }],
  stock: [field('sku'), field('pool'), ...page],
  explain: [{ name: 'sku', usual: { value: 'payload.sku', type: 'msg' } }, field('pool'), field('limit')],
  shares: [field('channel'), field('shop'), field('listing'), field('sku'), pushed, ...page],
  deliveries: [deliveryState, field('subscriber'), field('key'), ...page],
  dead: [field('subscriber'), field('key'), field('code'), field('since'), ...page],
  alerts: [field('key'), ...page],
  acts: [field('actor'), field('act'), ...page],
} as const satisfies Record<string, readonly QuestionField[]>;

export type Question = keyof typeof questions;

export function isQuestion(text: string): text is Question {
  return Object.hasOwn(questions, text);
}

export function fieldsOf(question: Question): readonly QuestionField[] {
  return questions[question];
}
