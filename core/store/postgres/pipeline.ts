import type { Connection, FieldDef, PoolClient, Submittable } from 'pg';
import type { WireValue } from './wire-values.ts';

export interface Statement {
  text: string;
  values: readonly WireValue[];
  /** Name it is kept under once it is prepared; without one it is prepared each time. */
  name?: string | undefined;
  /** Whether its rows are wanted as objects; otherwise as lists of values. */
  objects?: boolean;
}

export interface Outcome<R> {
  rows: R[];
  /** First word of what the server says was done: `SELECT`, `INSERT`, `COMMIT`, … */
  command: string;
  /** Rows found or changed; null where the server does not say. */
  rowCount: number | null;
}

/**
 * The statements of one connection. What is asked for within a turn goes out in one piece and is answered in one
 * piece: for the server and this process each message of its own costs about as much as a small statement. One after
 * another they are run as one series: once one fails, those behind it are passed over and fail with its error.
 */
export class Pipeline {
  readonly #client: PoolClient;
  readonly #known: KnownStatements = { prepared: new Set(), shapes: new Map() };
  #asked: Asked[] = [];
  #sent: Series | undefined;

  constructor(client: PoolClient) {
    this.#client = client;
    client.connection.on('parseComplete', () => this.#sent?.parsed());
  }

  /** Whether this is the pipeline of a connection. */
  isOf(client: PoolClient): boolean {
    return this.#client === client;
  }

  ask<R>(statement: Statement): Promise<Outcome<R>> {
    return new Promise((resolve, reject) => {
      if (this.#asked.length === 0) process.nextTick(() => this.#send());
      const answered = resolve as (outcome: Outcome<unknown>) => void;
      this.#asked.push({ statement, resolve: answered, reject, rows: [], shape: undefined });
    });
  }

  #send(): void {
    const series = new Series(this.#asked, this.#known, (type) => this.#client.getTypeParser(type, 'text'));
    this.#asked = [];
    series.started = () => {
      this.#sent = series;
    };
    this.#client.query(series);
  }
}

type Parser = (text: string) => unknown;

/** Names and readers of a row's columns. */
interface RowShape {
  names: readonly string[];
  parsers: readonly Parser[];
}

/** Of a statement that answers none. */
const noRows: RowShape = { names: [], parsers: [] };

/** What a connection has told of statements under their names. */
interface KnownStatements {
  prepared: Set<string>;
  shapes: Map<string, RowShape>;
}

interface Asked {
  statement: Statement;
  resolve(outcome: Outcome<unknown>): void;
  reject(error: unknown): void;
  rows: unknown[];
  shape: RowShape | undefined;
}

/** Statements that are sent at once, as pg takes in queries that it did not make. */
class Series implements Submittable {
  /** Called when it is written to the connection. */
  started: () => void = () => {};
  /** Told when all is over; pg puts its own in place of it to watch how long that takes. */
  callback: (error?: unknown) => void = () => {};
  readonly #asked: readonly Asked[];
  readonly #known: KnownStatements;
  readonly #parserOf: (type: number) => Parser;
  /** Names of the statements that the server is to prepare, in their order. */
  readonly #parsing: (string | undefined)[] = [];
  /** Which of them is being answered. */
  #place = 0;

  constructor(asked: readonly Asked[], known: KnownStatements, parserOf: (type: number) => Parser) {
    this.#asked = asked;
    this.#known = known;
    this.#parserOf = parserOf;
  }

  submit(connection: Connection): void {
    this.started();
    const { prepared, shapes } = this.#known;
    const here = new Set<string>();
    connection.stream.cork();
    for (const asked of this.#asked) {
      const { text, values } = asked.statement;
      const name = asked.statement.name ?? '';
      const isNew = name === '' || !(prepared.has(name) || here.has(name));
      if (isNew) {
        here.add(name);
        this.#parsing.push(asked.statement.name);
        connection.parse({ name, text, types: [] }, true);
      }
      connection.bind({ statement: name, values: values as WireValue[] }, true);
      asked.shape = shapes.get(name);
      // What the rows of a prepared statement are like is asked for once.
      if (!asked.shape) connection.describe({ type: 'P' }, true);
      connection.execute(null, true);
    }
    connection.sync();
    connection.stream.uncork();
  }

  parsed(): void {
    const name = this.#parsing.shift();
    if (name !== undefined) this.#known.prepared.add(name);
  }

  handleRowDescription({ fields }: { fields: FieldDef[] }): void {
    const asked = this.#asked[this.#place]!;
    asked.shape = {
      names: fields.map((field) => field.name),
      parsers: fields.map((field) => this.#parserOf(field.dataTypeID)),
    };
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const asked = this.#asked[this.#place]!;
    const { names, parsers } = asked.shape ?? noRows;
    if (asked.statement.objects) {
      const row: Record<string, unknown> = {};
      for (let index = 0; index < fields.length; index += 1) {
        const text = fields[index]!;
        row[names[index]!] = text === null ? null : parsers[index]!(text);
      }
      asked.rows.push(row);
      return;
    }
    const row = new Array<unknown>(fields.length);
    for (let index = 0; index < fields.length; index += 1) {
      const text = fields[index]!;
      row[index] = text === null ? null : parsers[index]!(text);
    }
    asked.rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    const { rows, shape, statement, resolve } = this.#asked[this.#place]!;
    if (statement.name !== undefined) this.#known.shapes.set(statement.name, shape ?? noRows);
    this.#place += 1;
    const words = text.split(' ');
    const count = Number(words.at(-1));
    resolve({ rows, command: words[0]!, rowCount: Number.isNaN(count) ? null : count });
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: 'EMPTY' });
  }

  handleReadyForQuery(): void {
    this.callback();
  }

  /** The statement being answered failed, or the connection did. */
  handleError(error: unknown): void {
    for (const { reject } of this.#asked.slice(this.#place)) reject(error);
    this.#place = this.#asked.length;
    this.callback(error);
  }
}
