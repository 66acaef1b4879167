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
  /** What goes out with the end of this turn. */
  #open: Series | undefined;
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
      const answered = resolve as (outcome: Outcome<unknown>) => void;
      const asked = { statement, resolve: answered, reject, rows: [], shape: undefined };
      if (this.#open) this.#open.add(asked);
      else this.#begin(asked);
    });
  }

  /** Lets the server begin with what was asked for, while the rest is still being made. */
  push(): void {
    this.#open?.push();
  }

  #begin(asked: Asked): void {
    const series = new Series(asked, this.#known, (type) => this.#client.getTypeParser(type, 'text'));
    this.#open = series;
    series.started = () => {
      this.#sent = series;
    };
    process.nextTick(() => {
      this.#open = undefined;
      series.end();
    });
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
  readonly #asked: Asked[];
  readonly #known: KnownStatements;
  readonly #parserOf: (type: number) => Parser;
  /** Names of the statements that the server is to prepare, in their order. */
  readonly #parsing: (string | undefined)[] = [];
  /** The same while they are not known to be prepared. */
  readonly #beingPrepared = new Set<string>();
  #connection: Connection | undefined;
  #ended = false;
  #failure: unknown;
  /** Which of them is being answered. */
  #place = 0;

  constructor(first: Asked, known: KnownStatements, parserOf: (type: number) => Parser) {
    this.#asked = [first];
    this.#known = known;
    this.#parserOf = parserOf;
  }

  /** Adds a statement to those that are on their way. */
  add(asked: Asked): void {
    if (this.#failure !== undefined) {
      asked.reject(this.#failure);
      return;
    }
    this.#asked.push(asked);
    if (this.#connection) this.#write(this.#connection, asked);
  }

  /** Sends what has been asked for so far. */
  push(): void {
    this.#connection?.stream.uncork();
    this.#connection?.stream.cork();
  }

  /** Nothing more comes: the server is to answer. */
  end(): void {
    this.#ended = true;
    if (this.#connection) this.#finish(this.#connection);
  }

  submit(connection: Connection): void {
    this.started();
    this.#connection = connection;
    connection.stream.cork();
    for (const asked of this.#asked) this.#write(connection, asked);
    if (this.#ended) this.#finish(connection);
  }

  #write(connection: Connection, asked: Asked): void {
    const { text, values } = asked.statement;
    const name = asked.statement.name ?? '';
    if (name === '' || !(this.#known.prepared.has(name) || this.#beingPrepared.has(name))) {
      if (name !== '') this.#beingPrepared.add(name);
      this.#parsing.push(asked.statement.name);
      connection.parse({ name, text, types: [] }, true);
    }
    connection.bind({ statement: name, values: values as WireValue[] }, true);
    asked.shape = this.#known.shapes.get(name);
    // What the rows of a prepared statement are like is asked for once.
    if (!asked.shape) connection.describe({ type: 'P' }, true);
    connection.execute(null, true);
  }

  #finish(connection: Connection): void {
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
    this.#failure = error;
    for (const { reject } of this.#asked.slice(this.#place)) reject(error);
    this.#place = this.#asked.length;
    this.callback(error);
  }
}
