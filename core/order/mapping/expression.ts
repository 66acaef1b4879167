import { createContext, Script } from 'node:vm';
import jsonata from 'jsonata';
import { Refusal, shown } from '../refusal.ts';

/** How far an expression may go before it is stopped. */
export interface ExpressionLimits {
  /** Milliseconds for one evaluation, and for one match of a regular expression. */
  timeoutMs: number;
  /** Calls within calls. */
  depth: number;
  /** Members of a list made by it. */
  members: number;
  /** Characters of a text made by it. */
  characters: number;
}

export const defaultLimits: ExpressionLimits = {
  timeoutMs: 250,
  depth: 400,
  members: 10_000,
  characters: 2_000_000,
};

export interface Expression {
  /** Never rejects: what goes wrong is a Refusal. */
  evaluate(input: unknown, bindings: Record<string, unknown>): Promise<unknown>;
}

/**
 * Compiles a JSONata expression that cannot hang the process: time, depth and the length of lists are bounded by
 * jsonata itself; a regular expression is stopped by the engine when it backtracks for too long; `$pad` is held to
 * the text limit and `$eval` is taken away.
 * @returns the expression, or a Refusal with the place of the mistake
 */
export function compileExpression(
  text: string,
  limits: ExpressionLimits = defaultLimits,
): Expression | Refusal {
  let expression: jsonata.Expression;
  try {
    expression = jsonata(text, {
      timeout: limits.timeoutMs,
      stack: limits.depth,
      sequence: limits.members,
      RegexEngine: boundedRegExp(limits.timeoutMs),
    });
  } catch (error) {
    const { position, reason } = complaint(error);
    return new Refusal('mapping.jsonata', { position: position ?? text.length, reason });
  }
  bound(expression, limits);
  return {
    async evaluate(input, bindings) {
      try {
        const value: unknown = await expression.evaluate(input, bindings);
        return plain(value, limits);
      } catch (error) {
        return failure(error, limits);
      }
    },
  };
}

function bound(expression: jsonata.Expression, limits: ExpressionLimits): void {
  expression.registerFunction(
    'pad',
    (text: string | undefined, width: number, character?: string) => {
      if (text === undefined) return undefined;
      if (Math.abs(width) > limits.characters)
        throw new Refusal('map.jsonata-too-large', { limit: limits.characters });
      return width < 0 ? text.padStart(-width, character || ' ') : text.padEnd(width, character || ' ');
    },
    '<s-ns?:s>',
  );
  expression.registerFunction('eval', () => {
    throw new Refusal('map.jsonata-failed', { reason: '$eval' });
  });
}

/** The value as plain JSON; what only JSONata understands (functions, endless text) is refused. */
function plain(value: unknown, limits: ExpressionLimits): unknown {
  // jsonata's own kinds of function are objects with a mark.
  const marks = value as { _jsonata_function?: true; _jsonata_lambda?: true } | null | undefined;
  if (typeof value === 'function' || marks?._jsonata_function || marks?._jsonata_lambda) {
    return new Refusal('map.jsonata-function');
  }
  if (typeof value === 'string' && value.length > limits.characters) {
    return new Refusal('map.jsonata-too-large', { limit: limits.characters });
  }
  // A list made by an expression carries marks of jsonata's own; the copy does not.
  return Array.isArray(value) ? [...(value as unknown[])] : value;
}

function failure(error: unknown, limits: ExpressionLimits): Refusal {
  if (error instanceof Refusal) return error;
  const { code, reason } = complaint(error);
  if (code === 'D1012' || code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
    return new Refusal('map.jsonata-timeout', { limit: limits.timeoutMs });
  }
  if (code === 'D1011' || error instanceof RangeError)
    return new Refusal('map.jsonata-depth', { limit: limits.depth });
  if (code === 'D2015') return new Refusal('map.jsonata-too-large', { limit: limits.members });
  return new Refusal('map.jsonata-failed', { reason: shown(reason) });
}

/** jsonata throws plain objects; what is in one. */
function complaint(error: unknown): { code?: string; position?: number; reason: string } {
  const said = error as Partial<jsonata.JsonataError> | null | undefined;
  return { code: said?.code, position: said?.position, reason: said?.message || said?.code || String(error) };
}

/** A match runs as a script of its own, since only scripts can be stopped from outside. */
const sandbox: { exec?: () => RegExpExecArray | null } = createContext(Object.create(null));
const match = new Script('exec()');

function boundedRegExp(timeoutMs: number): RegExpConstructor {
  class BoundedRegExp extends RegExp {
    override exec(text: string): RegExpExecArray | null {
      sandbox.exec = () => super.exec(text);
      try {
        return match.runInContext(sandbox, { timeout: timeoutMs }) as RegExpExecArray | null;
      } finally {
        sandbox.exec = undefined;
      }
    }
  }
  return BoundedRegExp as unknown as RegExpConstructor;
}
