import type { FlowNode } from '../../support/runtime-options.ts';

/** A node of a case: ids are local to the case, place and tab are filled in when it is deployed. */
export type CaseNode = Partial<FlowNode> & { id: string; type: string };

export interface FlowCase {
  name: string;
  /** All but the source, which has the id `source` and is wired to `first`. */
  nodes: CaseNode[];
  /** Id of the node the source is wired to; default `first`, null for none. */
  first?: string | null;
  payload?: unknown;
  /** How many messages the source sends at the same time, each a run of its own. Default 1. */
  triggers?: number;
  /** The source sends the message a second time after this many milliseconds. */
  sendAgainAfterMs?: number;
  /** A handler rejects: outside of the tests that ends Node-RED. */
  rejects?: boolean;
  /** Subflow templates and further tabs. */
  outside?: CaseNode[];
  expect: {
    state: 'settled' | 'deadline';
    /** A part of each error's text, in order. Default none. */
    errors?: string[];
    /** Local ids. Default none. */
    openNodes?: string[];
    legacyNodes?: string[];
    /** Whether work turned up again after all had seemed finished. Default false. */
    reopened?: boolean;
    /** How many messages were in the sinks by the time the last run was over. Default 1. */
    received?: number;
  };
}

const sink: CaseNode = { id: 'sink', type: 'fixture-sink', wires: [] };
const settled = { state: 'settled' } as const;
const untold = { state: 'settled', received: 0 } as const;

function func(code: string, wires: string[][] = [['sink']], more: Partial<CaseNode> = {}): CaseNode {
  return { id: 'first', type: 'function', func: code, outputs: wires.length, wires, libs: [], ...more };
}

function node(id: string, type: string, wires: string[], more: Partial<CaseNode> = {}): CaseNode {
  return { id, type, wires: [wires], ...more };
}

function first(type: string, more: Partial<CaseNode> = {}): CaseNode {
  return node('first', type, ['sink'], more);
}

/** A catch node for everything on its tab, wired to the sink. */
const catchAll: CaseNode = node('catch', 'catch', ['sink'], { scope: null, uncaught: false });

const delay = { type: 'delay', timeoutUnits: 'milliseconds', outputs: 1 };
const rate = { ...delay, pauseType: 'rate', rate: '50', nbRateUnits: '1', rateUnits: 'second' };
const split = {
  splt: '\\n',
  spltType: 'str',
  arraySplt: 1,
  arraySpltType: 'len',
  stream: false,
  addname: '',
};
const joinAuto = { mode: 'auto', build: 'array', joiner: '', joinerType: 'str', count: '', timeout: '' };
const joinTwo = { ...joinAuto, mode: 'custom', build: 'array', count: '2', property: 'payload' };
const request = { method: 'GET', ret: 'txt', senderr: true, persist: false, authType: '' };

/**
 * The cases of how flows treat messages, each with what the tracker must say of it.
 *
 * @param url of a server that answers after a moment
 * @param deadUrl where nobody listens
 */
export function flowCases(url: string, deadUrl: string): FlowCase[] {
  return [
    // --- nodes that say when they are done
    { name: 'function sends the same message', nodes: [func('return msg;'), sink], expect: settled },
    {
      name: 'function sends a new message',
      nodes: [func('return { payload: msg.payload };'), sink],
      expect: settled,
    },
    {
      name: 'function sends after an await',
      nodes: [func('await new Promise((next) => setTimeout(next, 20)); return msg;'), sink],
      expect: settled,
    },
    { name: 'function drops the message', nodes: [func('return null;'), sink], expect: untold },
    {
      name: 'delay',
      nodes: [first('delay', { ...delay, pauseType: 'delay', timeout: '100' }), sink],
      expect: settled,
    },
    {
      name: 'rate limit shared by three messages',
      triggers: 3,
      nodes: [first('delay', { ...rate, drop: false }), sink],
      expect: { state: 'settled', received: 3 },
    },
    {
      name: 'rate limit that drops two of three messages',
      triggers: 3,
      nodes: [first('delay', { ...rate, drop: true }), sink],
      expect: { state: 'settled', received: 1 },
    },
    { name: 'http request', nodes: [first('http request', { ...request, url }), sink], expect: settled },
    {
      name: 'loop of five rounds',
      payload: 0,
      nodes: [
        func('msg.payload++; return msg.payload < 5 ? [msg, null] : [null, msg];', [['back'], ['sink']]),
        node('back', 'change', ['first'], { rules: [] }),
        sink,
      ],
      expect: settled,
    },
    { name: 'junction', nodes: [first('junction'), sink], expect: settled },
    {
      name: 'fan-out to three branches',
      nodes: [
        func('return msg;', [['sink', 'a', 'b']]),
        node('a', 'junction', ['sink']),
        func('await 0; return msg;', [['sink']], { id: 'b' }),
        sink,
      ],
      expect: { state: 'settled', received: 3 },
    },
    {
      name: 'queue with a timer that sends the same message on',
      triggers: 3,
      nodes: [first('fixture-queue'), sink],
      expect: { state: 'settled', received: 3 },
    },
    // --- errors that a catch node takes
    {
      name: 'function throws, with a catch node',
      nodes: [func('throw new Error("thrown");'), catchAll, sink],
      expect: settled,
    },
    {
      name: 'done(error), with a catch node',
      nodes: [first('fixture-fails'), catchAll, sink],
      expect: settled,
    },
    {
      name: 'http request fails, with a catch node',
      nodes: [first('http request', { ...request, url: deadUrl }), catchAll, sink],
      expect: settled,
    },
    // --- new message ids
    {
      name: 'split into three messages',
      payload: ['a', 'b', 'c'],
      nodes: [first('split', split), sink],
      expect: { state: 'settled', received: 3 },
    },
    {
      name: 'split, work on each part, join',
      payload: ['a', 'b', 'c'],
      nodes: [
        node('first', 'split', ['work'], split),
        func('await new Promise((next) => setTimeout(next, 10)); return msg;', [['join']], { id: 'work' }),
        node('join', 'join', ['sink'], joinAuto),
        sink,
      ],
      expect: settled,
    },
    {
      name: 'node that sends a fresh object',
      nodes: [first('fixture-fresh-object'), sink],
      expect: settled,
    },
    // --- deliveries that do not go along a wire
    {
      name: 'switch with two matching rules',
      nodes: [
        {
          id: 'first',
          type: 'switch',
          property: 'payload',
          propertyType: 'msg',
          rules: [{ t: 'nnull' }, { t: 'else' }, { t: 'nempty' }],
          checkall: 'true',
          outputs: 3,
          wires: [['sink'], ['sink'], ['sink']],
        },
        sink,
      ],
      // a core node of the old kind
      expect: { state: 'settled', received: 2, legacyNodes: ['switch'] },
    },
    {
      name: 'subflow',
      nodes: [node('first', 'subflow:template', ['sink']), sink],
      outside: subflow('template', [
        func('await 0; return msg;', [['inside2']], { id: 'inside' }),
        node('inside2', 'junction', []),
      ]),
      expect: settled,
    },
    {
      name: 'link call',
      nodes: [
        first('link call', { links: ['entry'], linkType: 'static', timeout: '5' }),
        node('entry', 'link in', ['routine'], { links: [] }),
        func('await 0; return msg;', [['return']], { id: 'routine' }),
        { id: 'return', type: 'link out', mode: 'return', links: [], wires: [] },
        sink,
      ],
      expect: settled,
    },
    {
      name: 'complete node',
      nodes: [
        func('await 0; return null;', [[]]),
        node('complete', 'complete', ['sink'], { scope: ['first'], uncaught: false }),
        sink,
      ],
      expect: settled,
    },
    // --- nodes that say it otherwise
    { name: 'node that calls done twice', nodes: [first('fixture-double-done'), sink], expect: settled },
    {
      name: 'old node without done',
      nodes: [first('fixture-old'), sink],
      expect: { state: 'settled', legacyNodes: ['fixture-old'] },
    },
    // --- several messages at once
    {
      name: 'batch over two messages',
      triggers: 2,
      nodes: [first('batch', { mode: 'count', count: '2', overlap: '0' }), sink],
      expect: { state: 'settled', received: 2 },
    },
    {
      name: 'join over two messages',
      triggers: 2,
      nodes: [first('join', joinTwo), sink],
      expect: { state: 'settled', received: 1 },
    },
    {
      name: 'two http requests at the same time',
      triggers: 2,
      nodes: [first('http request', { ...request, url, persist: true }), sink],
      expect: { state: 'settled', received: 2 },
    },
    // --- finished too early by their own word, but within the quiet period
    {
      name: 'function that sends from a timer without node.done',
      nodes: [func('setTimeout(() => node.send(msg), 25);'), sink],
      expect: { state: 'settled', reopened: true },
    },
    {
      name: 'node that calls done and then sends',
      nodes: [first('fixture-done-then-send'), sink],
      expect: { state: 'settled', reopened: true },
    },
    {
      name: 'source that sends a second message',
      sendAgainAfterMs: 25,
      nodes: [sink],
      first: 'sink',
      expect: { state: 'settled', reopened: true, received: 2 },
    },
    {
      name: 'old node that sends later',
      nodes: [first('fixture-old-slow'), sink],
      expect: { state: 'settled', reopened: true, legacyNodes: ['fixture-old-slow'] },
    },
    {
      name: 'old node that works on unseen',
      nodes: [{ id: 'first', type: 'fixture-old-sink', wires: [] }],
      expect: { state: 'settled', legacyNodes: ['fixture-old-sink'] },
    },
    {
      name: 'queue with a timer that sends a fresh object',
      nodes: [first('fixture-anonymous-queue'), sink],
      expect: settled,
    },
    // --- never finished
    {
      name: 'node that forgets done',
      nodes: [first('fixture-forgets-done'), sink],
      expect: { state: 'deadline', openNodes: ['first'] },
    },
    {
      name: 'node that throws',
      nodes: [first('fixture-throws'), sink],
      expect: { state: 'deadline', openNodes: ['first'], errors: ['thrown'], received: 0 },
    },
    {
      name: 'async handler that rejects',
      rejects: true,
      nodes: [first('fixture-rejects'), sink],
      expect: { state: 'deadline', openNodes: ['first'], received: 0 },
    },
    {
      name: 'link call that times out',
      nodes: [
        first('link call', { links: ['entry'], linkType: 'static', timeout: '0.05' }),
        node('entry', 'link in', [], { links: [] }),
        sink,
      ],
      expect: { state: 'deadline', openNodes: ['first'], errors: ['timeout'], received: 0 },
    },
    {
      name: 'join that waits for a dropped part',
      payload: ['a', 'b', 'c'],
      nodes: [
        node('first', 'split', ['work'], split),
        func('return msg.payload === "b" ? null : msg;', [['join']], { id: 'work' }),
        node('join', 'join', ['sink'], joinAuto),
        sink,
      ],
      expect: { state: 'deadline', openNodes: ['join'], received: 0 },
    },
    {
      name: 'batch that holds a message',
      nodes: [first('batch', { mode: 'count', count: '2', overlap: '0', name: 'pairs' }), sink],
      expect: { state: 'deadline', openNodes: ['first'], received: 0 },
    },
    // --- nowhere to go
    {
      name: 'wire to a disabled node',
      nodes: [func('return msg;', [['off']]), node('off', 'junction', ['sink'], { d: true }), sink],
      expect: untold,
    },
    { name: 'unwired source', first: null, nodes: [sink], expect: untold },
    // --- errors that nobody takes
    {
      name: 'function throws, without a catch node',
      nodes: [func('throw new Error("thrown");'), sink],
      expect: { state: 'settled', errors: ['thrown'], received: 0 },
    },
    {
      name: 'done(error), without a catch node',
      nodes: [first('fixture-fails'), sink],
      expect: { state: 'settled', errors: ['failed'], received: 0 },
    },
    {
      name: 'http request fails, without a catch node',
      nodes: [first('http request', { ...request, url: deadUrl }), sink],
      expect: { state: 'settled', errors: ['ECONNREFUSED'], received: 0 },
    },
    {
      name: 'node that throws, with a catch node',
      nodes: [first('fixture-throws'), catchAll, sink],
      expect: { state: 'deadline', openNodes: ['first'] },
    },
    {
      name: 'node.error and done, without a catch node',
      nodes: [first('fixture-reports-error'), sink],
      expect: { state: 'settled', errors: ['reported'], received: 0 },
    },
    {
      name: 'node.error and done, with a catch node',
      nodes: [first('fixture-reports-error'), catchAll, sink],
      expect: settled,
    },
    {
      name: 'an error behind the catch node',
      nodes: [
        func('throw new Error("first error");'),
        node('catch', 'catch', ['second'], { scope: ['first'], uncaught: false }),
        func('throw new Error("second error");', [['sink']], { id: 'second' }),
        sink,
      ],
      expect: { state: 'settled', errors: ['second error'], received: 0 },
    },
    // --- further ways through a flow
    {
      name: 'link out to link in',
      nodes: [
        { id: 'first', type: 'link out', mode: 'link', links: ['entry'], wires: [['entry']] },
        node('entry', 'link in', ['sink'], { links: ['first'] }),
        sink,
      ],
      expect: settled,
    },
    {
      name: 'link call from a function',
      nodes: [
        func('return await node.linkcall("#entry", msg);'),
        node('entry', 'link in', ['routine'], { links: [] }),
        func('await new Promise((next) => setTimeout(next, 10)); return msg;', [['return']], {
          id: 'routine',
        }),
        { id: 'return', type: 'link out', mode: 'return', links: [], wires: [] },
        sink,
      ],
      expect: settled,
    },
    {
      name: 'status node',
      nodes: [
        { id: 'first', type: 'fixture-status', wires: [] },
        node('status', 'status', ['slow'], { scope: ['first'] }),
        func('await new Promise((next) => setTimeout(next, 80)); return msg;', [['sink']], { id: 'slow' }),
        sink,
      ],
      expect: settled,
    },
    {
      name: 'node with two input handlers',
      nodes: [first('fixture-two-handlers'), sink],
      expect: settled,
    },
    {
      name: 'chain of junctions that comes together again',
      nodes: [
        func('return msg;', [['a', 'b']]),
        node('a', 'junction', ['c']),
        node('b', 'junction', ['c']),
        node('c', 'junction', ['sink']),
        sink,
      ],
      expect: { state: 'settled', received: 2 },
    },
    {
      name: 'subflow in a subflow',
      nodes: [node('first', 'subflow:outer', ['sink']), sink],
      outside: [
        ...subflow('outer', [node('inside', 'subflow:inner', [])]),
        ...subflow('inner', [
          func('await new Promise((next) => setTimeout(next, 80)); return msg;', [[]], { id: 'core' }),
        ]),
      ],
      expect: settled,
    },
  ];
}

/** Cases about errors and subflows that go beyond the measured ones. */
export function furtherCases(): FlowCase[] {
  return [
    {
      name: 'a catch node on another tab does not take the error',
      nodes: [first('fixture-fails'), sink],
      outside: [
        { id: 'elsewhere', type: 'tab', label: 'elsewhere' },
        { ...catchAll, z: 'elsewhere', wires: [[]] },
      ],
      expect: { state: 'settled', errors: ['failed'], received: 0 },
    },
    {
      name: 'a catch node with another node in its scope does not take the error',
      nodes: [first('fixture-fails'), { ...catchAll, scope: ['sink'] }, sink],
      expect: { state: 'settled', errors: ['failed'], received: 0 },
    },
    {
      name: 'two catch nodes take one error',
      nodes: [first('fixture-fails'), catchAll, { ...catchAll, id: 'catch2' }, sink],
      expect: { state: 'settled', received: 2 },
    },
    {
      name: 'an error in a subflow is taken by a catch node around it',
      nodes: [node('first', 'subflow:failing', ['sink']), catchAll, sink],
      outside: subflow('failing', [node('inside', 'fixture-fails', [])]),
      expect: settled,
    },
    {
      name: 'an error in a subflow that nobody takes',
      nodes: [node('first', 'subflow:failing', ['sink']), sink],
      outside: subflow('failing', [node('inside', 'fixture-fails', [])]),
      expect: { state: 'settled', errors: ['failed'], received: 0 },
    },
    {
      name: 'an open node in a subflow is named by its id in the template',
      nodes: [node('first', 'subflow:hanging', ['sink']), sink],
      outside: subflow('hanging', [node('inside', 'fixture-forgets-done', [])]),
      expect: { state: 'deadline', openNodes: ['inside'], received: 1 },
    },
    {
      name: 'an error of a timer in a function',
      nodes: [func('setTimeout(() => { throw new Error("late"); }, 25);'), sink],
      expect: { state: 'settled', errors: ['late'], received: 0 },
    },
    {
      name: 'the same object sent twice',
      nodes: [first('fixture-send-twice'), sink],
      expect: { state: 'settled', received: 2 },
    },
    {
      name: 'a catch loop that gives up',
      nodes: [
        first('fixture-fails'),
        node('catch', 'catch', ['first'], { scope: ['first'], uncaught: false }),
        sink,
      ],
      expect: { state: 'settled', errors: ['failed'], received: 0 },
    },
    {
      name: 'an error in one branch while the other goes on',
      nodes: [
        func('return msg;', [['fails', 'slow']]),
        node('fails', 'fixture-fails', []),
        func('await new Promise((next) => setTimeout(next, 80)); return msg;', [['sink']], { id: 'slow' }),
        sink,
      ],
      expect: { state: 'settled', errors: ['failed'] },
    },
  ];
}

/** A subflow template whose input goes to its first node and whose output comes from its last. */
function subflow(id: string, inside: CaseNode[]): CaseNode[] {
  const entry = inside[0]?.id;
  const exit = inside.at(-1)?.id;
  return [
    {
      id,
      type: 'subflow',
      name: id,
      in: [{ x: 0, y: 0, wires: [{ id: entry }] }],
      out: [{ x: 0, y: 0, wires: [{ id: exit, port: 0 }] }],
      env: [],
    },
    ...inside.map((inner) => ({ ...inner, z: id })),
  ];
}
