import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { currencyExponent } from './currencies.ts';
import { problemAt, shown, type ValidationProblem } from './refusal.ts';
import { type Order, orderSchema } from './schema.ts';
import { textFault } from './text.ts';

type Validate = ReturnType<typeof compile>;

// Compiled on first use: this module and the schema's import each other.
let compiled: Validate | undefined;

function compile() {
  const ajv = new Ajv2020({ allErrors: true, strict: true, verbose: true });
  ajv.addFormat('clean-text', { type: 'string', validate: (text: string) => textFault(text) === undefined });
  ajv.addFormat('utc-instant', { type: 'string', validate: isUtcInstant });
  ajv.addFormat('iso-4217', {
    type: 'string',
    validate: (code: string) => currencyExponent(code) !== undefined,
  });
  return ajv.compile<Order>(orderSchema);
}

/**
 * Everything that keeps a value from being a canonical order; empty when it is one. The value is not changed.
 */
export function validateOrder(value: unknown): ValidationProblem[] {
  compiled ??= compile();
  const problems = compiled(value) ? [] : (compiled.errors ?? []).map(told);
  return [...problems, ...repeatedLines(value)];
}

const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function isUtcInstant(text: string): boolean {
  if (!instantForm.test(text)) return false;
  const epochMs = Date.parse(text);
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString() === text;
}

function repeatedLines(value: unknown): ValidationProblem[] {
  const lines = (value as { lines?: unknown } | null | undefined)?.lines;
  if (!Array.isArray(lines) || lines.length < 2) return [];
  const firstAt = new Map<string, number>();
  const problems: ValidationProblem[] = [];
  for (const [index, line] of lines.entries()) {
    const id: unknown = (line as { lineId?: unknown } | null)?.lineId;
    if (typeof id !== 'string') continue;
    const first = firstAt.get(id);
    if (first === undefined) firstAt.set(id, index);
    else {
      const params = { value: shown(id), first: first + 1, line: index + 1 };
      problems.push(problemAt(`lines[${index}].lineId`, 'order.line-repeated', params));
    }
  }
  return problems;
}

/** One sentence for each keyword of the schema; what ajv says itself for any other. */
function told(error: ErrorObject): ValidationProblem {
  const path = readable(error.instancePath);
  const value = shown(error.data);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'required':
      return problemAt(joined(path, String(params.missingProperty)), 'order.required');
    case 'additionalProperties':
      return problemAt(joined(path, String(params.additionalProperty)), 'order.unknown-field');
    case 'type':
      return problemAt(path, `order.type-${String(params.type)}`, { value });
    case 'enum':
      return problemAt(path, 'order.enum', { value, allowed: (params.allowedValues as string[]).join(', ') });
    case 'pattern':
      return problemAt(path, 'order.slug', { value });
    case 'minLength':
      return problemAt(path, 'order.empty');
    case 'maxLength':
      return problemAt(path, 'order.too-long', {
        limit: Number(params.limit),
        length: [...String(error.data)].length,
      });
    case 'minimum':
      return problemAt(path, 'order.minimum', { value, limit: Number(params.limit) });
    case 'maximum':
      return problemAt(path, 'order.maximum', { value, limit: Number(params.limit) });
    case 'minItems':
      return problemAt(path, 'order.no-lines');
    case 'format':
      return badForm(path, String(params.format), String(error.data), value);
    default:
      return problemAt(path, 'order.invalid', { value, reason: error.message ?? error.keyword });
  }
}

function badForm(path: string, format: string, data: string, value: string): ValidationProblem {
  if (format === 'iso-4217') return problemAt(path, 'order.currency', { value });
  if (format === 'utc-instant') return problemAt(path, 'order.instant', { value });
  const fault = textFault(data);
  if (!fault) return problemAt(path, 'order.invalid', { value, reason: format });
  return problemAt(path, fault.code, fault.params);
}

/** `/lines/0/sku` (JSON Pointer) as people write it: `lines[0].sku`. */
function readable(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce(joined, '');
}

function joined(path: string, step: string): string {
  if (/^\d+$/.test(step)) return `${path}[${step}]`;
  return path === '' ? step : `${path}.${step}`;
}
