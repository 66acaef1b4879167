/** Nodes that behave as third-party nodes do, well and badly, to try the flow tracker on. */

/** How long the slow ones take, in milliseconds: less than the quiet period of the tests. */
const slowMs = 25;

/** Input handlers with `done` (three arguments), by node type. `this` is the node. */
const handlers = {
  'fixture-sink'(msg, _send, done) {
    this.received.push(msg);
    done();
  },
  'fixture-forgets-done'(msg, send) {
    send(msg);
  },
  'fixture-double-done'(msg, send, done) {
    send(msg);
    done();
    done();
  },
  'fixture-done-then-send'(msg, send, done) {
    done();
    setTimeout(() => send(msg), slowMs);
  },
  'fixture-fresh-object'(msg, send, done) {
    send({ payload: msg.payload });
    done();
  },
  'fixture-send-twice'(msg, send, done) {
    send(msg);
    send(msg);
    done();
  },
  'fixture-throws'() {
    throw new Error('thrown');
  },
  'fixture-fails'(_msg, _send, done) {
    setImmediate(() => done(new Error('failed')));
  },
  'fixture-reports-error'(msg, _send, done) {
    this.error(new Error('reported'), msg);
    done();
  },
  async 'fixture-rejects'(_msg, _send, _done) {
    throw new Error('rejected');
  },
  'fixture-status'(msg, _send, done) {
    this.status({ fill: 'green', shape: 'dot', text: String(msg.payload) });
    done();
  },
  /** Holds messages and sends the same objects on from its own timer. */
  'fixture-queue'(msg, send, done) {
    this.queue.push(() => {
      send(msg);
      done();
    });
  },
  /** The same, but answers at once and sends new objects: nothing tells whose they are. */
  'fixture-anonymous-queue'(msg, _send, done) {
    const { payload } = msg;
    this.queue.push(() => this.send({ payload }));
    done();
  },
};

/** Input handlers of the time before Node-RED 1.0: one argument, no way to say when they are done. */
const oldHandlers = {
  'fixture-old'(msg) {
    this.send(msg);
  },
  'fixture-old-slow'(msg) {
    setTimeout(() => this.send(msg), slowMs);
  },
  'fixture-old-sink'(msg) {
    setTimeout(() => this.received.push(msg), slowMs);
  },
};

module.exports = (RED) => {
  function register(type, attach) {
    RED.nodes.registerType(type, function construct(config) {
      RED.nodes.createNode(this, config);
      this.received = [];
      this.queue = [];
      attach(this);
    });
  }
  for (const [type, handle] of Object.entries(handlers)) {
    register(type, (node) => {
      // Node-RED looks at the number of parameters, so a bound handler must have three of its own.
      node.on('input', (msg, send, done) => handle.call(node, msg, send, done));
      if (!type.endsWith('queue')) return;
      const timer = setInterval(() => node.queue.shift()?.(), 15);
      node.on('close', () => clearInterval(timer));
    });
  }
  for (const [type, handle] of Object.entries(oldHandlers)) {
    register(type, (node) => node.on('input', (msg) => handle.call(node, msg)));
  }
  register('fixture-source', () => undefined);
  register('fixture-two-handlers', (node) => {
    node.on('input', (msg, send, done) => {
      send(msg);
      done();
    });
    node.on('input', (_msg, _send, done) => setTimeout(done, slowMs));
  });
};
