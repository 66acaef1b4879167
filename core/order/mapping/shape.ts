import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { problemAt, shown } from '../refusal.ts';
import type { Mapping, MappingProblem } from './types.ts';

const text = { type: 'string' } as const;
const filled = { type: 'string', minLength: 1 } as const;
const flag = { type: 'boolean' } as const;
const textOrNothing = { type: ['string', 'null'] } as const;

/** One of several shapes, told apart by `kind`. */
function byKind(shapes: Record<string, { needs: object; may?: object }>): object {
  return {
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: Object.entries(shapes).map(([kind, { needs, may }]) => ({
      properties: { kind: { const: kind }, ...needs, ...may },
      required: Object.keys(needs),
      additionalProperties: false,
    })),
  };
}

const condition = {
  type: 'object',
  required: ['path', 'is'],
  additionalProperties: false,
  properties: {
    path: filled,
    is: { enum: ['present', 'absent', 'equals', 'not-equals', 'in', 'not-in'] },
    value: { anyOf: [text, { type: 'array', items: text }] },
  },
};
const conditions = { type: 'array', items: condition };

const matchCase = {
  type: 'object',
  required: ['when'],
  additionalProperties: false,
  properties: { when: conditions, value: text, path: filled, template: filled, sum: filled },
  minProperties: 2,
  maxProperties: 2,
};

const source = byKind({
  path: { needs: { value: filled } },
  jsonata: { needs: { value: filled } },
  constant: { needs: { value: { type: ['string', 'number', 'boolean'] } } },
  account: { needs: { value: { enum: ['channel', 'shop', 'currency', 'zone', 'scenario'] } } },
  template: { needs: { value: filled } },
  'first-match': {
    needs: { cases: { type: 'array', minItems: 1, items: matchCase } },
    may: { otherwise: textOrNothing },
  },
});

const row = {
  type: 'object',
  required: ['from', 'to'],
  additionalProperties: false,
  properties: { from: text, to: text },
};

const transform = byKind({
  text: { needs: {}, may: { after: filled } },
  integer: { needs: {} },
  money: {
    needs: { unit: { enum: ['major', 'minor'] } },
    may: { sign: { enum: ['keep', 'positive', 'leave-out'] }, excess: { enum: ['refuse', 'leave-out'] } },
  },
  time: { needs: { format: filled }, may: { zone: text, sentinels: flag } },
  lookup: { needs: { table: { type: 'array', items: row } }, may: { otherwise: textOrNothing } },
  weight: { needs: { unit: { enum: ['g', 'kg', 'lb', 'oz'] } } },
});

const rules = {
  type: 'array',
  items: {
    type: 'object',
    required: ['target', 'source', 'transform', 'required'],
    additionalProperties: false,
    properties: { target: filled, source, transform, required: flag, default: text },
  },
};

const mappingSchema = {
  type: 'object',
  required: ['name', 'version', 'rules', 'lines'],
  additionalProperties: false,
  properties: {
    name: filled,
    version: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
    platform: text,
    envelopes: { type: 'array', items: filled },
    guards: {
      type: 'array',
      items: {
        type: 'object',
        required: ['when', 'code'],
        additionalProperties: false,
        properties: {
          when: { ...conditions, minItems: 1 },
          code: { enum: ['map.not-an-order', 'map.order-deleted'] },
          id: filled,
        },
      },
    },
    rules,
    lines: {
      type: 'object',
      required: ['source', 'rules'],
      additionalProperties: false,
      properties: { source: filled, repeated: { enum: ['refuse', 'number'] }, rules },
    },
  },
};

let compiled: ReturnType<typeof compile> | undefined;

function compile() {
  // Types are told by the shapes themselves; `strictTypes` would ask for them to be repeated in each of oneOf.
  const ajv = new Ajv2020({
    allErrors: true,
    discriminator: true,
    strictTypes: false,
    allowUnionTypes: true,
    verbose: true,
  });
  return ajv.compile<Mapping>(mappingSchema);
}

/** Whether a value has the form of a mapping at all, whatever its rules say; what is wrong with it if not. */
export function shapeProblems(value: unknown): MappingProblem[] {
  compiled ??= compile();
  return compiled(value) ? [] : (compiled.errors ?? []).map(told);
}

function told(error: ErrorObject): MappingProblem {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .reduce(
      (before, step) => (/^\d+$/.test(step) ? `${before}[${step}]` : before ? `${before}.${step}` : step),
      '',
    );
  const said = error.params as {
    allowedValues?: unknown[];
    missingProperty?: string;
    additionalProperty?: string;
  };
  const detail =
    said.allowedValues?.join(', ') ?? said.missingProperty ?? said.additionalProperty ?? shown(error.data);
  return problemAt(path, 'mapping.shape', { reason: `${error.message ?? error.keyword} (${detail})` });
}
